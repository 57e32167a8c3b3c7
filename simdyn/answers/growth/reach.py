"""Which lever alone brings a region to another's GDP per resident, within the lever's limits.

A backcast (`simdyn.answers.backcast`) whose target is the other region's path: in draw i the region
has to be where the other is in the same draw. Levers are turned in the region alone; the other
stays on its path under the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simdyn.answers.backcast import Backcast, backcast_all
from simdyn.answers.case import Case
from simdyn.answers.growth.catch_up import Pair, check_pairs
from simdyn.answers.growth.incomes import PRICES, Money
from simdyn.answers.ranges import LeverRange, policy_ranges
from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.names import LAST_YEAR
from simdyn.scenarios import read_levers
from simdyn.years import Years

REACH_COLUMNS = [
    *("region", "basis", "against", "against_basis", "scenario", "probability"),
    *("lever", "kind", "unit", "low", "high", "possible", "needed"),
    *("value", "value_low", "value_high", "at_scenario"),
    *("best", "best_probability", "best_low", "best_high", "n", "n_failed", "sentence"),
]


@dataclass(frozen=True)
class Reach:
    """A goal of backcasts: GDP per resident at or above another's at the end of the runs.

    aim : the other's GDP per resident, (draw,); nan in draws whose run failed
    money : the variable of GDP, which says at what prices
    """

    label: str
    aim: Array
    money: Money = "GDP"

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Whether a draw has an aim, (draw,)."""
        return ~np.isnan(self.aim)

    def met(self, years: Years) -> NDArray[np.bool_]:
        """Return whether runs meet it, (member,): all draws under one setting after the other."""
        with np.errstate(all="ignore"):  # failed runs may divide by zero
            per_head = years.of(self.money, LAST_YEAR) / years.of("population", LAST_YEAR)
        return per_head >= np.resize(self.aim, per_head.shape)


def reach(case: Case, other: str, scenario: str, money: Money = "GDP") -> Reach:
    """Return the goal of being where another region is under a scenario, draw by draw."""
    years = case.run(other, [case.scenario(scenario)])
    with np.errstate(all="ignore"):
        aim = years.of(money, LAST_YEAR) / years.of("population", LAST_YEAR)
    label = f"GDP per resident of {case.region(other).name} in {LAST_YEAR}, {PRICES[money]}"
    return Reach(label, np.where(years.ok, aim, np.nan), money)


def reach_table(
    case: Case,
    pairs: Sequence[Pair],
    scenario: str,
    levers: Sequence[LeverRange] | None = None,
    level: float = 0.5,
    money: Money = "GDP",
) -> pd.DataFrame:
    """Return what each lever alone has to be for a region to reach another with a probability.

    A lever takes some hundred runs of all draws, so name the pairs that matter.

    Parameters
    ----------
    pairs : a region with a run of its own, and the region that it is to reach
    scenario : of both, where all other levers stay
    levers : with the limits they are looked at over; if None those of policy, within their own:
        outside conditions are nobody's choice, and would move the other region too
    level : the probability

    Returns
    -------
    pandas.DataFrame
        `REACH_COLUMNS`, for each pair the lever that has to move least first; possible: whether
        some value within the limits does it; needed: which values do, with 95 percent intervals,
        'any' or 'none'; value: the end of these that is nearest to where the scenario has the
        lever, with its interval; nan if there is none; at_scenario: the probability under the
        scenario itself; best: the value with the largest probability, and that with its interval;
        n: draws that both regions have under the scenario; n_failed: draws left out at the most,
        at any value

    Raises
    ------
    RunError : a region is unknown or a sum, which has no levers of its own, or one of a pair holds
        residents of the other
    """
    ranges = policy_ranges(case.study.project) if levers is None else levers
    rows = [
        row
        for pair in check_pairs(case, pairs)
        for row in _rows(case, pair, scenario, ranges, level, money)
    ]
    numbers = ("value", "value_low", "value_high")
    return pd.DataFrame(rows, columns=REACH_COLUMNS).astype(dict.fromkeys(numbers, float))


def _rows(
    case: Case,
    pair: Pair,
    scenario: str,
    levers: Sequence[LeverRange],
    level: float,
    money: Money,
) -> Iterator[dict[str, object]]:
    region, other = pair
    if region not in case.calibrated:
        parts = ", ".join(case.parts(region))
        raise RunError(f"'{region}' has no levers of its own. Ask of its parts: {parts}.")
    known = read_levers(case.study.project.levers)
    goal = reach(case, other, scenario, money)
    for found in backcast_all(case, region, [goal], levers, scenario, level):
        yield {
            "region": region,
            "basis": case.region(region).file.basis.value,
            "against": other,
            "against_basis": case.region(other).file.basis.value,
            "scenario": scenario,
            "kind": known[found.lever.lever].kind.value,
            **_told(found),
        }


def _told(found: Backcast) -> dict[str, object]:
    at, best = found.best
    nearest = min(found.thresholds, key=lambda one: abs(one.value - found.current), default=None)
    return {
        "probability": found.level,
        "lever": found.lever.lever,
        "unit": found.lever.unit,
        "low": found.lever.low,
        "high": found.lever.high,
        "possible": found.possible,
        "needed": found.needed,
        "value": None if nearest is None else nearest.value,
        "value_low": None if nearest is None else nearest.low,
        "value_high": None if nearest is None else nearest.high,
        "at_scenario": found.at_current.value,
        "best": at,
        "best_probability": best.value,
        "best_low": best.low,
        "best_high": best.high,
        "n": found.at_current.n,
        "n_failed": found.n_failed,
        "sentence": found.sentence,
    }
