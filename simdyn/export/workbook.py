"""Excel workbooks: text is text, rows beyond Excel's limits are counted, bytes do not vary."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from simdyn.export.cells import LOOKS, Cell, Link, Marked, width
from simdyn.export.safe import is_formula
from simdyn.export.source import About
from simdyn.export.whole import scratch_folder, whole_file

MAX_ROWS = 2**20
"""Rows of a sheet of Excel."""
MAX_TEXT = 32_767
"""Characters of a cell of Excel."""
CREATED = datetime(1980, 1, 1)
"""The date that workbooks bear, so that the same results give the same bytes."""
WIDEST = 60
"""Columns of characters beyond which a cell breaks its lines."""
FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}


class Sheet:
    """A sheet that is filled row by row, under a header that stays in view.

    n_cut : rows that found no place
    """

    def __init__(
        self,
        book: Book,
        sheet: Worksheet,
        header: Sequence[Cell],
        frozen: int,
        groups: Sequence[str],
    ) -> None:
        self.name = sheet.name
        self.n_cut = 0
        self._book, self._sheet, self._next = book, sheet, 0
        self._widths = [0] * len(header)
        if any(groups):
            self._group(groups)
        self.add(header, ["header"] * len(header))
        self._first = self._next
        sheet.freeze_panes(self._first, frozen)

    def add(self, cells: Sequence[Cell], formats: Sequence[str] | None = None) -> None:
        """Add a row; a number format for each cell, or none for plain text and numbers."""
        if self._next >= self._book.max_rows:
            self.n_cut += 1
            return
        for column, cell in enumerate(cells):
            style = formats[column] if formats else ""
            if isinstance(cell, Link):
                self._link(column, cell)
            elif isinstance(cell, Marked):
                self._text(column, cell.text, cell.look)
            elif isinstance(cell, str):
                self._text(column, cell, style)
            elif cell is not None and math.isfinite(cell):
                self._sheet.write_number(self._next, column, cell, self._book.style(style))
                self._widths[column] = max(self._widths[column], 9)
        self._next += 1

    def _text(self, column: int, text: str, style: str) -> None:
        if len(text) > MAX_TEXT:
            text = text[: MAX_TEXT - 1] + "…"
        look = "quoted" if is_formula(text) else style
        self._sheet.write_string(self._next, column, text, self._book.style(look))
        room = 4 if style == "header" else 1
        self._widths[column] = max(self._widths[column], width(text) + room)

    def _link(self, column: int, link: Link) -> None:
        place = f"internal:{link.place}"
        style = self._book.style("link")
        self._sheet.write_url(self._next, column, place, style, string=link.text)
        self._widths[column] = max(self._widths[column], width(link.text) + 1)

    def _group(self, groups: Sequence[str]) -> None:
        """Write a row above the header: a name over the columns that it holds together."""
        for name, found in groupby(enumerate(groups), key=lambda each: each[1]):
            columns = [column for column, _ in found]
            place = (self._next, columns[0], self._next, columns[-1])
            if name and len(columns) > 1:
                self._sheet.merge_range(*place, name, self._book.style("group"))
            elif name:
                self._sheet.write_string(*place[:2], name, self._book.style("group"))
        self._next += 1

    def show_chances(self, column: int) -> None:
        """Draw a bar from nought to one behind each number of a column."""
        bar = {"type": "data_bar", "bar_color": "#9DC3E6"}
        limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
        self._condition(column, {**bar, **limits})

    def show_beyond(self, column: int, limit: float) -> None:
        """Mark each number of a column that is further from nought than a limit."""
        rule = {"type": "cell", "criteria": "not between", "minimum": -limit, "maximum": limit}
        self._condition(column, {**rule, "format": self._book.style("alert")})

    def _condition(self, column: int, rule: dict[str, object]) -> None:
        if self._next > self._first:
            self._sheet.conditional_format(self._first, column, self._next - 1, column, rule)

    def finish(self, *, filtered: bool) -> None:
        """Set the widths of columns, and filters on the header if wanted."""
        for column, characters in enumerate(self._widths):
            self._sheet.set_column(column, column, min(max(characters, 6), WIDEST))
        if filtered:
            self._sheet.autofilter(self._first - 1, 0, self._next - 1, len(self._widths) - 1)


class Book:
    """A workbook of sheets.

    max_rows : rows of a sheet, the header among them
    """

    def __init__(self, book: xlsxwriter.Workbook, max_rows: int) -> None:
        self.max_rows = max_rows
        self._book = book
        self._styles: dict[str, Format] = {}

    def sheet(
        self, name: str, header: Sequence[Cell], frozen: int = 0, groups: Sequence[str] = ()
    ) -> Sheet:
        """Return a new sheet.

        Parameters
        ----------
        frozen : columns that stay in view, as the header does
        groups : for each column the name that it shares with its neighbours above the header
        """
        return Sheet(self, self._book.add_worksheet(name), header, frozen, groups)

    def style(self, name: str) -> Format:
        """Return the format of a look of `LOOKS`, or else of a number format."""
        if name not in self._styles:
            look = LOOKS.get(name, {"num_format": name})
            self._styles[name] = self._book.add_format({**FONT, **look})
        return self._styles[name]


@contextmanager
def open_book(path: Path, about: About, max_rows: int = MAX_ROWS) -> Iterator[Book]:
    """Yield a workbook that stands at `path` when the block ends well.

    Rows are written to disk as they come, so memory does not grow with them.

    Raises
    ------
    RunError : the file cannot be written
    """
    with whole_file(path) as partial, scratch_folder(partial) as scratch:
        options = {
            "constant_memory": True,
            "tmpdir": str(scratch),
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        book = xlsxwriter.Workbook(partial, options)
        book.use_zip64()
        book.set_properties(
            {
                "title": about.words.title[:255],
                "subject": f"study {about.study}, results {about.digest}"[:255],
                "author": f"simdyn {about.simdyn}"[:255],
                "created": CREATED,
            }
        )
        yield Book(book, max_rows)
        try:
            book.close()
        except FileCreateError as failure:
            # It wraps the system's error, which knows the reason.
            raise failure.args[0] from failure
