"""What it takes for one region's GDP per resident to reach another's.

With y of a region and o of the other, both along their own paths under one scenario, the growth
needed is (o_2035 / y_2020)^(1/15) - 1 a year. The year of arrival is the first from which on
y >= o to the end of the runs; a region that is behind at their end goes on, as does the other, at
its average growth of the last period, and arrives when the gap in logarithms is used up, if it ever
is before `HORIZON`. Paths carry no noise of single years.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np
import pandas as pd

from simdyn.answers.bands import band, probability
from simdyn.answers.case import Case
from simdyn.answers.growth.incomes import PRICES, Money, chosen_regions, incomes, place_of
from simdyn.arrays import Array
from simdyn.indicators import PERIODS
from simdyn.names import BASE_YEAR, LAST_YEAR

Pair = tuple[str, str]
"""A region and the one that it is to reach."""
HORIZON = 2100
"""Last year of arrival; growth of the 2020s and 2030s says nothing of later ones."""
N_YEAR = LAST_YEAR - BASE_YEAR
MEASURES = ("needed", "own", "extra", "arrival")
CATCH_UP_COLUMNS = [
    *("region", "basis", "against", "against_basis", "scenario", "unit"),
    *(f"{name}_{point}" for name in MEASURES for point in ("p10", "p50", "p90")),
    *("reached", "reached_low", "reached_high", "n", "n_failed", "note"),
]
NOTE = (
    "arrival: year; {base} if the region is not behind then or later, infinite if it has not "
    f"arrived by {HORIZON}; after {LAST_YEAR} both go on at their average growth of "
    "{first}-{last}"
).format(base=BASE_YEAR, first=PERIODS[-1][0], last=PERIODS[-1][1])


class CatchUp(NamedTuple):
    """What one region needs to reach another, (draw,) each; nan in failed draws.

    needed, own : growth of GDP per resident in percent a year, after `BASE_YEAR` to `LAST_YEAR`
    arrival : year; infinite if never
    """

    needed: Array
    own: Array
    arrival: Array

    @property
    def extra(self) -> Array:
        """How much faster than along its own path it has to grow, in percentage points."""
        return self.needed - self.own


def catch_up(per_head: Array, other: Array) -> CatchUp:
    """Return what a region needs to reach another.

    Parameters
    ----------
    per_head, other : GDP per resident of the region and of the other, (year, draw), over the
        years of the runs
    """
    start, end = per_head[place_of(BASE_YEAR)], per_head[place_of(LAST_YEAR)]
    aim = other[place_of(LAST_YEAR)]
    return CatchUp(_rate(aim / start), _rate(end / start), arrival(per_head, other))


def _rate(factor: Array) -> Array:
    return 100 * (factor ** (1 / N_YEAR) - 1)


def arrival(per_head: Array, other: Array) -> Array:
    """Return the year of arrival, (draw,), from paths (year, draw); infinite if there is none."""
    abreast = per_head[place_of(BASE_YEAR) :] >= other[place_of(BASE_YEAR) :]
    stays = np.logical_and.accumulate(abreast[::-1])[::-1]
    first, last = PERIODS[-1]
    behind = np.log(other[place_of(last)] / per_head[place_of(last)])
    before = np.log(other[place_of(first - 1)] / per_head[place_of(first - 1)])
    closing = (before - behind) / (last - first + 1)
    wait = np.divide(behind, closing, out=np.full(behind.shape, np.inf), where=closing > 0)
    year = np.where(abreast[-1], BASE_YEAR + np.argmax(stays, axis=0), last + np.ceil(wait))
    year = np.where(year > HORIZON, np.inf, year)
    return np.where(np.isnan(behind), np.nan, year)


def check_pairs(case: Case, pairs: Sequence[Pair]) -> Sequence[Pair]:
    """Return the pairs, of regions at hand with no resident in both.

    Raises
    ------
    RunError : a region is unknown, or one of a pair holds residents of the other
    """
    for pair in pairs:
        chosen_regions(case, pair)
    return pairs


def catch_up_table(
    case: Case,
    pairs: Sequence[Pair] | None = None,
    scenarios: Sequence[str] | None = None,
    money: Money = "GDP",
) -> pd.DataFrame:
    """Return what each region needs to reach each other, draw by draw.

    Parameters
    ----------
    pairs : a region, and the one that it is to reach; every two of the regions with a run of
        their own, both ways, if None
    scenarios : of both; all of the case's runs if None

    Returns
    -------
    pandas.DataFrame
        `CATCH_UP_COLUMNS`; needed, own: percent a year; extra: percentage points, needed less
        own in each draw; arrival: year; reached: probability that the region is not behind in
        2035, with its 95 percent Monte Carlo interval; n: draws; n_failed: draws left out, as the
        run of either failed

    Raises
    ------
    RunError : a region is unknown, or one of a pair holds residents of the other
    """
    if pairs is None:
        pairs = list(permutations(chosen_regions(case, None), 2))
    rows = [
        _row(case, pair, scenario, money)
        for pair in check_pairs(case, pairs)
        for scenario in (case.runs.scenarios if scenarios is None else scenarios)
    ]
    return pd.DataFrame(rows, columns=CATCH_UP_COLUMNS)


def _row(case: Case, pair: Pair, scenario: str, money: Money) -> dict[str, object]:
    region, other = pair
    both = incomes(case, pair, scenario, money)
    found = catch_up(*both.per_head)
    chance = probability(found.arrival[both.ok] <= LAST_YEAR)
    row: dict[str, object] = {
        "region": region,
        "basis": case.region(region).file.basis.value,
        "against": other,
        "against_basis": case.region(other).file.basis.value,
        "scenario": scenario,
        "unit": f"percent a year, GDP per resident, {PRICES[money]}",
    }
    for name in MEASURES:
        low, median, high, _ = band(getattr(found, name))
        row |= {f"{name}_p10": low, f"{name}_p50": median, f"{name}_p90": high}
    return {
        **row,
        "reached": chance.value,
        "reached_low": chance.low,
        "reached_high": chance.high,
        "n": chance.n,
        "n_failed": both.n_failed,
        "note": NOTE,
    }
