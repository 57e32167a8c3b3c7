"""Reported figures beside what the fitted model says of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simdyn.report.page.charts.plain import Plain, rounded

NUMBERS = ("reported", "model", "sd", "sd_above", "p5", "p50", "p95", "z")


def fit_of(table: pd.DataFrame, names: Mapping[tuple[str, str], str]) -> dict[str, Plain]:
    """Return the rows of the fit table by region: figure, unit, layer and rounded numbers.

    `sd` and `sd_above` are the standard deviations of the figure's error below and above it.

    Parameters
    ----------
    names : of figures in the language, by region and the table's figure
    """
    found: dict[str, Plain] = {}
    for row in table.to_dict("records"):
        found.setdefault(row["region"], []).append(
            {
                "figure": names.get((row["region"], row["figure"]), row["figure"]),
                "unit": row["unit"],
                "layer": row["layer"],
                "source": f"{row['document']} {row['section']}".strip(),
                **{name: rounded(row[name]) for name in NUMBERS},
            }
        )
    return found
