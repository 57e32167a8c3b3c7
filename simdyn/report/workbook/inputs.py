"""The topic of what moves outcomes most."""

from __future__ import annotations

from simdyn.export.cells import EXACT, SHARE
from simdyn.report.workbook.answers import rows_of
from simdyn.report.workbook.layout import Column, Row, Topic, Words
from simdyn.sensitivity.regional import Sensitivity

LARGEST = 5
"""Inputs that are shown of each outcome."""
OUTCOME = ["question", "region", "indicator", "year"]


def sensitivity(found: Sensitivity, words: Words) -> Topic:
    """Return the inputs with the largest total order of each outcome, in the years told."""
    rows: list[Row] = []
    table = found.tables.get("sobol")
    if table is not None:
        told = table[table["year"].isin({outcome.year for outcome in found.plan.told})]
        for _, own in told.groupby(OUTCOME, sort=False):
            largest = own.nlargest(LARGEST, "total").rename(columns={"first": "alone"})
            rows += [{**row, "rank": n} for n, row in enumerate(rows_of(largest), 1)]
    total, alone = words.labels("book_total"), words.labels("book_alone")
    columns = [
        Column("question", "term"),
        Column("region", "region"),
        Column("basis", "term"),
        Column("indicator", "term"),
        Column("year"),
        Column("rank"),
        Column("input", "term"),
        Column("kind", "term", header="input_kind"),
        Column("total", look=SHARE, header="share", group=total),
        Column("total_low", look=SHARE, header="chance_low", group=total),
        Column("total_high", look=SHARE, header="chance_high", group=total),
        Column("alone", look=SHARE, header="share", group=alone),
        Column("first_low", look=SHARE, header="chance_low", group=alone),
        Column("first_high", look=SHARE, header="chance_high", group=alone),
        Column("low", look=EXACT, header="range_low"),
        Column("high", look=EXACT, header="range_high"),
        Column("input_unit", "term"),
        Column("unit", "term", header="outcome_unit"),
    ]
    return Topic("sensitivity", columns, rows, 7)
