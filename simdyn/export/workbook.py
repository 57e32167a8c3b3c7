"""Excel workbooks: text is text, rows beyond Excel's limits are counted, bytes do not vary."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

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

Cell = str | float | None


class Sheet:
    """A sheet that is filled row by row, under a header that stays in view.

    n_cut : rows that found no place
    """

    def __init__(self, book: Book, sheet: Worksheet, header: Sequence[Cell], frozen: int) -> None:
        self.name = sheet.name
        self.n_cut = 0
        self._book, self._sheet, self._next = book, sheet, 0
        self._widths = [0] * len(header)
        self.add(header, ["header"] * len(header))
        sheet.freeze_panes(1, frozen)

    def add(self, cells: Sequence[Cell], formats: Sequence[str] | None = None) -> None:
        """Add a row; a number format for each cell, or none for plain text and numbers."""
        if self._next >= self._book.max_rows:
            self.n_cut += 1
            return
        for column, cell in enumerate(cells):
            style = formats[column] if formats else ""
            if isinstance(cell, str):
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

    def finish(self, *, filtered: bool) -> None:
        """Set the widths of columns, and filters on the header if wanted."""
        for column, characters in enumerate(self._widths):
            self._sheet.set_column(column, column, min(max(characters, 6), WIDEST))
        if filtered:
            self._sheet.autofilter(0, 0, self._next - 1, len(self._widths) - 1)


class Book:
    """A workbook of sheets.

    max_rows : rows of a sheet, the header among them
    """

    def __init__(self, book: xlsxwriter.Workbook, max_rows: int) -> None:
        self.max_rows = max_rows
        self._book = book
        self._styles = {"": self._style(text_wrap=True)}
        self._styles["header"] = self._style(
            bold=True, bottom=1, bg_color="#E7E6E6", text_wrap=True
        )
        self._styles["quoted"] = self._style(text_wrap=True, quote_prefix=True)

    def sheet(self, name: str, header: Sequence[Cell], frozen: int = 0) -> Sheet:
        """Return a new sheet with this header and so many columns that stay in view."""
        return Sheet(self, self._book.add_worksheet(name), header, frozen)

    def style(self, name: str) -> Format:
        """Return a style: "header", "quoted", plain if empty, else of a number format."""
        if name not in self._styles:
            self._styles[name] = self._style(num_format=name)
        return self._styles[name]

    def _style(self, **properties: object) -> Format:
        return self._book.add_format({**FONT, **properties})


@contextmanager
def open_book(path: Path, about: About, max_rows: int = MAX_ROWS) -> Iterator[Book]:
    """Yield a workbook that stands at `path` when the block ends well.

    Rows are written to disk as they come, so memory does not grow with them.

    Raises
    ------
    RunError : the file cannot be written
    """
    with whole_file(path) as partial, scratch_folder(partial) as scratch:
        options = {"constant_memory": True, "tmpdir": str(scratch)}
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


def width(text: str) -> int:
    """Return the columns of characters that the widest line of `text` takes; Chinese takes two."""
    wide = ("W", "F")
    return max(
        sum(2 if unicodedata.east_asian_width(c) in wide else 1 for c in line)
        for line in (text.splitlines() or [""])
    )
