"""What is varied in a region, and how a point of the design sets it in the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from simdyn.arrays import Array
from simdyn.calibrate.priors import coordinate, parameter
from simdyn.calibrate.problem import Problem as Calibration
from simdyn.ensemble import Parameters
from simdyn.regions import Prior
from simdyn.scenarios import Course, constant_of
from simdyn.scenarios.levers import policy_of
from simdyn.scenarios.records import LeverEntry

Setter = Callable[[Array], Parameters]
"""Turns columns of a design (row, factor), on [0, 1], into parameters of the model."""


SMALLEST = 2.0**-64
"""Probability that stands for one that rounding has made nought."""


TABLE_REACH, TABLE_SIZE = 9.0, 18_001
"""Half the width of a table of a normal distribution, in standard deviations, and its points."""


class Kind(StrEnum):
    """Who or what decides on an input."""

    UNCERTAINTY = "uncertainty"
    POLICY = "policy lever"
    OUTSIDE = "outside condition"


@dataclass(frozen=True)
class Input:
    """What indices are told for; a lever has the name of its constant, as a parameter may have its.

    unit : of its values
    low, high : values at the ends of what it is varied over, nan where they differ by region;
        of a distribution its 10 and 90 percent points
    """

    name: str
    kind: Kind
    unit: str = ""
    low: float = np.nan
    high: float = np.nan


@dataclass(frozen=True)
class Turn:
    """What some columns of a design set.

    columns : their positions
    """

    columns: tuple[int, ...]
    setter: Setter

    def __call__(self, rows: Array) -> Parameters:
        """Return the parameters for rows (row, factor) of the design."""
        return self.setter(rows[:, self.columns])


def over_prior(prior: Prior) -> Setter:
    """Return what draws a parameter from its prior.

    One column decides all; of two, the first is what regions share and the second their own (see
    `simdyn.calibrate.posterior`).
    """
    return partial(_from_prior, prior)


def over_shares(first: Prior, second: Prior) -> Setter:
    """Return what draws two shares of a whole from their priors, given that they leave something.

    Two columns. The first share has its prior times the chance that the second fits in beside it,
    whose inverse is read off a table; the second its prior up to what is left. Source: Rosenblatt
    (1952), Annals of Mathematical Statistics 23, 470-472.

    """
    z = np.linspace(-TABLE_REACH, TABLE_REACH, TABLE_SIZE)
    weight = np.exp(-(z**2) / 2) * _room(second, parameter(first, z))
    chance = np.concatenate([[0.0], np.cumsum(weight[1:] + weight[:-1])])
    chance /= chance[-1]

    def pick(columns: Array) -> Parameters:
        one = parameter(first, np.interp(columns[:, 0], chance, z))
        fitting = np.maximum(columns[:, 1] * _room(second, one), SMALLEST)
        return {first.parameter: one, second.parameter: parameter(second, ndtri(fitting))}

    return pick


def _room(prior: Prior, taken: Array) -> Array:
    """Return the chance that a share fits in beside others that have taken so much."""
    return np.asarray(ndtr(coordinate(prior, 1 - taken)))


def over_range(prior: Prior, low: float, high: float) -> Setter:
    """Return what takes a parameter from z `low` to z `high`, in prior standard deviations."""
    return lambda columns: {prior.parameter: parameter(prior, low + (high - low) * columns[:, 0])}


def over_draws(problem: Calibration, draws: Array) -> Setter:
    """Return what picks a draw (parameter, draw) of the posterior, all its parameters together."""
    n_draw = draws.shape[1]

    def pick(columns: Array) -> Parameters:
        places = np.minimum((columns[:, 0] * n_draw).astype(np.int64), n_draw - 1)
        return problem.model_parameters(draws[:, places])

    return pick


def over_limits(lever: str, low: float, high: float) -> Setter:
    """Return what turns a lever from strength `low` to `high` on the model's own ramp."""
    return lambda columns: {constant_of(lever): low + (high - low) * columns[:, 0]}


def over_strength(lever: str, entry: LeverEntry) -> Setter:
    """Return what turns a lever from nothing to all that a scenario does with it."""
    course, value = entry.course, entry.value
    if course is None:
        return lambda columns: {constant_of(lever): np.float64(value or 0.0) * columns[:, 0]}
    return lambda columns: {policy_of(lever): _scaled(course, columns[:, 0])}


def course_of(course: Course, n_member: int) -> pd.DataFrame:
    """Return a course that all members follow, (time, member)."""
    return _scaled(course, np.ones(n_member))


def _scaled(course: Course, strength: Array) -> pd.DataFrame:
    return pd.DataFrame(np.outer(course.values, strength), index=list(course.times))


def _from_prior(prior: Prior, columns: Array) -> Mapping[str, Array]:
    z = ndtri(np.maximum(columns, SMALLEST))
    if z.shape[1] == 1:
        return {prior.parameter: parameter(prior, z[:, 0])}
    # No product of matrices: its last bits would depend on how many rows there are.
    common, own = np.sqrt(prior.pooling) * z[:, 0], np.sqrt(1 - prior.pooling) * z[:, 1]
    return {prior.parameter: parameter(prior, common + own)}
