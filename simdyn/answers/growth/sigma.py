"""Sigma convergence: whether regions grow more alike in GDP per resident.

The standard deviation over regions of its logarithm (Barro and Sala-i-Martin 1992, Journal of
Political Economy 100(2), 223-251; Sala-i-Martin 1996, Economic Journal 106, 1019-1036), divided by
their number, not one less: the regions are all that is looked at, not a sample. Weighted, every
resident counts the same instead of every region.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

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
from simdyn.names import FIRST_YEAR, LAST_YEAR

SIGMA, WEIGHTED = "sigma", "sigma, weighted by residents"
UNIT = "standard deviation of log GDP per resident, {}"
SIGMA_COLUMNS = [
    *("measure", "regions", "n_region", "basis", "scenario", "year", "unit"),
    *("p10", "p50", "p90", "n", "n_failed"),
]
SIGMA_CHANGE_COLUMNS = [
    *("measure", "regions", "n_region", "basis", "scenario", "first", "last", "unit"),
    *("p10", "p50", "p90", "falls", "falls_low", "falls_high", "n", "n_failed"),
]


def sigma(per_head: Array, weights: Array | None = None) -> Array:
    """Return the standard deviation over regions of log GDP per resident.

    Parameters
    ----------
    per_head : (region, ...)
    weights : such as residents, of the same shape; all regions count the same if None

    Returns
    -------
    Array
        (...); zero if all regions are equal
    """
    logs = np.log(per_head)
    shares = np.ones_like(logs) if weights is None else weights
    shares = shares / shares.sum(axis=0)
    apart = logs - np.sum(shares * logs, axis=0)
    return np.sqrt(np.sum(shares * apart**2, axis=0))


def _measures(found: Incomes) -> dict[str, Array]:
    """Return both measures, (year, draw)."""
    return {SIGMA: sigma(found.per_head), WEIGHTED: sigma(found.per_head, found.residents)}


def sigma_table(
    case: Case,
    regions: Sequence[str] | None = None,
    scenarios: Sequence[str] | None = None,
    years: Sequence[int] = tuple(range(FIRST_YEAR, LAST_YEAR + 1)),
    money: Money = "GDP",
) -> pd.DataFrame:
    """Return how far regions are apart in each year, plainly and weighted by residents.

    Parameters
    ----------
    regions : of which no two hold the same residents; all with a run of their own if None
    scenarios : all of the case's runs if None

    Returns
    -------
    pandas.DataFrame
        `SIGMA_COLUMNS`; regions: the set compared; n: draws; n_failed: draws left out, as the run
        of one of the regions failed

    Raises
    ------
    RunError : a region or year is not at hand, or two regions hold the same residents
    """
    keys = chosen_regions(case, regions)
    rows = [
        {
            "measure": measure,
            **head_of(case, keys, scenario),
            "year": year,
            "unit": UNIT.format(PRICES[money]),
            **band(values[place_of(year)])._asdict(),
            "n_failed": found.n_failed,
        }
        for scenario, found in under_scenarios(case, keys, scenarios, money)
        for measure, values in _measures(found).items()
        for year in years
    ]
    return pd.DataFrame(rows, columns=SIGMA_COLUMNS)


def sigma_change_table(
    case: Case,
    regions: Sequence[str] | None = None,
    scenarios: Sequence[str] | None = None,
    spans: Sequence[tuple[int, int]] = SPANS,
    money: Money = "GDP",
) -> pd.DataFrame:
    """Return how sigma changes from the year before a span to its end, draw by draw.

    Parameters
    ----------
    spans : first and last year of growth

    Returns
    -------
    pandas.DataFrame
        `SIGMA_CHANGE_COLUMNS`; falls: probability that regions come closer, with its 95 percent
        Monte Carlo interval; the rest as in `sigma_table`

    Raises
    ------
    RunError : as `sigma_table`
    """
    keys = chosen_regions(case, regions)
    rows = []
    for scenario, found in under_scenarios(case, keys, scenarios, money):
        for measure, values in _measures(found).items():
            for first, last in spans:
                change = values[place_of(last)] - values[place_of(first - 1)]
                chance = probability(change[found.ok] < 0)
                row = {
                    "measure": measure,
                    **head_of(case, keys, scenario),
                    "first": first,
                    "last": last,
                    "unit": f"change of the {UNIT.format(PRICES[money])}",
                    **band(change)._asdict(),
                    "falls": chance.value,
                    "falls_low": chance.low,
                    "falls_high": chance.high,
                    "n_failed": found.n_failed,
                }
                rows.append(row)
    return pd.DataFrame(rows, columns=SIGMA_CHANGE_COLUMNS)
