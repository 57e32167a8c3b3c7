"""What each policy lever alone would have to be for targets that are not likely to be met.

One question at a time `backcast` runs all draws anew at every value of a lever that it looks at.
Here a few values of every lever are run once, for all targets of a region, and `curves` tells what
lies between. The values found are run too, with the ends of their intervals, and the curves drawn
through them as well; what comes of that is run again, which is the probability `there`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simdyn.answers.backcast import Backcast, Threshold, ease, standing
from simdyn.answers.bands import Probability, probability
from simdyn.answers.case import Case
from simdyn.answers.curves import Curve, Place, first_curves, run_at
from simdyn.answers.ranges import LeverRange, policy_ranges
from simdyn.answers.targets import aim_of, is_met, reached
from simdyn.arrays import Array
from simdyn.calibrate.tables import reading_unit
from simdyn.regions import Reading

LEVEL = 0.5
"""Probability with which a target is to be met: more likely than not."""
ROUNDS = 2
"""Times that curves are drawn anew through runs of the values found on them."""
NUMBERS = ("value", "value_low", "value_high", "there", "there_low", "there_high")
SURVEY_COLUMNS = [
    *("region", "basis", "target", "unit", "aim", "document", "section", "scenario"),
    *("chance", "chance_low", "chance_high", "lever", "lever_unit", "low", "high", "setting"),
    *("possible", "needed", "side", *NUMBERS, "effort"),
    *("best", "best_chance", "best_low", "best_high", "probability", "n", "n_failed", "sentence"),
]


@dataclass(frozen=True)
class Surveyed:
    """What a lever must be for one target.

    there : the probability at each threshold, of runs there
    """

    target: Reading
    found: Backcast
    there: tuple[Probability, ...]

    @property
    def nearest(self) -> tuple[Threshold, Probability] | None:
        """The threshold next to where the scenario has the lever; None if there is none."""
        pairs = zip(self.found.thresholds, self.there, strict=True)
        return min(pairs, key=lambda pair: abs(pair[0].value - self.found.current), default=None)


def survey(
    case: Case,
    region: str,
    targets: Sequence[Reading],
    levers: Sequence[LeverRange],
    scenario: str,
    level: float = LEVEL,
) -> list[Surveyed]:
    """Return what each lever alone must be for each target alone to be met with a probability.

    A lever over whose range no draw stays sound is left out.

    Parameters
    ----------
    region : with a run of its own
    scenario : where all other levers stay

    Returns
    -------
    list of Surveyed
        target by target, the lever that has to move least first
    """
    place = Place(case, region, scenario)
    curves = first_curves(place, targets, levers)
    for _ in range(ROUNDS):
        curves = _closer(place, curves, level)
    found = [_backcast(curve, level) for curve in curves]
    at = run_at(place, curves, [[each.value for each in one.thresholds] for one in found])
    surveyed = [
        Surveyed(curve.target, one, tuple(map(probability, _met(curve, *runs))))
        for curve, one, runs in zip(curves, found, at, strict=True)
    ]
    order = [target.label for target in targets]
    return sorted(surveyed, key=lambda one: (order.index(one.target.label), *ease(one.found)))


def survey_table(
    case: Case, policy: str, scenarios: Sequence[str], level: float = LEVEL
) -> pd.DataFrame:
    """Return what each policy lever would have to be for targets that are not likely to be met.

    Parameters
    ----------
    policy : the scenario under which a target is met with less than the probability `level`
    scenarios : where all other levers stay, one after the other; one under which a target is met
        with that probability is left out

    Returns
    -------
    pandas.DataFrame
        `SURVEY_COLUMNS`, for each target and scenario the lever that has to move least first;
        chance: of the target under the scenario itself, with its 95 percent interval; low, high:
        limits of the lever; setting: what the scenario does with it; possible: whether some value
        within the limits does it; needed: which values, 'any' or 'none'; value: the end of these
        next to the setting, with its interval, nan if there is none; side: of it that does it;
        there: the chance in runs at that value; effort: the way to it as a share of the way to that
        limit; best: the value run with the largest chance, and that; n: draws; n_failed: draws left
        out, whose run failed at some value

    Raises
    ------
    ScenarioError : with file, line and mend, for the first wrong row of the table of levers
    """
    levers = policy_ranges(case.study.project)
    rows = [
        {**_about(case, region, each.target), "scenario": scenario, **_told(each)}
        for region in case.calibrated
        for missed in [_unlikely(case, region, policy, case.region(region).targets, level)]
        for scenario in scenarios
        for targets in [_unlikely(case, region, scenario, missed, level)]
        if targets
        for each in survey(case, region, targets, levers, scenario, level)
    ]
    return pd.DataFrame(rows, columns=SURVEY_COLUMNS).astype(dict.fromkeys(NUMBERS, float))


def _unlikely(
    case: Case, region: str, scenario: str, targets: Sequence[Reading], level: float
) -> list[Reading]:
    """Return those of the targets that are met with less than this probability."""
    years = case.runs.years(region, scenario)
    met = (is_met(case.study, t, reached(case, region, t, years))[years.ok] for t in targets)
    return [t for t, each in zip(targets, met, strict=True) if probability(each).value < level]


def _closer(place: Place, curves: Sequence[Curve], level: float) -> list[Curve]:
    """Return the curves through runs of their thresholds, and of the ends of the intervals, too."""
    points = [
        [
            x
            for each in curve.thresholds(level)
            for x in (each.low, each.value, each.high)
            if x is not None
        ]
        for curve in curves
    ]
    found = run_at(place, curves, points)
    return [
        curve.joined(np.array(own), *runs)
        for curve, own, runs in zip(curves, points, found, strict=True)
    ]


def _met(curve: Curve, values: Array, ok: NDArray[np.bool_]) -> Iterator[NDArray[np.bool_]]:
    """Yield whether the sound draws meet the target of a curve, for one value after the other."""
    for own, sound in zip(values, ok, strict=True):
        yield curve.place.met(curve.target, own[sound])


def _backcast(curve: Curve, level: float) -> Backcast:
    place, lever = curve.place, curve.lever
    current, setting = standing(place.case, place.region, lever.lever, place.scenario)
    return Backcast(
        region=place.region,
        targets=(curve.target.label,),
        level=level,
        scenario=place.scenario,
        lever=lever,
        current=current,
        setting=setting,
        at_current=curve.now,
        points=curve.points,
        grid=curve.grid,
        n_draw=place.case.n_draw,
        n_failed=int(np.count_nonzero(~curve.sound)),
        thresholds=curve.thresholds(level),
    )


def _about(case: Case, region: str, target: Reading) -> dict[str, object]:
    fact = case.study.facts[target.fact_ids[0]]
    return {
        "region": region,
        "basis": case.region(region).file.basis.value,
        "target": target.label,
        "unit": reading_unit(target),
        "aim": aim_of(case.study, target),
        "document": fact.document,
        "section": fact.section,
    }


def _told(one: Surveyed) -> dict[str, object]:
    found, nearest = one.found, one.nearest
    at, best = found.best
    value, there = nearest or (None, None)
    return {
        "chance": found.at_current.value,
        "chance_low": found.at_current.low,
        "chance_high": found.at_current.high,
        "lever": found.lever.lever,
        "lever_unit": found.lever.unit,
        "low": found.lever.low,
        "high": found.lever.high,
        "setting": found.setting,
        "possible": found.possible,
        "needed": found.needed,
        "side": value.side if value else "",
        "value": value and value.value,
        "value_low": value and value.low,
        "value_high": value and value.high,
        "there": there and there.value,
        "there_low": there and there.low,
        "there_high": there and there.high,
        "effort": found.effort,
        "best": at,
        "best_chance": best.value,
        "best_low": best.low,
        "best_high": best.high,
        "probability": found.level,
        "n": found.n_draw - found.n_failed,
        "n_failed": found.n_failed,
        "sentence": found.sentence,
    }
