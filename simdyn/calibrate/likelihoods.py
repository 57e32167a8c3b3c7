"""Errors of reported figures as residuals whose squares add up to the deviance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from simdyn.arrays import Array
from simdyn.regions import Likelihood, Observation

STUDENT_DEGREES_OF_FREEDOM = 4
"""Heavy enough that a conflict of five standard deviations does not move the fit."""


def z_score(observation: Observation, reported: float, modelled: Array) -> Array:
    """Return (modelled - reported) in standard deviations of its side, any shape."""
    difference = modelled - reported
    above = observation.sd if observation.sd_above is None else observation.sd_above
    return difference / np.where(difference > 0, above, observation.sd)


def residual(observation: Observation, reported: float, modelled: Array) -> Array:
    """Return the residual r with r^2 = -2 log(likelihood) up to a constant, any shape."""
    return _RESIDUALS[observation.likelihood](z_score(observation, reported, modelled))


def _student(z: Array) -> Array:
    # Student-t: -2 log p = (nu + 1) log(1 + z^2 / nu), whose signed root is smooth at zero.
    nu = STUDENT_DEGREES_OF_FREEDOM
    return np.sign(z) * np.sqrt((nu + 1) * np.log1p(z**2 / nu))


def _normal(z: Array) -> Array:
    return z


_RESIDUALS: Mapping[Likelihood, Callable[[Array], Array]] = {
    Likelihood.GAUSSIAN: _normal,
    Likelihood.SPLIT: _normal,
    Likelihood.STUDENT: _student,
}
