"""Fit to what was known at the time, foretell what came, and score it beside naive rivals.

Three tests. Each figure foretold by all others (see `simdyn.calibrate.leaving_out`). The figures of
2020 foretold from those that end by 2019, with the model's terms for the shock of 2020 and without
them. Qiqihar's figures of 2021 foretold from those that end by 2020, where an average that runs to
2021 is restated as the average to 2020.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.conflicts import (
    LeftOut,
    fight_table,
    leave_out,
    loo_table,
    useless,
    without,
)
from simdyn.calibrate.leaving_out import weigh
from simdyn.calibrate.likelihoods import report
from simdyn.calibrate.linear import Figure, figures_of
from simdyn.calibrate.predictive import Predictive, Weighted, covers
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.refit import DRAWS, TUNING, Job, Refit, hold, keep, refits
from simdyn.calibrate.rivals import Average, Spreads, rivals
from simdyn.calibrate.sample import CHAINS
from simdyn.calibrate.tables import reading_unit
from simdyn.errors import RunError
from simdyn.facts.collection import Facts
from simdyn.processes import Watch
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
LEVELS = (0.5, 0.8, 0.9)
"""Probabilities of the central intervals."""
FEW = 10
"""Below so many figures a difference in scores is called too little to tell."""
SURPRISE = 0.05
"""Coverage that would come about with less probability is called poor."""

POINTS = frozenset({Operator.GROWTH, Operator.AVERAGE_GROWTH, Operator.SHARE})
"""Operators whose answer is in percent, so that errors are in percentage points."""

MODEL, NO_SHOCK = "model", "model without shock terms"


class Trial(StrEnum):
    """What was left out of the fit."""

    ONE = "each figure from all others"
    SHOCK = "2020 from figures to 2019"
    LATE = "Qiqihar 2021 from figures to 2020"


COVER = [f"in_{100 * level:.0f}" for level in LEVELS]
BACKTEST_COLUMNS = [
    *("test", "method", "region", "basis", "figure", "unit", "reported", "mean", "sd"),
    *("p5", "p95", "error", "crps", *COVER, "error_percent", "crps_percent"),
    *("layer", "document", "section", "facts", "rests_on"),
]
SCORE_COLUMNS = [
    *("test", "figures_of", "method", "figures", "mean_absolute_error", "mean_crps"),
    *("covered_50", "covered_80", "covered_90"),
]
ALL = "all figures"


@dataclass(frozen=True)
class Forecast:
    """What a method expected of a figure; `rests_on` says on which figures a rival rests."""

    trial: Trial
    method: str
    figure: Figure
    predictive: Predictive
    rests_on: str = ""


@dataclass(frozen=True)
class Backtests:
    """All that leaving figures out has shown.

    calibration : to all figures
    left_out : each figure as all others foretell it
    forecasts : of every test by every method
    rhat : the largest of the refits, by what they left out
    """

    calibration: Calibration
    left_out: tuple[LeftOut, ...]
    forecasts: tuple[Forecast, ...]
    rhat: Mapping[str, float]

    def loo_table(self, facts: Facts) -> pd.DataFrame:
        """Return each figure beside what all others foretell, as of `conflicts.loo_table`."""
        return loo_table(self.left_out, facts)

    @property
    def fights(self) -> pd.DataFrame:
        """The pairs of figures that fight, as of `conflicts.fight_table`."""
        return fight_table(self.calibration)


def backtests(
    calibration: Calibration,
    seed: int,
    facts: Facts,
    begin: Callable[[int], Watch] = lambda _: lambda _: None,
) -> Backtests:
    """Run every backtest of a calibration; the same seed gives the same bits.

    Parameters
    ----------
    calibration : to all figures
    begin : is told how many points the refits draw, and gives what is told how many are drawn

    Raises
    ------
    RunError
        There is no figure at all.
    """
    problems = calibration.posterior.problems
    if not any(problem.region.observations for problem in problems.values()):
        raise RunError("no figure to foretell. Take regions, or evidence, that have figures.")
    for_noise, for_refits = np.random.SeedSequence(seed).spawn(2)
    rng = np.random.default_rng(for_noise)
    weighed = weigh(calibration)
    hard, ahead = useless(weighed), _ahead(problems)
    seeds = for_refits.generate_state(len(ahead) + len(hard)).tolist()
    jobs = [Job(each.known, n) for each, n in zip(ahead, seeds, strict=False)]
    late_seeds = seeds[len(ahead) :]
    jobs += [without(problems, figure, n) for figure, n in zip(hard, late_seeds, strict=True)]
    found = list(refits(jobs, begin(len(jobs) * CHAINS * (DRAWS + TUNING))))
    left_out = leave_out(weighed, found[len(ahead) :], rng)
    forecasts = [Forecast(Trial.ONE, MODEL, each.figure, each.predictive) for each in left_out]
    for each, refit in zip(ahead, found, strict=False):
        forecasts += _forecasts(each, refit, rng)
    forecasts += _rivals(forecasts, problems, facts)
    names = [f"{each.trial}, {each.method}" for each in ahead] + [f.label for f in hard]
    rhat = {name: each.rhat for name, each in zip(names, found, strict=True)}
    return Backtests(calibration, left_out, tuple(forecasts), rhat)


@dataclass(frozen=True)
class _Ahead:
    """Figures to be foretold, and the problems with what was known before."""

    trial: Trial
    method: str
    figures: tuple[Figure, ...]
    known: Mapping[str, Problem]


def _ahead(problems: Mapping[str, Problem]) -> list[_Ahead]:
    """Return all that is foretold ahead of its time."""
    found = []
    calm = {key: hold(problem, dict.fromkeys(SHOCKS, 0.0)) for key, problem in problems.items()}
    for method, some in ((MODEL, problems), (NO_SHOCK, calm)):
        known = {key: known_until(problem, SHOCK_YEAR - 1) for key, problem in some.items()}
        found.append(_Ahead(Trial.SHOCK, method, _figures(some, SHOCK_YEAR), known))
    if LATE_REGION in problems:
        before = LATE_YEAR - 1
        late = {key: known_until(restated(p, before), before) for key, p in problems.items()}
        figures = _figures({LATE_REGION: problems[LATE_REGION]}, LATE_YEAR)
        found.append(_Ahead(Trial.LATE, MODEL, figures, late))
    return [each for each in found if each.figures]


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


def _figures(problems: Mapping[str, Problem], year: int) -> tuple[Figure, ...]:
    """Return the figures of a single year: growth in it, levels and shares of it."""
    single = (Operator.GROWTH, Operator.LEVEL, Operator.SHARE)
    return tuple(
        figure
        for problem in problems.values()
        for figure in figures_of(problem)
        if figure.observation.end == year and figure.observation.operator in single
    )


def _forecasts(ahead: _Ahead, refit: Refit, rng: np.random.Generator) -> Iterator[Forecast]:
    """Yield what a refit foretells."""
    draws = refit.draws
    answers = {f.region: f.problem.answers(draws[f.region]) for f in ahead.figures}
    for figure in ahead.figures:
        own = answers[figure.region][figure.place]
        foretold = report([figure.observation], own[:, None], rng)[:, 0]
        yield Forecast(ahead.trial, ahead.method, figure, Weighted.of(foretold))


def _rivals(
    forecasts: Sequence[Forecast], problems: Mapping[str, Problem], facts: Facts
) -> Iterator[Forecast]:
    """Yield what the rivals say of the figures that the model foretold ahead of its time."""
    spreads = Spreads.of(facts)
    averages = tuple(
        Average(key, facts[each.fact_ids[0]].quantity, each.end, each.end - each.start + 1, value)
        for key, problem in problems.items()
        for each, value in _new(problem, restated(problem, LATE_YEAR - 1))
    )
    for forecast in forecasts:
        if forecast.trial is not Trial.ONE and forecast.method == MODEL:
            for rival in rivals(forecast.figure, facts, spreads, averages):
                yield Forecast(
                    forecast.trial, rival.name, forecast.figure, rival.predictive, rival.basis
                )


def _new(before: Problem, after: Problem) -> Iterator[tuple[Observation, float]]:
    """Yield the observations that a restatement changed, with their readings."""
    for old, new, value in zip(
        before.region.observations, after.region.observations, after.reported, strict=True
    ):
        if new is not old:
            yield new, float(value)


def backtest_table(found: Backtests, facts: Facts) -> pd.DataFrame:
    """Return a row for each figure that a method foretold: expected, reported, scores.

    `error` is expected less reported and `crps` the continuous ranked probability score, both in
    the unit of the figure. `error_percent` is the absolute error and `crps_percent` the score in
    percentage points of growth and shares, and in percent of the figure for all else, so that they
    add up over figures. `in_50` and so on say whether the central interval held the figure.
    """
    rows = []
    for each in found.forecasts:
        figure, predictive = each.figure, each.predictive
        observation, reported = figure.observation, figure.reported
        source = facts[observation.fact_ids[0]]
        error, crps = predictive.mean - reported, predictive.crps(reported)
        scale = 1.0 if observation.operator in POINTS else 100 / abs(reported)
        rows.append(
            {
                "test": each.trial.value,
                "method": each.method,
                "region": figure.region,
                "basis": figure.problem.region.file.basis.value,
                "figure": observation.label,
                "unit": reading_unit(observation),
                "reported": reported,
                "mean": predictive.mean,
                "sd": predictive.sd,
                "p5": predictive.quantile(0.05),
                "p95": predictive.quantile(0.95),
                "error": error,
                "crps": crps,
                **{
                    name: covers(predictive, reported, level)
                    for name, level in zip(COVER, LEVELS, strict=True)
                },
                "error_percent": scale * abs(error),
                "crps_percent": scale * crps,
                "layer": source.layer.value,
                "document": source.document,
                "section": source.section,
                "facts": observation.facts,
                "rests_on": each.rests_on,
            }
        )
    return pd.DataFrame(rows, columns=BACKTEST_COLUMNS)


def backtest_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean scores by test and method, over figures that the methods compared have in common.

    `figures_of` is "all figures" for what the model foretold, else the rival on whose figures the
    model and the rival are compared. Errors and scores are in percent, as of `backtest_table`;
    coverage is a share of figures.
    """
    rows = []
    for test, group in table.groupby("test", sort=False):
        ours = [name for name in (MODEL, NO_SHOCK) if name in set(group["method"])]
        others = [name for name in dict.fromkeys(group["method"]) if name not in ours]
        for rival in (ALL, *others):
            names = ours if rival == ALL else [*ours, rival]
            common = _common(group, names)
            for name in names:
                mine = common[common["method"] == name]
                covered = [float(mine[column].mean()) for column in COVER]
                errors = (float(mine[c].mean()) for c in ("error_percent", "crps_percent"))
                rows.append((test, rival, name, len(mine), *errors, *covered))
    return pd.DataFrame(rows, columns=SCORE_COLUMNS)


def _common(group: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """Return the rows of some methods on the figures that all of them foretold."""
    mine = group[group["method"].isin(methods)]
    counts = mine.groupby(["region", "figure"])["method"].transform("nunique")
    return mine[counts == len(methods)]


def findings(scores: pd.DataFrame) -> list[str]:
    """Return what the scores say, in sentences: who wins, and whether intervals hold enough."""
    sentences = []
    for (test, rival), group in scores.groupby(["test", "figures_of"], sort=False):
        if rival == ALL:
            sentences += [_coverage(str(test), row) for row in group.to_dict("records")]
        if len(group) > 1:
            sentences.append(_winner(str(test), str(rival), group))
    return sentences


def _coverage(test: str, row: Mapping[object, object]) -> str:
    """Say how many figures the widest interval held, and whether that is poor."""
    n, level = int(str(row["figures"])), LEVELS[-1]
    held = round(float(str(row["covered_90"])) * n)
    chance = float(binomtest(held, n, level).pvalue)
    verdict = "as it should be"
    if chance < SURPRISE:
        verdict = "too few: it is too sure" if held < level * n else "too many: it is too unsure"
    elif held == n:
        verdict = "no sign of being too sure"
    name = f"{test}, {row['method']}"
    return f"{name}: the {100 * level:.0f} % intervals hold {held} of {n} figures, {verdict}."


def _winner(test: str, rival: str, group: pd.DataFrame) -> str:
    """Say which method has the least score, and how the others did."""
    ranked = group.sort_values("mean_crps", kind="stable").to_dict("records")
    n = ranked[0]["figures"]
    told = ", ".join(
        f"{row['method']} {row['mean_crps']:.2f} (error {row['mean_absolute_error']:.2f})"
        for row in ranked
    )
    best = min(group.to_dict("records"), key=lambda row: row["mean_absolute_error"])["method"]
    same = "also" if best == ranked[0]["method"] else f"but {best}"
    over = "figure" if n == 1 else "figures"
    where = "" if rival == ALL else f" against '{rival}'"
    return (
        f"{test}{where}, {n} {over}: {ranked[0]['method']} wins by score: {told}; "
        f"{same} has the smallest error.{'' if n >= FEW else ' Too few figures to tell.'}"
    )
