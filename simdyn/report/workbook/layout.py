"""Turn the rows of a topic into a sheet: words in the language, numbers as their unit asks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simdyn.export.cells import Cell, Link, Marked, unit_format
from simdyn.export.workbook import Book
from simdyn.report.tables import OFF, POINTS
from simdyn.report.words.language import Labels, Language, labels_of
from simdyn.report.words.names import part_name
from simdyn.study import Study

Row = Mapping[str, Any]
"""A row of a topic: values by the name of their column."""

BY_UNIT = "by unit"
"""The number format of a column whose rows have different units."""
CHANCE = "0%"
ENDLESS = "∞"


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    name : of the values in rows; the header is the label `book_<name>`
    kind : what the values are: "plain", "term" (a word to translate), "dated" (a term and its
        years), "headed" (a term, a colon and more), "region", "regions" (keys with commas),
        "lever", "scenario", "chance" or "z"
    look : number format, or `BY_UNIT`
    header : name of the header, if it is not that of the values; a number stands as it is
    group : text over the columns that stand together
    """

    name: str
    kind: str = "plain"
    look: str = ""
    header: str | float = ""
    group: str = ""


PLACE = (Column("region", "region"), Column("basis", "term"), Column("scenario", "scenario"))
COUNTS = (Column("n"), Column("n_failed"))


@dataclass(frozen=True)
class Topic:
    """A sheet; its title is the label `sheet_<name>`, what it holds `about_<name>`.

    frozen : columns that stay in view
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    frozen: int = 0


class Words:
    """The words of a workbook in a language."""

    def __init__(self, language: Language, study: Study) -> None:
        self.labels: Labels = labels_of(language)
        self._regions = {key: self.labels.region(region) for key, region in study.regions.items()}
        self._scenarios = {s.name: self.labels.scenario(s) for s in study.scenarios}
        self._told: Mapping[str, Callable[[str], str]] = {
            "term": self.labels.term,
            "dated": self._dated,
            "headed": self._headed,
            "region": lambda key: self._regions.get(key, key),
            "regions": self._several,
            "lever": lambda name: part_name(name, self.labels),
            "scenario": lambda name: self._scenarios.get(name, name),
        }

    def header(self, column: Column) -> Cell:
        """Return the header of a column."""
        if isinstance(column.header, float):
            return column.header
        return self.labels(f"book_{column.header or column.name}")

    def cell(self, column: Column, value: object) -> Cell:
        """Return the cell of a value: words told in the language, nothing where there is none."""
        if isinstance(value, (Link, Marked)):
            return value
        if value is None or value == "":
            return None
        if isinstance(value, str):
            told = self._told.get(column.kind)
            return told(value) if told else value
        return _number(float(value))  # type: ignore[arg-type]

    def sheet(self, name: str) -> str:
        """Return the title of a topic's sheet."""
        return self.labels(f"sheet_{name}")

    def _several(self, keys: str) -> str:
        names = (self._regions.get(key, key) for key in keys.split(", "))
        return self.labels("book_joint").join(names)

    def _dated(self, text: str) -> str:
        term, _, years = text.rpartition(" ")
        if not years[:4].isdigit():
            return self.labels.term(text)
        return f"{self.labels.term(term)} {years}"

    def _headed(self, text: str) -> str:
        head, colon, rest = text.partition(": ")
        return f"{self.labels.term(head)}{colon}{rest}"


def _number(value: float) -> Cell:
    """Return a number as a cell; none where there is none, a sign where it has no end."""
    if math.isinf(value):
        return ENDLESS if value > 0 else f"-{ENDLESS}"
    return None if math.isnan(value) else value


def add_sheet(book: Book, topic: Topic, words: Words) -> None:
    """Write a topic to a new sheet of a workbook."""
    columns = topic.columns
    header = [words.header(column) for column in columns]
    groups = [column.group for column in columns]
    sheet = book.sheet(words.sheet(topic.name), header, topic.frozen, groups)
    for row in topic.rows:
        cells = [words.cell(column, row.get(column.name)) for column in columns]
        by_unit = unit_format(str(row.get("unit", "")))
        sheet.add(cells, [by_unit if c.look == BY_UNIT else c.look for c in columns])
    for place, column in enumerate(columns):
        if column.kind == "chance":
            sheet.show_chances(place)
        elif column.kind == "z":
            sheet.show_beyond(place, OFF)
    sheet.finish(filtered=True)


def points(name: str, look: str, group: str = "") -> list[Column]:
    """Return the columns of a band over draws: `<name>p10`, `<name>p50` and `<name>p90`."""
    return [Column(f"{name}{p}", look=look, header=p, group=group) for p in POINTS]


def chances(name: str, group: str = "") -> list[Column]:
    """Return the columns of a probability and its interval: `<name>`, `_low` and `_high`."""
    return [
        Column(name, "chance", CHANCE, "chance", group),
        Column(f"{name}_low", "plain", CHANCE, "chance_low", group),
        Column(f"{name}_high", "plain", CHANCE, "chance_high", group),
    ]
