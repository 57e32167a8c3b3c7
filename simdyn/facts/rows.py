"""Rows of a facts file: from text to named cells, each row with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simdyn.errors import FactError, did_you_mean
from simdyn.records import read_text

COLUMNS = (
    "region",
    "quantity",
    "kind",
    "value",
    "unit",
    "start",
    "end",
    "bound",
    "role",
    "price_basis",
    "vintage",
    "document",
    "section",
    "confidence",
    "note",
)


@dataclass(frozen=True)
class Row:
    """One row as written: its cells by column, and the line on which it begins."""

    path: Path
    line: int
    cells: dict[str, str]

    def error(self, column: str, message: str) -> FactError:
        """Return the error that points at `column` of this row."""
        place = f"{COLUMNS.index(column) + 1} '{column}'"
        return FactError(message, path=self.path, line=self.line, column=place)


Outcome = Row | FactError


def read_rows(path: Path) -> Iterator[Outcome]:
    """Yield each row of the file, or what is wrong with it; a bad header ends the file."""
    try:
        lines = _numbered_cells(path)
        header_line, header = next(lines, (1, []))
        errors = list(_header_errors(path, header_line, header))
        yield from errors
        for line, values in lines if not errors else ():
            yield _row(path, line, values)
    except FactError as error:
        yield error


def _numbered_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, cells) of every row that is not blank."""
    reader = csv.reader(io.StringIO(_text(path)), strict=True)
    line = 1
    try:
        for values in reader:
            if values:
                yield line, [value.strip() for value in values]
            line = reader.line_num + 1
    except csv.Error as invalid:
        mend = "Close each quotation mark, and write a quotation mark inside text twice."
        raise FactError(f"not valid CSV: {invalid}. {mend}", path=path, line=line) from None


def _text(path: Path) -> str:
    text = read_text(path, FactError)
    if not text.strip():
        message = f"the file is empty. Its first line must be: {','.join(COLUMNS)}"
        raise FactError(message, path=path)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        mend = "Save the table as UTF-8 CSV."
        raise FactError(f"holds a NUL byte, so it is not text. {mend}", path=path, line=line)
    return text


def _header_errors(path: Path, line: int, header: list[str]) -> Iterator[FactError]:
    for position, name in enumerate(header, start=1):
        place = f"{position} '{name}'"
        if name not in COLUMNS:
            message = f"unknown column. {did_you_mean(name, COLUMNS)}"
            yield FactError(message, path=path, line=line, column=place)
        elif name in header[: position - 1]:
            message = "the column stands twice. Delete one."
            yield FactError(message, path=path, line=line, column=place)
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        message = f"missing column '{missing[0]}'. The header must be: {','.join(COLUMNS)}"
        yield FactError(message, path=path, line=line)
    elif sorted(header) == sorted(COLUMNS) and tuple(header) != COLUMNS:
        message = f"columns in another order. The header must be: {','.join(COLUMNS)}"
        yield FactError(message, path=path, line=line)


def _row(path: Path, line: int, values: list[str]) -> Outcome:
    if len(values) != len(COLUMNS):
        mend = "Put text with commas in quotation marks."
        message = f"{len(values)} cells where the header has {len(COLUMNS)}. {mend}"
        return FactError(message, path=path, line=line)
    return Row(path, line, dict(zip(COLUMNS, values, strict=True)))
