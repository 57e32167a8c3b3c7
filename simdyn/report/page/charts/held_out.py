"""Figures that the fit did not see, beside what was expected of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simdyn.calibrate.foretell import MODEL
from simdyn.report.held_out import held_out_points
from simdyn.report.page.charts.plain import Plain, rounded


def points(tables: Mapping[str, pd.DataFrame]) -> list[dict[str, Plain]]:
    """Return the levels that were foretold ahead of their time, in the unit of their quantity."""
    if "backtest" not in tables:
        return []
    return [
        {
            "region": row["region"],
            "quantity": row["variable"],
            "year": row["end"],
            "value": rounded(row["reported"]),
            "expected": [rounded(row["p5"]), rounded(row["mean"]), rounded(row["p95"])],
            "source": f"{row['document']} {row['section']}".strip(),
        }
        for row in held_out_points(tables["backtest"]).to_dict("records")
    ]


def trials(
    tables: Mapping[str, pd.DataFrame], names: Mapping[tuple[str, str], str]
) -> dict[str, Plain]:
    """Return each figure by trial: reported, what the model expected, and what rivals did.

    Parameters
    ----------
    names : of figures in the language, by region and the table's figure
    """
    found: dict[str, dict[tuple[str, str], dict[str, Plain]]] = {}
    for row in tables.get("backtest", pd.DataFrame()).to_dict("records"):
        place = found.setdefault(str(row["test"]), {})
        key = (str(row["region"]), str(row["figure"]))
        if row["method"] == MODEL:
            place[key] = {
                "region": row["region"],
                "figure": names.get(key, row["figure"]),
                "unit": row["unit"],
                "source": f"{row['document']} {row['section']}".strip(),
                "inside": bool(row["in_90"]),
                "rivals": {},
                **{name: rounded(row[name]) for name in ("reported", "mean", "sd", "p5", "p95")},
            }
        elif key in place:
            place[key]["rivals"][row["method"]] = rounded(row["mean"])
    return {test: list(rows.values()) for test, rows in found.items()}
