"""Sentences whose every number and name is quoted from a row of a table."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from simdyn.report.words.language import Labels
from simdyn.report.words.markdown import escaped
from simdyn.report.words.names import lever_name
from simdyn.report.words.sensitivity.rows import Row, Shares
from simdyn.report.words.sensitivity.telling import Telling

TINY = 0.001
"""Share of a variance below which only this much is said of it."""
MOST_DIGITS = 6
"""Significant digits that levels do not reach, however close they are."""

PURE = frozenset({"", "Dmnl", "share"})
"""Units of pure numbers."""
YEARLY = {"1/Year": "unit_each_year", "a year": "unit_each_year", "Year": "unit_years"}
"""Units of time and the labels of their words."""


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
class Finding:
    """A sentence about an outcome of a region, in Markdown.

    Findings that say the same of several outcomes can be told in one sentence: what is `said`,
    then each one's `about`.

    region : its key
    indicator : "" for what is about a target, a question or all indicators
    quotes : every number and name in it with the cell it is from
    form : how the language makes a sentence of `said` and `about`
    cells : short forms for tables, by column
    is_list : whether `about` is a list itself
    """

    region: str
    indicator: str
    topic: Topic
    said: str
    about: str
    quotes: tuple[Quote, ...]
    form: str
    cells: Mapping[str, str] = field(default_factory=dict)
    is_list: bool = False

    @property
    def text(self) -> str:
        """The sentence."""
        return self.form.format(said=sentence(self.said), about=self.about)


class Quotes:
    """Writes numbers and names of rows in a language, and remembers which."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._found: list[Quote] = []

    def finding(
        self,
        region: str,
        indicator: str,
        topic: Topic,
        said: str,
        about: str,
        cells: Mapping[str, str] | None = None,
        is_list: bool = False,
    ) -> Finding:
        """Return the finding whose numbers and names are all that was quoted so far."""
        form = self._telling.labels.words["sentence_of"]
        quotes = tuple(self._found)
        return Finding(region, indicator, topic, said, about, quotes, form, cells or {}, is_list)

    def name(self, row: Row, column: str = "input") -> str:
        """Write a name so that Markdown shows it as it is."""
        text = escaped(self._telling.name(row, column))
        return self._quote(text, row.text(column), row, column)

    def lever(self, row: Row) -> str:
        """Write the name of a lever without saying that it is one."""
        value = row.text("input")
        text = escaped(lever_name(value, self._telling.labels))
        return self._quote(text, value, row, "input")

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
        text = self._telling.labels("over_99") if rounded_up else text
        return self._quote(text, value, row, column, 100.0) + " %"

    def share(self, row: Row, columns: Shares) -> str:
        """Write a share of variance with its interval, or that there is none."""
        labels = self._telling.labels
        if row.number(columns.low) > 0:
            middle, low, high = (
                self.number(row, column, scale=100.0)
                for column in (columns.middle, columns.low, columns.high)
            )
            return labels("share_band", middle=middle, low=low, high=high)
        if row.number(columns.high) > 0:
            return labels("share_none_below", high=self.number(row, columns.high, scale=100.0))
        return labels("share_none")

    def levels(self, row: Row, columns: Sequence[str]) -> list[str]:
        """Write levels with two significant digits, or as many as tell them apart."""
        values = [row.number(column) for column in columns]
        n_level = len(set(values))
        for digits in range(2, MOST_DIGITS):
            if len({significant(value, digits) for value in values}) == n_level:
                break
        return [self.number(row, column, digits) for column in columns]

    def _quote(
        self, text: str, value: float | str, row: Row, column: str, scale: float = 1.0
    ) -> str:
        self._found.append(Quote(text, value, row.table, row.at, column, scale))
        return text


def significant(value: float, digits: int = 2) -> str:
    """Write a number to so many significant digits, without an exponent."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    decimals = max(digits - 1 - int(exponent), 0)
    return f"{float(f'{mantissa}e{exponent}'):z,.{decimals}f}"


def a_unit(unit: str, labels: Labels) -> str:
    """Return a unit of an input as prose has it behind a number, "" for a pure number."""
    if unit in PURE:
        return ""
    if unit in YEARLY:
        return labels(YEARLY[unit])
    term = labels.term(unit)
    return labels("unit_times" if term[0].isdigit() else "unit_plain", unit=escaped(term))


def sentence(text: str) -> str:
    """Return a text that starts with a capital."""
    return text[:1].upper() + text[1:]
