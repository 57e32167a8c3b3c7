"""Errors of reported figures as residuals whose squares add up to the deviance."""

from __future__ import annotations

from collections.abc import Sequence

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


def report(observations: Sequence[Observation], modelled: Array, rng: np.random.Generator) -> Array:
    """Return figures (..., figure) that might be reported where `modelled` is the truth.

    Each is drawn from the density of its own likelihood, read as a function of the reported figure.
    For a split error that is a two-piece normal about the modelled value with the sides exchanged:
    a figure reported too low leaves the model above it, so `sd_above` is its spread below the
    modelled value and `sd` the one above. A side has the probability of its share in sd + sd_above;
    no density's normalisation depends on the modelled value. Source: Wallis (2014), Statistical
    Science 29(1), 106-112.
    """
    high = np.array([o.sd for o in observations])
    low = np.array([o.sd if o.sd_above is None else o.sd_above for o in observations])
    student = np.array([o.likelihood is Likelihood.STUDENT for o in observations])
    shape = modelled.shape
    sizes = np.where(
        student,
        rng.standard_t(STUDENT_DEGREES_OF_FREEDOM, shape),
        rng.standard_normal(shape),
    )
    is_high = rng.random(shape) * (low + high) < high
    return modelled + np.abs(sizes) * np.where(is_high, high, -low)


class Errors:
    """The errors of some figures: residuals r with r^2 = -2 log(likelihood) up to a constant.

    Parameters
    ----------
    reported : the readings, (figure,)
    """

    def __init__(self, observations: Sequence[Observation], reported: Array) -> None:
        self._reported = reported
        self._below = np.array([o.sd for o in observations])
        self._above = np.array([o.sd if o.sd_above is None else o.sd_above for o in observations])
        self._student = np.array([o.likelihood is Likelihood.STUDENT for o in observations])

    def __call__(self, modelled: Array) -> tuple[Array, Array]:
        """Return the residuals of what a model answers, (figure,), and their derivatives by it."""
        difference = modelled - self._reported
        sd = np.where(difference > 0, self._above, self._below)
        z = difference / sd
        residual, slope = np.where(self._student, _student(z), (z, np.ones_like(z)))
        return residual, slope / sd


def _student(z: Array) -> Array:
    """Return the residual of a Student-t error and its derivative by z, (2, figure).

    -2 log p = (nu + 1) log(1 + z^2 / nu); its signed root is smooth at zero, where the derivative
    is the limit of the ratio below.
    """
    nu = STUDENT_DEGREES_OF_FREEDOM
    root = np.sqrt((nu + 1) * np.log1p(z**2 / nu))
    near = root < 1e-8
    slope = (nu + 1) * np.abs(z) / (nu + z**2) / np.where(near, 1.0, root)
    return np.array([np.sign(z) * root, np.where(near, np.sqrt((nu + 1) / nu), slope)])
