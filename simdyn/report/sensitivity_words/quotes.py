"""Sentences whose every number and name is quoted from a row of a table."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from simdyn.report.markdown import escaped
from simdyn.scenarios import LEVER_SUFFIX
from simdyn.sensitivity.regional import Sensitivity

WORDS = {
    "GDP": "GDP",
    "industry output": "industrial output",
    "budget revenue": "fiscal revenue",
    "Debt": "debt",
    "population": "population",
}
"""Indicators that words are about, and how prose calls them."""
TINY = 0.001
"""Share of a variance below which only this much is said of it."""
MOST_DIGITS = 6
"""Significant digits that levels do not reach, however close they are."""


class Topic(StrEnum):
    """What a finding is about."""

    LEADS = "leads"
    FIT = "fit"
    WEIGHS = "weighs"
    OUTSIDE = "outside"
    STRONGEST = "strongest"
    LITTLE = "little"
    SOURCES = "sources"
    FAILS = "fails"
    SETTLED = "settled"


@dataclass(frozen=True)
class Row:
    """A row of a table.

    at : its label in the table's index
    """

    table: str
    at: Hashable
    cells: Mapping[str, object]

    def number(self, column: str) -> float:
        """Return a number, nan where there is none."""
        return float(str(self.cells.get(column, math.nan)))

    def text(self, column: str) -> str:
        """Return a text, "" where there is none."""
        cell = self.cells.get(column, "")
        return cell if isinstance(cell, str) else ""


@dataclass(frozen=True)
class Quote:
    """A number or a name in a sentence, and the cell that it is from.

    text : as the sentence has it
    value : as the table has it
    scale : what a number is multiplied by before it is written
    """

    text: str
    value: float | str
    table: str
    row: Hashable
    column: str
    scale: float = 1.0


@dataclass(frozen=True)
class Shares:
    """Columns of a share of variance and its 95 percent interval."""

    middle: str
    low: str
    high: str


TOTAL = Shares("total", "total_low", "total_high")
"""Total order: with all that an input does together with others."""


@dataclass(frozen=True)
class Finding:
    """A sentence about an outcome of a region, in Markdown.

    Findings that say the same of several outcomes can be told in one sentence: what is `said`,
    then each one's `about`.

    region : its key
    indicator : "" for what is about a target, a question or all indicators
    quotes : every number and name in it with the cell it is from
    cells : short forms for tables, by column
    is_list : whether `about` is a list itself
    """

    region: str
    indicator: str
    topic: Topic
    said: str
    about: str
    quotes: tuple[Quote, ...]
    cells: Mapping[str, str] = field(default_factory=dict)
    is_list: bool = False

    @property
    def text(self) -> str:
        """The sentence."""
        return f"{sentence(self.said)} {self.about}."


class Quotes:
    """Writes numbers and names of rows, and remembers which."""

    def __init__(self) -> None:
        self._found: list[Quote] = []

    @property
    def found(self) -> tuple[Quote, ...]:
        """All that was quoted so far."""
        return tuple(self._found)

    def name(self, row: Row, column: str = "input") -> str:
        """Write a name so that Markdown shows it as it is."""
        value = row.text(column)
        return self._quote(escaped(value), value, row, column)

    def lever(self, row: Row) -> str:
        """Write the name of a lever without saying that it is one."""
        value = row.text("input")
        return self._quote(escaped(value.removesuffix(LEVER_SUFFIX)), value, row, "input")

    def number(self, row: Row, column: str, digits: int = 2, scale: float = 1.0) -> str:
        """Write a number to so many significant digits."""
        value = row.number(column)
        return self._quote(significant(scale * value, digits), value, row, column, scale)

    def exactly(self, row: Row, column: str) -> str:
        """Write a limit or a count as the table has it."""
        value = row.number(column)
        return self._quote(f"{value:,.15g}", value, row, column)

    def percent(self, row: Row, column: str) -> str:
        """Write a share of cases in percent; all of them only if it is all."""
        value = row.number(column)
        text = significant(100 * value)
        rounded_up = value < 1 and text == "100"
        text = "over 99" if rounded_up else text
        return self._quote(text, value, row, column, 100.0) + " %"

    def share(self, row: Row, columns: Shares) -> str:
        """Write a share of variance with its interval, or that there is none."""
        if not row.number(columns.low) > 0:
            return f"none that can be told from zero{self._below(row, columns)}"
        middle, low, high = (
            self.number(row, column, scale=100.0)
            for column in (columns.middle, columns.low, columns.high)
        )
        return f"{middle} % [{low}, {high}]"

    def levels(self, row: Row, columns: Sequence[str]) -> list[str]:
        """Write levels with two significant digits, or as many as tell them apart."""
        values = [row.number(column) for column in columns]
        n_level = len(set(values))
        for digits in range(2, MOST_DIGITS):
            if len({significant(value, digits) for value in values}) == n_level:
                break
        return [self.number(row, column, digits) for column in columns]

    def _below(self, row: Row, columns: Shares) -> str:
        if not row.number(columns.high) > 0:
            return ""
        return f" (below {self.number(row, columns.high, scale=100.0)} %)"

    def _quote(
        self, text: str, value: float | str, row: Row, column: str, scale: float = 1.0
    ) -> str:
        self._found.append(Quote(text, value, row.table, row.at, column, scale))
        return text


def rows_of(found: Sensitivity, table: str, **where: object) -> list[Row]:
    """Return the rows of a table in which columns have these values; none if it is absent."""
    if table not in found.tables or not set(where) <= set(found.tables[table].columns):
        return []
    chosen = found.rows(table, **where)
    records = chosen.to_dict("records")
    return [
        Row(table, at, {str(k): v for k, v in record.items()})
        for at, record in zip(chosen.index, records, strict=True)
    ]


def significant(value: float, digits: int = 2) -> str:
    """Write a number to so many significant digits, without an exponent."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    decimals = max(digits - 1 - int(exponent), 0)
    return f"{float(f'{mantissa}e{exponent}'):z,.{decimals}f}"


def a_unit(unit: str) -> str:
    """Return a unit of an input as prose has it behind a number, "" for a pure number."""
    known = {"": "", "Dmnl": "", "share": "", "1/Year": " a year", "Year": " years"}
    times = "x " if unit[:1].isdigit() else ""
    return known.get(unit, f" {times}{escaped(unit)}")


def sentence(text: str) -> str:
    """Return a text that starts with a capital."""
    return text[:1].upper() + text[1:]
