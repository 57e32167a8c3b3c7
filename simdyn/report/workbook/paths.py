"""Topics of paths: growth by period, and bands by year."""

from __future__ import annotations

import pandas as pd

from simdyn.export import excel
from simdyn.export.series import growth_band
from simdyn.indicators import PERIODS
from simdyn.names import CORE
from simdyn.report.tables import POINTS, QUANTITIES, basis_of
from simdyn.report.workbook.layout import BY_UNIT, PLACE, Column, Row, Topic, points
from simdyn.study import Results

POINT_WORDS = dict(zip(POINTS, excel.POINTS, strict=True))
"""Points of a band as tables call them, and what readers are told."""


def growth(results: Results) -> Topic:
    """Return average growth of the main quantities by period, with bands."""
    rows: list[Row] = []
    for region in results.study.file.regions:
        for scenario in results.study.scenarios:
            years = results.draws(region, scenario.name)
            for quantity in CORE:
                bands = {
                    f"{first} {point}": value
                    for first, last in PERIODS
                    for point, value in zip(
                        POINTS, growth_band(years, quantity.variable, first, last), strict=True
                    )
                }
                head = {"region": region, "basis": basis_of(results, region)}
                told = {"quantity": quantity.title, "prices": quantity.unit.partition(", ")[2]}
                rows.append({**head, "scenario": scenario.name, **told, **bands})
    columns = [
        *PLACE,
        Column("quantity", "term"),
        Column("prices", "term"),
        *(c for first, last in PERIODS for c in points(f"{first} ", "0.0", f"{first}-{last}")),
    ]
    return Topic("growth", columns, rows, 4)


def bands(table: pd.DataFrame) -> Topic:
    """Return the band of every quantity: a row a point, a column a year."""
    titles = {quantity.variable: quantity.title for quantity in QUANTITIES}
    years = sorted(table["year"].unique().tolist())
    keys = ["region", "basis", "scenario", "variable", "unit"]
    rows: list[Row] = []
    for names, own in table.groupby(keys, sort=False):
        head = dict(zip(keys, map(str, names), strict=True))
        head["quantity"] = titles[head["variable"]]
        for point, told in POINT_WORDS.items():
            values = zip(own["year"].astype(str), own[point].tolist(), strict=True)
            rows.append({**head, "point": told, **dict(values)})
    columns = [
        *PLACE,
        Column("quantity", "term"),
        Column("point", "term"),
        Column("unit", "term"),
        *(Column(str(year), look=BY_UNIT, header=float(year)) for year in years),
    ]
    return Topic("paths", columns, rows, 5)
