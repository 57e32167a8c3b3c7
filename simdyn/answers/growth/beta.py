"""Beta convergence: whether regions that are poorer at the start grow faster.

The slope b of average log growth on the logarithm of initial GDP per resident, by least squares
over regions, and the speed of convergence -ln(1 + b T) / T that it comes to over T years (Barro and
Sala-i-Martin 1992, Journal of Political Economy 100(2), 223-251).

A negative slope is not yet convergence: what happens to be low at the start returns to the mean
(Quah 1993, Scandinavian Journal of Economics 95(4), 427-443), so sigma stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simdyn.answers.bands import band, probability
from simdyn.answers.case import Case
from simdyn.answers.growth.incomes import (
    PRICES,
    Incomes,
    Money,
    chosen_regions,
    head_of,
    place_of,
    under_scenarios,
)
from simdyn.answers.indicators import SPANS
from simdyn.arrays import Array
from simdyn.errors import RunError

FEWEST = 3
"""Regions that a slope is taken over at the least."""
CAVEAT = (
    "{n} regions: the slope describes these regions and nothing beyond them. So few points test "
    "nothing; the band is over draws of the model, not over regions that might have been."
)
SLOPE, SPEED = "slope", "speed of convergence"
BETA_COLUMNS = [
    *("measure", "regions", "n_region", "basis", "scenario", "first", "last", "unit"),
    *("p10", "p50", "p90", "below", "below_low", "below_high"),
    *("kept", "kept_low", "kept_high", "n", "n_failed", "note"),
]


def slope(initial: Array, growth: Array) -> Array:
    """Return the slope of growth on the logarithm of initial income, by least squares.

    Parameters
    ----------
    initial, growth : (region, draw)

    Returns
    -------
    Array
        (draw,), in the unit of growth per log point; nan where initial incomes are all equal
    """
    logs = np.log(initial)
    apart = logs - logs.mean(axis=0)
    spread = np.sum(apart**2, axis=0)
    # Equal incomes differ by rounding alone.
    told = spread > len(logs) * (np.finfo(float).eps * np.max(1 + np.abs(logs), axis=0)) ** 2
    moved = np.sum(apart * (growth - growth.mean(axis=0)), axis=0)
    return np.divide(moved, spread, out=np.full(spread.shape, np.nan), where=told)


def speed(slopes: Array, n_year: int) -> Array:
    """Return the speed of convergence, 1 a year, from slopes of log growth a year, (draw,).

    Infinite where the order of regions would be turned round, b T <= -1: no speed does that.
    """
    left = 1 + slopes * n_year
    with np.errstate(all="ignore"):
        return np.where(left <= 0, np.inf, -np.log(left) / n_year)


def _slopes(found: Incomes, first: int, last: int) -> tuple[Array, NDArray[np.bool_]]:
    """Return slopes, (draw,), and whether each keeps its sign whichever region is left out."""
    start, end = (found.per_head[:, place_of(year)] for year in (first - 1, last))
    growth = np.log(end / start) / (last - first + 1)
    whole = slope(start, growth)
    without = [
        slope(np.delete(start, n, axis=0), np.delete(growth, n, axis=0)) for n in range(len(start))
    ]
    return whole, np.all(np.sign(without) == np.sign(whole), axis=0)


def beta_table(
    case: Case,
    regions: Sequence[str] | None = None,
    scenarios: Sequence[str] | None = None,
    spans: Sequence[tuple[int, int]] = SPANS,
    money: Money = "GDP",
) -> pd.DataFrame:
    """Return slope and speed of convergence over each span, draw by draw.

    Parameters
    ----------
    regions : of which no two hold the same residents; all with a run of their own if None
    scenarios : all of the case's runs if None
    spans : first and last year of growth

    Returns
    -------
    pandas.DataFrame
        `BETA_COLUMNS`; below: probability that the slope is below zero; kept: probability that it
        keeps its sign whichever one of the regions is left out; both with 95 percent Monte Carlo
        intervals; n: draws with a value; n_failed: draws left out, as the run of one of the
        regions failed; note: what may not be concluded from so few regions

    Raises
    ------
    RunError : fewer than three regions, or as `sigma_table`
    """
    keys = chosen_regions(case, regions)
    if len(keys) < FEWEST:
        raise RunError(f"a slope over {len(keys)} regions says nothing. Name {FEWEST} or more.")
    rows = []
    for scenario, found in under_scenarios(case, keys, scenarios, money):
        for first, last in spans:
            head = {**head_of(case, keys, scenario), "first": first, "last": last}
            rows += [{**head, **row} for row in _rows(found, first, last, PRICES[money])]
    return pd.DataFrame(rows, columns=BETA_COLUMNS)


def _rows(found: Incomes, first: int, last: int, prices: str) -> list[dict[str, object]]:
    slopes, kept = _slopes(found, first, last)
    told = ~np.isnan(slopes)
    below, firm = probability(slopes[told] < 0), probability(kept[told])
    common = {
        "below": below.value,
        "below_low": below.low,
        "below_high": below.high,
        "kept": firm.value,
        "kept_low": firm.low,
        "kept_high": firm.high,
        "n_failed": found.n_failed,
        "note": CAVEAT.format(n=len(found.output)),
    }
    per_point = f"percent a year per log point of GDP per resident, {prices}"
    speeds = 100 * speed(slopes, last - first + 1)
    return [
        {"measure": SLOPE, "unit": per_point, **band(100 * slopes)._asdict(), **common},
        {"measure": SPEED, "unit": "percent a year", **band(speeds)._asdict(), **common},
    ]
