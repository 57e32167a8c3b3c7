"""What scenarios change, and what each lever adds to that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from simdyn.answers.indicators import find_indicator
from simdyn.report.page.charts.plain import Plain, rounded
from simdyn.report.tables import POINTS
from simdyn.report.words.language import Labels
from simdyn.report.words.names import TITLES, outcome_name, part_name


def differences(table: pd.DataFrame, labels: Labels) -> dict[str, Plain]:
    """Return bands of paired differences by indicator, region and scenario.

    In percent of the reference, or in percentage points where the indicator is a rate or a share.
    """
    found: dict[str, Plain] = {}
    for row in table.to_dict("records"):
        unit, band = change_of(row)
        place = found.setdefault(
            row["indicator"], {"unit": unit, **_named(row, labels), "regions": {}}
        )
        told = [rounded(value) for value in band]
        place["regions"].setdefault(row["region"], {})[row["scenario"]] = told
    return found


def change_of(row: Mapping[Any, Any]) -> tuple[str, list[float]]:
    """Return the unit and the band of a paired difference as readers are told of it.

    That is percent of the reference, or percentage points where the indicator is a rate or a share.
    """
    unit, factor = _of_difference(str(row["unit"]))
    if unit == row["unit"]:
        return "percent", [row[f"percent_{point}"] for point in POINTS]
    return unit, [factor * row[f"difference_{point}"] for point in POINTS]


def _of_difference(unit: str) -> tuple[str, float]:
    """Return the unit of a difference of values in a unit, and what the difference is to be times.

    It is percentage points of rates and shares.
    """
    for start, factor in (("percent", 1.0), ("share", 100.0)):
        if unit.startswith(start):
            return f"percentage points{unit.removeprefix(start)}", factor
    return unit, 1.0


def contributions(table: pd.DataFrame, labels: Labels) -> dict[str, Plain]:
    """Return what each lever adds by scenario, indicator and region: title, band and setting."""
    found: dict[str, Plain] = {}
    for row in table.to_dict("records"):
        unit, factor = _of_difference(row["unit"])
        place = found.setdefault(row["scenario"], {}).setdefault(
            row["indicator"], {"unit": unit, **_named(row, labels), "regions": {}}
        )
        place["regions"].setdefault(row["region"], []).append(_part(row, factor, labels))
    return found


def _named(row: Mapping[Any, Any], labels: Labels) -> dict[str, Plain]:
    """Return the name of a row's indicator, and the same with the year unless that is in it."""
    name = row["indicator"]
    title = labels.term(TITLES[name]) if name in TITLES else outcome_name(name, labels)
    if find_indicator(name).year is not None:
        return {"title": title, "dated": title}
    return {"title": title, "dated": f"{title}, {row['year']}"}


def _part(row: dict[Any, Any], factor: float, labels: Labels) -> dict[str, Plain]:
    return {
        "name": row["part"],
        "title": part_name(row["part"], labels),
        "band": [rounded(factor * row[point]) for point in POINTS],
        "mean": rounded(factor * row["mean"]),
        "setting": row["setting"],
    }
