"""Topics of what scenarios change: differences, what levers add, what targets would take."""

from __future__ import annotations

import pandas as pd

from simdyn.answers.case import case_of
from simdyn.answers.differences import difference_table
from simdyn.answers.indicators import SHORT, find_indicator
from simdyn.export.cells import EXACT
from simdyn.indicators import PERIODS
from simdyn.report.words.figure_names import target_labels
from simdyn.report.workbook.answers import rows_of
from simdyn.report.workbook.layout import (
    BY_UNIT,
    COUNTS,
    PLACE,
    Column,
    Topic,
    Words,
    chances,
    points,
)
from simdyn.report.workbook.sources import document_link
from simdyn.study import Results, Study


def differences(results: Results, words: Words) -> Topic:
    """Return each scenario less the reference, draw by draw."""
    study = results.study
    table = difference_table(
        case_of(results),
        [find_indicator(name) for name in SHORT],
        [last for _, last in PERIODS[1:]],
        study.file.regions,
        [scenario.name for scenario in study.scenarios[1:]],
        study.reference.name,
    )
    columns = [
        *PLACE,
        Column("against", "scenario"),
        Column("indicator", "dated"),
        Column("unit", "term"),
        Column("year"),
        *points("value_", BY_UNIT, words.labels("book_value")),
        *points("difference_", BY_UNIT, words.labels("book_difference")),
        *points("percent_", "0.0", words.labels("book_percent")),
        *chances("above", words.labels("book_above")),
        *COUNTS,
        Column("note"),
    ]
    return Topic("differences", columns, rows_of(table), 5)


def contributions(table: pd.DataFrame, words: Words) -> Topic:
    """Return what each lever adds to the difference of a scenario from the reference."""
    columns = [
        *PLACE,
        Column("against", "scenario"),
        Column("indicator", "dated"),
        Column("unit", "term"),
        Column("year"),
        Column("part", "lever", header="lever"),
        Column("setting"),
        Column("mean", look=BY_UNIT),
        *points("", BY_UNIT),
        Column("standard_error", look=EXACT),
        *chances("above", words.labels("book_above")),
        Column("orders", "term"),
        *COUNTS,
    ]
    return Topic("contributions", columns, rows_of(table), 3)


def take(table: pd.DataFrame, study: Study, words: Words) -> Topic:
    """Return what each policy lever alone would have to be for targets that are not likely met."""
    names = target_labels(study, words.labels)
    rows = [
        {
            **row,
            "target": names[row["region"], row["target"]],
            "possible": words.labels("book_yes" if row["possible"] else "book_no"),
            "document": document_link(study, row["document"], words),
        }
        for row in rows_of(table)
    ]
    columns = [
        Column("region", "region"),
        Column("basis", "term"),
        Column("target"),
        Column("aim", look=BY_UNIT),
        Column("unit", "term"),
        Column("scenario", "scenario"),
        *chances("chance", words.labels("book_chance_now")),
        Column("lever", "lever"),
        Column("possible"),
        Column("side", "term"),
        *(Column(name, look=EXACT) for name in ("value", "value_low", "value_high")),
        Column("lever_unit", "term"),
        *chances("there", words.labels("book_chance_there")),
        *(Column(name, look=EXACT, group=words.labels("book_limits")) for name in ("low", "high")),
        Column("best", look=EXACT),
        Column("best_chance", "chance", "0%"),
        Column("document"),
        Column("section"),
        *COUNTS,
    ]
    return Topic("take", columns, rows, 3)
