"""What scenarios change, and what each lever adds to that."""

from __future__ import annotations

from typing import Any

import pandas as pd

from simdyn.report.page.charts.plain import Plain, rounded
from simdyn.report.tables import POINTS
from simdyn.report.words.language import Labels
from simdyn.report.words.names import part_name


def differences(table: pd.DataFrame) -> dict[str, Plain]:
    """Return bands of paired differences by indicator, region and scenario.

    In percent of the reference, or in the unit of the indicator where that is a rate or a ratio.
    """
    found: dict[str, Plain] = {}
    for row in table.to_dict("records"):
        rate = _is_rate(str(row["unit"]))
        start = "difference" if rate else "percent"
        place = found.setdefault(
            row["indicator"],
            {"unit": row["unit"] if rate else "percent", "year": row["year"], "regions": {}},
        )
        band = [rounded(row[f"{start}_{point}"]) for point in POINTS]
        place["regions"].setdefault(row["region"], {})[row["scenario"]] = band
    return found


def _is_rate(unit: str) -> bool:
    return unit.startswith(("percent", "share"))


def contributions(table: pd.DataFrame, labels: Labels) -> dict[str, Plain]:
    """Return what each lever adds by scenario, indicator and region: title, band and setting."""
    found: dict[str, Plain] = {}
    for row in table.to_dict("records"):
        place = found.setdefault(row["scenario"], {}).setdefault(
            row["indicator"], {"unit": row["unit"], "year": row["year"], "regions": {}}
        )
        place["regions"].setdefault(row["region"], []).append(_part(row, labels))
    return found


def _part(row: dict[Any, Any], labels: Labels) -> dict[str, Plain]:
    return {
        "name": row["part"],
        "title": part_name(row["part"], labels),
        "band": [rounded(row[point]) for point in POINTS],
        "mean": rounded(row["mean"]),
        "setting": row["setting"],
    }
