"""Figures that the fit did not see, beside what was expected of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simdyn.calibrate.foretell import MODEL
from simdyn.report.page.charts.plain import Plain, rounded


def trials(
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[tuple[str, str], str],
    regions: Mapping[str, str],
) -> dict[str, Plain]:
    """Return each figure by trial: reported, what the model expected, and what rivals did.

    Parameters
    ----------
    names : of figures in the language, by region and the table's figure
    regions : their names in the language, by key
    """
    found: dict[str, dict[tuple[str, str], dict[str, Plain]]] = {}
    for row in tables.get("backtest", pd.DataFrame()).to_dict("records"):
        place = found.setdefault(str(row["test"]), {})
        key = (str(row["region"]), str(row["figure"]))
        if row["method"] == MODEL:
            place[key] = {
                "region": regions[row["region"]],
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
