"""What is foretold ahead of its time, and the problems with what was known before.

The figures of 2020 are foretold from those that end by 2019. Qiqihar's figures of 2021 are foretold
from those that end by 2020, where an average that runs to 2021 is restated as the average to 2020.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.linear import Figure, figures_of
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.refit import hold, keep
from simdyn.regions import Observation, Operator

SHOCK_YEAR = 2020
SHOCKS = (
    "industry pandemic loss",
    "services pandemic loss",
    "investment push in 2020",
    "tax relief in 2020",
)
"""Parameters that the model has for the events of 2020 alone; without them they are nil."""
LATE_REGION, LATE_YEAR = "qiqihar", 2021
"""The one region with figures after 2020, and their year."""


class Trial(StrEnum):
    """What was left out of the fit."""

    ONE = "each figure from all others"
    SHOCK = "2020 from figures to 2019"
    LATE = "Qiqihar 2021 from figures to 2020"


@dataclass(frozen=True)
class Ahead:
    """Figures to be foretold, and the problems with what was known before."""

    trial: Trial
    figures: tuple[Figure, ...]
    known: Mapping[str, Problem]


def ahead_of(problems: Mapping[str, Problem]) -> list[Ahead]:
    """Return all that is foretold ahead of its time."""
    before = {key: known_until(problem, SHOCK_YEAR - 1) for key, problem in problems.items()}
    found = [Ahead(Trial.SHOCK, _single_year(problems, SHOCK_YEAR), before)]
    if LATE_REGION in problems:
        last = LATE_YEAR - 1
        late = {key: known_until(restated(p, last), last) for key, p in problems.items()}
        figures = _single_year({LATE_REGION: problems[LATE_REGION]}, LATE_YEAR)
        found.append(Ahead(Trial.LATE, figures, late))
    return [each for each in found if each.figures]


def without_shock(problem: Problem, z: Array) -> tuple[Problem, Array]:
    """Return the problem without the terms for 2020, and z (parameter, draw) of what is left.

    Figures before 2020 say nothing of these terms, so draws that rest on such figures alone are
    right without them too.
    """
    kept = [n for n, prior in enumerate(problem.region.priors) if prior.parameter not in SHOCKS]
    return hold(problem, dict.fromkeys(SHOCKS, 0.0)), z[kept]


def known_until(problem: Problem, year: int) -> Problem:
    """Return the problem with the figures that end by a year; its parameters stay."""
    observations = problem.region.observations
    return keep(problem, [n for n, each in enumerate(observations) if each.end <= year])


def restated(problem: Problem, year: int) -> Problem:
    """Return the problem with averages that run beyond a year restated as averages to that year.

    The growth of the years beyond is divided out, where it is reported on the same terms: of mean
    growth g over n years and g_1 ... g_m in its last m, (1 + g)^n / (1 + g_1) ... (1 + g_m) is what
    the first n - m years grew by in all. It is what a report at the time would have said; nothing
    of the last years is left in it but rounding. Its error follows from those of the figures, taken
    as independent; as both hold the noise of the last years, it is a little too wide. An average
    that cannot be restated stays.
    """
    observations, reported = list(problem.region.observations), problem.reported.copy()
    for n, each in enumerate(problem.region.observations):
        if each.operator is not Operator.AVERAGE_GROWTH or not each.start <= year < each.end:
            continue
        late = [_growth_in(problem, each, late_year) for late_year in range(year + 1, each.end + 1)]
        if None not in late:
            places = [place for place in late if place is not None]
            observations[n], reported[n] = _restated(problem, n, places, year)
    region = replace(problem.region, observations=tuple(observations))
    return replace(problem, region=region, reported=reported)


def _growth_in(problem: Problem, average: Observation, year: int) -> int | None:
    """Return the place of the growth of a year on the terms of an average."""
    terms = (Operator.GROWTH, average.variable, average.measurement_parameters, year)
    for n, each in enumerate(problem.region.observations):
        if (each.operator, each.variable, each.measurement_parameters, each.end) == terms:
            return n
    return None


def _restated(
    problem: Problem, place: int, late: Sequence[int], year: int
) -> tuple[Observation, float]:
    """Return an average without its last years and what it would have read."""
    average = problem.region.observations[place]
    n_all, n_kept = average.end - average.start + 1, year - average.start + 1
    total = (1 + problem.reported[place] / 100) ** n_all
    total /= np.prod([1 + problem.reported[n] / 100 for n in late])
    value = 100 * (total ** (1 / n_kept) - 1)
    # Of small rates the average is (n g - g_1 - ... - g_m) / (n - m).
    others = sum(problem.region.observations[n].sd ** 2 for n in late)
    sd = float(np.sqrt((n_all * average.sd) ** 2 + others) / n_kept)
    changes = {
        "label": f"{average.label}, restated to {year}",
        "end": year,
        "reading": value,
        "sd": sd,
        "departs": f"Average to {average.end} without growth after {year}.",
    }
    return average.model_copy(update=changes), value


def _single_year(problems: Mapping[str, Problem], year: int) -> tuple[Figure, ...]:
    """Return the figures of a single year: growth in it, levels and shares of it."""
    single = (Operator.GROWTH, Operator.LEVEL, Operator.SHARE)
    return tuple(
        figure
        for problem in problems.values()
        for figure in figures_of(problem)
        if figure.observation.end == year and figure.observation.operator in single
    )
