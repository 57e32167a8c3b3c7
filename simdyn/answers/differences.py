"""Paired differences on common draws: scenario against scenario, region against region.

A difference is taken draw by draw before any percentile: the band is of differences, not the
difference of bands. A draw whose run failed on either side is left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from simdyn.answers.bands import band, probability
from simdyn.answers.case import Case
from simdyn.answers.indicators import Indicator, note_on, readings, values_of
from simdyn.arrays import Array
from simdyn.names import LAST_YEAR

BANDS = ("value", "difference", "percent")
DIFFERENCE_COLUMNS = [
    *("region", "basis", "scenario", "against", "indicator", "unit", "year"),
    *(f"{name}_{point}" for name in BANDS for point in ("p10", "p50", "p90")),
    *("above", "above_low", "above_high", "n", "n_failed", "note"),
]
UNPAIRED = f"draws whose value lies beyond {LAST_YEAR} on a side have no difference: left out"
GAP_COLUMNS = [
    *("region", "basis", "against", "against_basis", "scenario", "indicator", "unit", "year"),
    *(f"{name}_{point}" for name in ("gap", "ratio") for point in ("p10", "p50", "p90")),
    *("above", "above_low", "above_high", "n", "n_failed", "note"),
]


def difference_table(
    case: Case,
    indicators: Sequence[Indicator],
    years: Sequence[int],
    regions: Sequence[str],
    scenarios: Sequence[str],
    against: str,
) -> pd.DataFrame:
    """Return how each indicator differs between scenarios and the one they are held against.

    Returns
    -------
    pandas.DataFrame
        `DIFFERENCE_COLUMNS`; value: of the scenario; difference in the unit of the indicator,
        percentage points for rates; percent of the value under `against`, nan for rates, shares
        and years, and if that value is not above zero in every draw; above: probability that the
        difference is above zero, with its 95 percent Monte Carlo interval; n: pairs of draws;
        n_failed: draws left out
    """
    rows = [
        {
            "region": region,
            "basis": case.region(region).file.basis.value,
            "scenario": scenario,
            "against": against,
            "indicator": indicator.name,
            "unit": indicator.unit,
            "year": year,
            **_paired(
                indicator,
                values_of(case, indicator, region, scenario, year),
                values_of(case, indicator, region, against, year),
            ),
            "n_failed": _n_failed(case, (region, scenario), (region, against)),
        }
        for region in regions
        for scenario in scenarios
        for indicator, year in readings(indicators, years)
    ]
    return pd.DataFrame(rows, columns=DIFFERENCE_COLUMNS)


def gap_table(
    case: Case,
    indicators: Sequence[Indicator],
    years: Sequence[int],
    regions: Sequence[str],
    scenarios: Sequence[str],
) -> pd.DataFrame:
    """Return how each indicator differs between every two of the regions.

    Returns
    -------
    pandas.DataFrame
        `GAP_COLUMNS`; gap: region less `against`; ratio: region over `against`, nan where the
        indicator is a rate, a share or a year, or `against` not above zero in every draw; the
        rest as in `difference_table`
    """
    rows = [
        {
            "region": region,
            "basis": case.region(region).file.basis.value,
            "against": other,
            "against_basis": case.region(other).file.basis.value,
            "scenario": scenario,
            "indicator": indicator.name,
            "unit": indicator.unit,
            "year": year,
            **_apart(
                indicator,
                values_of(case, indicator, region, scenario, year),
                values_of(case, indicator, other, scenario, year),
            ),
            "n_failed": _n_failed(case, (region, scenario), (other, scenario)),
        }
        for other, region in combinations(regions, 2)
        for scenario in scenarios
        for indicator, year in readings(indicators, years)
    ]
    return pd.DataFrame(rows, columns=GAP_COLUMNS)


def difference(one: Array, other: Array) -> Array:
    """Return `one` less `other`, draw by draw; nan where either has no finite value."""
    sound = np.isfinite(one) & np.isfinite(other)
    return np.subtract(one, other, out=np.full(one.shape, np.nan), where=sound)


def ratio(one: Array, other: Array) -> Array:
    """Return `one` over `other`, draw by draw; nan where either has no finite value.

    All are nan if `other` is not above zero in every draw: of nothing, and of less, there is no
    share, and the draws that have one would not stand for all.
    """
    sound = np.isfinite(one) & np.isfinite(other)
    if (other[sound] <= 0).any():
        sound[:] = False
    return np.divide(one, other, out=np.full(one.shape, np.nan), where=sound)


def _paired(indicator: Indicator, one: Array, other: Array) -> Mapping[str, object]:
    apart = difference(one, other)
    percent = 100 * (ratio(one, other) - 1) if indicator.relative else np.full(one.shape, np.nan)
    paired = np.where(np.isnan(other), np.nan, one)
    return {
        **_percentiles("value", paired),
        **_percentiles("difference", apart),
        **_percentiles("percent", percent),
        **_above(indicator, one, other),
    }


def _apart(indicator: Indicator, one: Array, other: Array) -> Mapping[str, object]:
    apart = difference(one, other)
    quotient = ratio(one, other) if indicator.relative else np.full(one.shape, np.nan)
    return {
        **_percentiles("gap", apart),
        **_percentiles("ratio", quotient),
        **_above(indicator, one, other),
    }


def _percentiles(name: str, values: Array) -> dict[str, float]:
    low, median, high, _ = band(values)
    return {f"{name}_p10": low, f"{name}_p50": median, f"{name}_p90": high}


def _above(indicator: Indicator, one: Array, other: Array) -> dict[str, object]:
    apart = difference(one, other)
    chance = probability(apart[~np.isnan(apart)] > 0)
    beyond = np.isinf(one) & ~np.isnan(other) | np.isinf(other) & ~np.isnan(one)
    note = UNPAIRED if beyond.any() else note_on(indicator, chance.n, 0.0)
    return {
        "above": chance.value,
        "above_low": chance.low,
        "above_high": chance.high,
        "n": chance.n,
        "note": note,
    }


def _n_failed(case: Case, *runs: tuple[str, str]) -> int:
    """Return the number of draws that failed in any of the runs, by (region, scenario)."""
    ok = np.logical_and.reduce([case.runs.years(*run).ok for run in runs])
    return int(np.count_nonzero(~ok))
