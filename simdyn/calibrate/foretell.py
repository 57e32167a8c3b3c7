"""What a report would say if the model were right: draws of a figure with all that clouds it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.likelihoods import STUDENT_DEGREES_OF_FREEDOM
from simdyn.regions import Discrepancy, Likelihood, Observation, Operator, discrepancy_sd

POINTS = frozenset({Operator.GROWTH, Operator.AVERAGE_GROWTH, Operator.SHARE})
"""Operators whose answer is in percent, so that noise adds in percentage points."""


def foretell(
    observation: Observation,
    answers: Array,
    table: Sequence[Discrepancy],
    rng: np.random.Generator,
) -> Array:
    """Return draws of a figure: the model's answers, noise of single years, error of the report.

    Parameters
    ----------
    answers : of the model for each draw of the parameters, (draw,), in the unit of the reading
    table : what single years differ from the model's path

    Returns
    -------
    draws : (draw,), in the unit of the reading
    """
    sd = discrepancy_sd(observation, table)
    noise = sd * rng.standard_normal(len(answers))
    noisy = answers + noise if observation.operator in POINTS else answers * (1 + noise / 100)
    return np.asarray(noisy - error_of_report(observation, len(answers), rng))


def error_of_report(observation: Observation, n_draw: int, rng: np.random.Generator) -> Array:
    """Return draws of modelled less reported under the error that the fit assumes, (draw,).

    A one-sided bound is a split normal: each side has the weight of its width, so that the density
    is that of the residuals.
    """
    if observation.likelihood is Likelihood.STUDENT:
        return observation.sd * rng.standard_t(STUDENT_DEGREES_OF_FREEDOM, n_draw)
    above = observation.sd if observation.sd_above is None else observation.sd_above
    is_above = rng.random(n_draw) < above / (above + observation.sd)
    return np.abs(rng.standard_normal(n_draw)) * np.where(is_above, above, -observation.sd)
