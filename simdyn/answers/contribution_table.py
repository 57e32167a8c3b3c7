"""What each part of scenarios contributes to their difference from another, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from simdyn.answers.bands import band, probability
from simdyn.answers.case import Case
from simdyn.answers.contributions import (
    TOTAL,
    Contributions,
    Effort,
    Parts,
    contributions,
    levers_of,
    parts_of,
)
from simdyn.answers.indicators import Indicator, find_indicator
from simdyn.arrays import Array
from simdyn.errors import RunError

CONTRIBUTION_COLUMNS = [
    *("region", "basis", "scenario", "against", "indicator", "unit", "year", "part", "levers"),
    *("p10", "p50", "p90", "mean", "standard_error", "above", "above_low", "above_high"),
    *("n", "n_failed", "orders"),
]


def contribution_table(
    case: Case,
    indicators: Sequence[tuple[Indicator, int]],
    regions: Sequence[str],
    scenario: str,
    against: str,
    groups: Parts | None = None,
    effort: Effort = Effort(),  # noqa: B008
) -> pd.DataFrame:
    """Return what each part of a scenario contributes, largest first, and the total.

    A region in which the scenario moves no lever is left out.

    Returns
    -------
    pandas.DataFrame
        `CONTRIBUTION_COLUMNS`; p10, p50, p90 and mean over draws, in the unit of the indicator,
        percentage points for rates: only means add up to that of the total; standard_error: of
        the mean, from the sampling of orders, nan if every set of parts was run; above:
        probability that the contribution is above zero; n: draws; n_failed: draws left out, as
        a set of parts has no sound run or no finite value; orders: 'all', or how many were sampled

    Raises
    ------
    RunError : the scenario moves no lever in any of the regions, or a group does not fit
    """
    moved = [region for region in regions if levers_of(case, region, scenario, against)]
    if not moved:
        message = f"'{scenario}' moves no lever there that '{against}' does not. Name another."
        raise RunError(message, path=case.scenario(scenario).path)
    rows = []
    for region in moved:
        parts = parts_of(case, region, scenario, against, groups)
        head = {
            "region": region,
            "basis": case.region(region).file.basis.value,
            "scenario": scenario,
            "against": against,
        }
        for found in contributions(case, region, scenario, against, indicators, parts, effort):
            rows += [{**head, **row} for row in _rows(found)]
    return pd.DataFrame(rows, columns=CONTRIBUTION_COLUMNS)


def _rows(found: Contributions) -> list[dict[str, object]]:
    about = {
        "indicator": found.indicator.name,
        "unit": found.indicator.unit,
        "year": found.year,
        "orders": found.orders,
    }
    named = zip(found.parts.items(), found.values, found.errors.tolist(), strict=True)
    rows = [_row(name, levers, values, error) for (name, levers), values, error in named]
    rows.sort(key=lambda row: -abs(row["mean"]))
    levers = tuple(lever for names in found.parts.values() for lever in names)
    return [{**about, **row} for row in (*rows, _row(TOTAL, levers, found.total, np.nan))]


def _row(part: str, levers: tuple[str, ...], values: Array, error: float) -> dict[str, Any]:
    sound = values[~np.isnan(values)]
    chance = probability(sound > 0)
    return {
        "part": part,
        "levers": ", ".join(levers),
        **band(values)._asdict(),
        "mean": float(sound.mean()) if sound.size else np.nan,
        "standard_error": error,
        "above": chance.value,
        "above_low": chance.low,
        "above_high": chance.high,
        "n_failed": values.size - sound.size,
    }


def contributions_of_scenarios(
    case: Case,
    indicators: Sequence[str],
    year: int,
    regions: Sequence[str],
    scenarios: Sequence[str],
    against: str,
    exact_parts: int,
    n_pair: int,
) -> pd.DataFrame:
    """Return the contributions to indicators of these names in several scenarios.

    What moves no lever, a scenario in a region, has no rows.

    Parameters
    ----------
    exact_parts, n_pair : as of `Effort`

    Returns
    -------
    pandas.DataFrame
        as of `contribution_table`
    """
    pairs = [(find_indicator(name), year) for name in indicators]
    effort = Effort(exact_parts, n_pair)
    tables = [
        contribution_table(case, pairs, [region], scenario, against, effort=effort)
        for scenario in scenarios
        for region in regions
        if levers_of(case, region, scenario, against)
    ]
    return (
        pd.concat(tables, ignore_index=True)
        if tables
        else pd.DataFrame(columns=CONTRIBUTION_COLUMNS)
    )
