"""What leaving figures out has shown: forecasts of the model beside those of naive rivals.

Three trials. Each figure foretold by all others (see `simdyn.calibrate.leaving_out`). The figures
of 2020 foretold from those that end by 2019, with the model's terms for the shock of 2020 and
without them. Qiqihar's figures of 2021 foretold from those that end by 2020 (see
`simdyn.calibrate.ahead`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from simdyn.calibrate.ahead import LATE_YEAR, Trial, restated
from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.conflicts import fight_table, loo_table
from simdyn.calibrate.foretell import MODEL, Begin, Foretold, foretell
from simdyn.calibrate.linear import Figure, figures_of
from simdyn.calibrate.predictive import Normal
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.rivals import Average, Spreads, rivals
from simdyn.facts.collection import Facts
from simdyn.regions import Observation


@dataclass(frozen=True)
class Naive:
    """What a naive rival expected of a figure, and on which figures it rests."""

    trial: Trial
    method: str
    figure: Figure
    predictive: Normal
    rests_on: str


@dataclass(frozen=True)
class Backtests:
    """All that leaving figures out has shown.

    calibration : to all figures
    model : what it foretold
    rivals : what they say of the figures that the model foretold ahead of their time
    """

    calibration: Calibration
    model: Foretold
    rivals: tuple[Naive, ...]

    @property
    def refused(self) -> tuple[Figure, ...]:
        """The figures that a short backtest could not leave out."""
        told = {(each.figure.region, each.figure.place) for each in self.model.left_out}
        figures = figures_in(self.calibration)
        return tuple(each for each in figures if (each.region, each.place) not in told)

    def loo_table(self, facts: Facts) -> pd.DataFrame:
        """Return each figure beside what all others foretell, as of `conflicts.loo_table`."""
        return loo_table(self.model.left_out, facts)

    @property
    def fights(self) -> pd.DataFrame:
        """The pairs of figures that fight, as of `conflicts.fight_table`."""
        return fight_table(self.calibration)


def figures_in(calibration: Calibration) -> tuple[Figure, ...]:
    """Return the figures that a calibration is to, regions in their order."""
    problems = calibration.posterior.problems.values()
    return tuple(figure for problem in problems for figure in figures_of(problem))


def backtests(
    calibration: Calibration,
    seed: int,
    facts: Facts,
    begin: Begin = lambda _: lambda _: None,
    *,
    thorough: bool = True,
) -> Backtests:
    """Run every backtest of a calibration; the same seed gives the same bits.

    Parameters
    ----------
    calibration : to all figures, of which there is one at least
    thorough : whether to fit and sample all regions anew for each trial, and without each figure
        that no weights can leave out
    """
    return beside_rivals(calibration, foretell(calibration, seed, begin, thorough=thorough), facts)


def beside_rivals(calibration: Calibration, foretold: Foretold, facts: Facts) -> Backtests:
    """Set what the model foretold beside what naive rivals say of the same figures."""
    return Backtests(calibration, foretold, tuple(_rivals(calibration, foretold, facts)))


def _rivals(calibration: Calibration, foretold: Foretold, facts: Facts) -> Iterator[Naive]:
    spreads = Spreads.of(facts)
    averages = tuple(
        Average(key, facts[each.fact_ids[0]].quantity, each.end, each.end - each.start + 1, value)
        for key, problem in calibration.posterior.problems.items()
        for each, value in _new(problem, restated(problem, LATE_YEAR - 1))
    )
    for forecast in foretold.ahead:
        if forecast.method == MODEL:
            for rival in rivals(forecast.figure, facts, spreads, averages):
                yield Naive(
                    forecast.trial, rival.name, forecast.figure, rival.predictive, rival.basis
                )


def _new(before: Problem, after: Problem) -> Iterator[tuple[Observation, float]]:
    """Yield the observations that a restatement changed, with their readings."""
    for old, new, value in zip(
        before.region.observations, after.region.observations, after.reported, strict=True
    ):
        if new is not old:
            yield new, float(value)
