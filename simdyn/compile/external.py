"""Read external files of a model: sheets of .xlsx, and .csv or .tab tables.

A model file names them, so only files below the model's folder are opened, through no symlink and
no ``..``; formulas are not evaluated, and nothing is written.
"""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import xlrd  # type: ignore[import-untyped]
from openpyxl import load_workbook  # type: ignore[import-untyped]

_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_TABLES = {".csv": ",", ".tab": "\t", ".txt": "\t"}
"""Tables of text, and what separates their columns unless the model says otherwise."""

_LARGEST = 64 * 1024 * 1024
_MOST_CELLS = 5_000_000

_CELL = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]*)")
_COLUMN = re.compile(r"[A-Za-z]{1,3}")

Series = tuple[tuple[float, ...], tuple[float, ...]]
"""Points of a lookup or of data over time: x rising, and y."""


class ExternalError(Exception):
    """An external file, or what is wanted from it, cannot be had; the text says why."""


@dataclass(frozen=True)
class Area:
    """Cells from the first to the last row and column, from 0; None is the end of the sheet."""

    top: int
    left: int
    bottom: int | None = None
    right: int | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet of values.

    rows : of strings, numbers or None
    areas : named cells, by their lower-case names
    """

    title: str
    rows: Sequence[Sequence[Any]]
    areas: Mapping[str, Area] = field(default_factory=dict)

    def area(self, name: str) -> Area:
        """Return the place of a cell such as ``B2`` or of a named range of cells."""
        cell = _CELL.fullmatch(name)
        if cell:
            return Area(int(cell.group(2)) - 1, column_number(cell.group(1)))
        found = self.areas.get(name.lower())
        if found is None:
            raise ExternalError(f"{self.title} has no cell or named range '{name}'")
        return found

    def number(self, row: int, column: int) -> float:
        """Return the number in a cell; nan if there is none."""
        value = self.value(row, column)
        try:
            return math.nan if value is None else float(value)
        except (TypeError, ValueError):
            return math.nan

    def value(self, row: int, column: int) -> Any:
        """Return what stands in a cell; None if it is empty or outside."""
        inside = 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row])
        return self.rows[row][column] if inside else None

    @property
    def width(self) -> int:
        """Number of columns."""
        return max(map(len, self.rows), default=0)


def column_number(name: str) -> int:
    """Return the number of a column by its letters, A is 0."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


class Folder:
    """The folder of a model; its files are read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._sheets: dict[tuple[str, str], Sheet] = {}

    def sheet(self, file: str, tab: str) -> Sheet:
        """Return a sheet of a workbook, or a table of text whose columns ``tab`` separates.

        Raises
        ------
        ExternalError
            The file lies outside the folder, is missing or no such table.
        """
        if (file, tab) not in self._sheets:
            path = self.path(file)
            suffix = path.suffix.lower()
            if suffix in _WORKBOOKS:
                self._sheets[file, tab] = _workbook_sheet(path, file, tab)
            elif suffix == ".xls":
                self._sheets[file, tab] = _old_sheet(path, file, tab)
            elif suffix in _TABLES:
                separator = tab if len(tab) == 1 and not tab.isalnum() else _TABLES[suffix]
                self._sheets[file, tab] = Sheet(f"'{file}'", read_rows(path, separator))
            else:
                raise ExternalError(f"'{file}' is no .xlsx, .csv or .tab file. Save it as one")
        return self._sheets[file, tab]

    def path(self, file: str) -> Path:
        """Return the path of a file below the folder; ``?name`` is the file of that name."""
        parts = PurePosixPath(file.replace("\\", "/")).parts
        if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0] or "\0" in file:
            raise ExternalError(f"'{file}' lies outside the model's folder. Move it there")
        if parts[0].startswith("?"):
            parts = (*parts[:-1], self._indirect(file, parts[-1].lstrip("?")))
        path = self.root
        for part in parts:
            path = path / part
            if path.is_symlink():
                raise ExternalError(f"'{file}' is reached through a link, which is not followed")
        if not path.is_file():
            raise ExternalError(f"'{file}' is not in the model's folder")
        if path.stat().st_size > _LARGEST:
            raise ExternalError(f"'{file}' is too large to read")
        return path

    def _indirect(self, file: str, name: str) -> str:
        names = [name] if "." in name else [name + s for s in (*sorted(_WORKBOOKS), *_TABLES)]
        found = [candidate for candidate in names if (self.root / candidate).is_file()]
        if not found:
            raise ExternalError(f"'{file}' is no file of the model's folder, such as {name}.xlsx")
        return found[0]


def read_rows(path: Path, separator: str) -> list[list[Any]]:
    """Return the rows of a table of text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ExternalError(f"'{path.name}' is not UTF-8 text. Save it as UTF-8") from None
    return [
        [cell.strip() for cell in row] for row in csv.reader(text.splitlines(), delimiter=separator)
    ]


def _workbook_sheet(path: Path, file: str, tab: str) -> Sheet:
    # openpyxl raises whatever a broken archive makes it raise.
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise ExternalError(f"'{file}' cannot be read as a workbook") from error
    try:
        names = {name.lower(): name for name in book.sheetnames}
        if tab.lower() not in names:
            listed = ", ".join(book.sheetnames)
            raise ExternalError(f"'{file}' has no sheet '{tab}'. Its sheets: {listed}")
        worksheet = book[names[tab.lower()]]
        rows: list[tuple[Any, ...]] = []
        n_cell = 0
        for row in worksheet.iter_rows(min_row=1, min_col=1, values_only=True):
            n_cell += len(row)
            if n_cell > _MOST_CELLS:
                raise ExternalError(f"sheet '{tab}' of '{file}' is too large to read")
            rows.append(row)
        areas = _areas(book.defined_names, tab) | _areas(worksheet.defined_names, tab)
    finally:
        book.close()
    return Sheet(f"sheet '{tab}' of '{file}'", rows, areas)


def _old_sheet(path: Path, file: str, tab: str) -> Sheet:
    """Return a sheet of a workbook of before 2007; its named ranges are not read."""
    try:
        book = xlrd.open_workbook(path)
    except Exception as error:
        raise ExternalError(f"'{file}' cannot be read as a workbook") from error
    sheets = {sheet.name.lower(): sheet for sheet in book.sheets()}
    if tab.lower() not in sheets:
        listed = ", ".join(book.sheet_names())
        raise ExternalError(f"'{file}' has no sheet '{tab}'. Its sheets: {listed}")
    sheet = sheets[tab.lower()]
    rows = [sheet.row_values(number) for number in range(sheet.nrows)]
    return Sheet(f"sheet '{tab}' of '{file}'", rows)


def _areas(defined: Any, tab: str) -> dict[str, Area]:
    """Return the named cells of one sheet."""
    found = {}
    for name, item in defined.items():
        for title, cells in _destinations(item):
            corners = [_CELL.fullmatch(cell) for cell in cells.replace("$", "").split(":")]
            if title.lower() != tab.lower() or None in corners:
                continue
            (left, top), *last = [c.groups() for c in corners if c is not None]
            right, bottom = last[0] if last else (left, top)
            found[name.lower()] = Area(
                int(top) - 1, column_number(left), int(bottom), column_number(right) + 1
            )
    return found


def _destinations(item: Any) -> list[tuple[str, str]]:
    try:
        return list(item.destinations)
    except (AttributeError, TypeError, ValueError):
        return []


def constant(sheet: Sheet, cell: str, shape: Sequence[int], place: int) -> float:
    """Return one number of a table of constants: rows and columns are the last dimensions.

    A star behind the cell turns rows into columns.
    """
    sizes = [size for size in shape if size > 1]
    if len(sizes) > 2:
        raise ExternalError("external constants have at most two dimensions in one equation")
    n_column = sizes[-1] if sizes else 1
    row, column = divmod(place, n_column)
    area = sheet.area(cell.rstrip("*"))
    if cell.endswith("*") and sizes:
        row, column = column, row
    return sheet.number(area.top + row, area.left + column)


def series(sheet: Sheet, axis: str, cell: str, place: int) -> Series:
    """Return x and y of one element; points without an x or a y are left out.

    Parameters
    ----------
    axis : row number, column letters or named range of the x
    cell : first cell, or named range, of the y
    place : number of the element, one row or column each

    Raises
    ------
    ExternalError
        There is no point, or two at the same x.
    """
    area = sheet.area(cell)
    if axis.isdigit():
        cells = _along_row(sheet, int(axis) - 1, area, place)
    elif _CELL.fullmatch(cell) and _COLUMN.fullmatch(axis):
        cells = _along_column(sheet, column_number(axis), area, place)
    else:
        cells = _along_names(sheet, sheet.area(axis), area, place)
    points = sorted(
        (x, y)
        for x, y in ((sheet.number(*at_x), sheet.number(*at_y)) for at_x, at_y in cells)
        if not math.isnan(x) and not math.isnan(y)
    )
    if not points:
        raise ExternalError(f"{sheet.title} has no numbers at '{axis}' and '{cell}'")
    xs, ys = zip(*points, strict=True)
    if any(left == right for left, right in itertools.pairwise(xs)):
        raise ExternalError(f"{sheet.title} has the same number twice at '{axis}'")
    return xs, ys


_Cells = list[tuple[tuple[int, int], tuple[int, int]]]
"""Row and column of each x and of its y."""


def _along_row(sheet: Sheet, row: int, area: Area, place: int) -> _Cells:
    columns = range(area.left, sheet.width)
    return [((row, column), (area.top + place, column)) for column in columns]


def _along_column(sheet: Sheet, column: int, area: Area, place: int) -> _Cells:
    rows = range(area.top, len(sheet.rows))
    return [((row, column), (row, area.left + place)) for row in rows]


def _along_names(sheet: Sheet, axis: Area, area: Area, place: int) -> _Cells:
    n_row = (axis.bottom or axis.top + 1) - axis.top
    n_column = (axis.right or axis.left + 1) - axis.left
    if min(n_row, n_column) > 1:
        raise ExternalError(f"{sheet.title}: the named range of x is a table, not a row or column")
    across = n_column > 1
    found = []
    for number in range(max(n_row, n_column)):
        down, right = (0, number) if across else (number, 0)
        where = (place, number) if across else (number, place)
        found.append(
            (
                (axis.top + down, axis.left + right),
                (area.top + where[0], area.left + where[1]),
            )
        )
    return found


def subscript_names(sheet: Sheet, first: str, last: str, prefix: str) -> list[str]:
    """Return the names in cells from the first to the last, or in a named range."""
    area = sheet.area(first)
    bottom, right = area.bottom or len(sheet.rows), area.right or sheet.width
    if _CELL.fullmatch(last):
        end = sheet.area(last)
        bottom, right = end.top + 1, end.left + 1
    elif last.isdigit():
        bottom = int(last)
    elif _COLUMN.fullmatch(last):
        right = column_number(last) + 1
    found = [
        sheet.value(row, column)
        for row in range(area.top, bottom)
        for column in range(area.left, right)
    ]
    return [prefix + _text(name) for name in found if name not in (None, "")]


def _text(value: Any) -> str:
    """Return a name; a whole number without its decimals."""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()
