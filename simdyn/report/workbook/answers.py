"""Topics of what the study found: headlines, growth, convergence, targets."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simdyn.export.cells import EXACT
from simdyn.report.words.figure_names import target_labels
from simdyn.report.workbook.layout import (
    BY_UNIT,
    CHANCE,
    COUNTS,
    PLACE,
    Column,
    Row,
    Topic,
    Words,
    chances,
    points,
)
from simdyn.report.workbook.sources import document_link
from simdyn.study import Study

SPAN = (Column("first"), Column("last"))
CLOSER = {"sigma": "", "sigma_change": "falls", "beta": "below"}
"""The tables of convergence, each with the name of its probability that regions come closer."""
TO_CATCH_UP = {"needed": "0.0", "own": "0.0", "extra": "0.0", "arrival": "0"}


def rows_of(table: pd.DataFrame | None) -> list[Row]:
    """Return the rows of a table; none if there is no table."""
    found = [] if table is None else table.to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in found]


def headlines(table: pd.DataFrame) -> Topic:
    """Return headline numbers by region and scenario, with bands."""
    columns = [*PLACE, Column("headline", "dated"), Column("unit", "term"), *points("", BY_UNIT)]
    return Topic("headlines", columns, rows_of(table), 4)


def accounts(table: pd.DataFrame) -> Topic:
    """Return what adds to growth, by period."""
    columns = [
        *PLACE,
        *SPAN,
        Column("term", "term", header="part"),
        Column("unit", "term"),
        Column("mean", look="0.00"),
        *points("", "0.00"),
        *chances("above"),
        *COUNTS,
        Column("how"),
    ]
    return Topic("accounts", columns, rows_of(table), 6)


def convergence(tables: Mapping[str, pd.DataFrame], words: Words) -> Topic:
    """Return dispersion by year, its change, and the slope of growth on income by period."""
    rows: list[Row] = []
    for name, chance in CLOSER.items():
        for row in rows_of(tables.get(name)):
            span = {"first": row["year"], "last": row["year"]} if "year" in row else {}
            ends = ("", "_low", "_high") if chance else ()
            closer = {f"closer{end}": row[f"{chance}{end}"] for end in ends}
            rows.append({**row, **span, **closer, "table": name})
    columns = [
        Column("table", "term"),
        Column("measure", "term"),
        Column("regions", "regions"),
        Column("basis", "term"),
        Column("scenario", "scenario"),
        *SPAN,
        Column("unit", "term"),
        *points("", EXACT),
        *chances("closer", words.labels("book_closer")),
        *chances("kept", words.labels("book_kept")),
        *COUNTS,
        Column("note"),
    ]
    return Topic("convergence", columns, rows, 2)


def theil(tables: Mapping[str, pd.DataFrame], words: Words) -> Topic:
    """Return inequality within and between groups of regions, by year."""
    columns = [
        Column("component", "term"),
        Column("group", "term", header="within"),
        Column("regions", "regions"),
        Column("basis", "term"),
        Column("scenario", "scenario"),
        Column("year"),
        Column("unit", "term"),
        *points("", EXACT, words.labels("book_value")),
        *points("share_", CHANCE, words.labels("book_share_of_total")),
        *COUNTS,
    ]
    return Topic("theil", columns, rows_of(tables.get("theil")), 2)


def catch_up(table: pd.DataFrame, words: Words) -> Topic:
    """Return what it takes to reach another region."""
    bands = [
        column
        for name, look in TO_CATCH_UP.items()
        for column in points(f"{name}_", look, words.labels(f"book_{name}"))
    ]
    columns = [
        Column("region", "region"),
        Column("basis", "term"),
        Column("against", "region", header="ahead"),
        Column("against_basis", "term", header="basis"),
        Column("scenario", "scenario"),
        Column("unit", "term"),
        *bands,
        *chances("reached", words.labels("book_reached")),
        *COUNTS,
        Column("note"),
    ]
    return Topic("catch_up", columns, rows_of(table), 3)


def targets(table: pd.DataFrame, study: Study, words: Words) -> Topic:
    """Return the probability of each target, with its document."""
    names = target_labels(study, words.labels)
    rows = [
        {
            **row,
            "target": names[row["region"], row["target"]],
            "document": document_link(study, row["document"], words),
        }
        for row in rows_of(table)
    ]
    columns = [
        Column("region", "region"),
        Column("basis", "term"),
        Column("target"),
        Column("scenario", "scenario"),
        *chances("probability"),
        Column("aim", look=BY_UNIT),
        *points("", BY_UNIT),
        Column("unit", "term"),
        Column("document"),
        Column("section"),
        Column("note"),
        *COUNTS,
    ]
    return Topic("targets", columns, rows, 4)
