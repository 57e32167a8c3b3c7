"""Typed records from TOML and CSV files; a wrong entry is refused by file, line and mend."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from reprlib import Repr
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from simdyn.errors import Refuse, SimdynError, at_once, did_you_mean

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A finite number that TOML wrote as a number, not as text."""

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\x20-\x7b\x7d\x7e]+$")]
"""A name for tables and pictures: one line of Latin characters, no vertical bar."""

Key = tuple[str | int, ...]
RecordT = TypeVar("RecordT", bound="Record")


class Record(BaseModel):
    """A frozen record that knows all its fields; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True)
class TomlFile:
    """A parsed TOML file and the line on which each of its keys stands."""

    path: Path
    data: Mapping[str, Any]
    lines: Mapping[Key, int]

    def line_of(self, key: Key) -> int | None:
        """Return the line of `key`, or of the nearest table around it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key)

    def parse(self, record: type[RecordT], error: type[SimdynError]) -> RecordT:
        """Return the file as a `record`; raise `error` at the line of the first wrong entry."""
        try:
            return record.model_validate(self.data)
        except ValidationError:
            raise self.errors(record, error)[0] from None

    def errors(self, record: type[Record], error: type[SimdynError]) -> list[SimdynError]:
        """Return an `error` at its line for each entry that keeps the file from being a record."""
        try:
            record.model_validate(self.data)
        except ValidationError as invalid:
            return [
                error(
                    _mend(each, _fields_at(record, each["loc"])),
                    path=self.path,
                    line=self.line_of(each["loc"]),
                )
                for each in _in_order(invalid)
            ]
        return []


class _Lines(Mapping[Key, int]):
    """The line of each key of a TOML text, found when the first is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _found(self) -> dict[Key, int]:
        return dict(_toml_lines(self._text))

    def __getitem__(self, key: Key) -> int:
        return self._found[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


TOML_MENDS = {
    "Invalid value": "Text needs quotes; numbers stand without, with a point.",
    "Cannot overwrite": "The same name is set twice: keep one.",
    "Expected newline": "Text needs quotes; numbers stand without, with a point.",
}
"""How a syntax error of TOML begins, and what mends it."""


def read_text(path: Path, error: type[SimdynError]) -> str:
    """Return the UTF-8 text of `path` (a byte-order mark is dropped); raise `error` otherwise."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = f"no such file. In its folder: {_listing(path)}"
        raise error(message, path=path) from None
    except UnicodeDecodeError:
        raise error("not UTF-8 text. Save the file as UTF-8.", path=path) from None
    except OSError as failure:
        raise error(f"cannot be read: {failure.strerror}.", path=path) from None


def read_toml(path: Path, error: type[SimdynError]) -> TomlFile:
    """Parse the TOML file `path`; raise `error` with the line of a syntax error."""
    text = read_text(path, error)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as invalid:
        message, _, place = str(invalid).partition(" (at line ")
        line = int(place.split(",")[0]) if place else None
        hint = next((mend for start, mend in TOML_MENDS.items() if message.startswith(start)), "")
        raise error(f"not valid TOML: {message}. {hint}".strip(), path=path, line=line) from None
    except (ValueError, RecursionError):
        raise error("a number or a nesting here is beyond all measure.", path=path) from None
    return TomlFile(path, data, _Lines(text))


def read_table(
    path: Path, row: type[RecordT], error: type[SimdynError], refuse: Refuse = at_once
) -> list[tuple[int, RecordT]]:
    """Return (line, record) for each row of the CSV file `path`; empty cells are left out.

    Refuses each row that is not a `row` with an `error` that has file, line and column.
    """
    reader = csv.reader(io.StringIO(read_text(path, error)), strict=True)
    rows = _table_rows(reader, path, error, refuse)
    _, header = next(rows, (1, []))
    if wrong := list(_header_errors(header, row, path, error)):
        for each in wrong:
            refuse(each)
        return []
    parse = _RowParser(header, row, path, error, refuse)
    records = [(line, parse.record(line, cells)) for line, cells in rows]
    return [(line, record) for line, record in records if record is not None]


def _table_rows(
    reader: Any, path: Path, error: type[SimdynError], refuse: Refuse
) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, cells) of each row that is not blank."""
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as invalid:
        refuse(error(f"not valid CSV: {invalid}. Check the quotes.", path=path, line=line))


def _header_errors(
    header: list[str], row: type[Record], path: Path, error: type[SimdynError]
) -> Iterator[SimdynError]:
    expected = list(row.model_fields)
    for position, name in enumerate(header, start=1):
        if name not in expected:
            message = f"unknown column '{name}'. {did_you_mean(name, expected)}"
            yield error(message, path=path, line=1, column=str(position))
        if name in header[: position - 1]:
            yield error(f"the column '{name}' stands twice.", path=path, line=1)
    required = [name for name, field in row.model_fields.items() if field.is_required()]
    missing = [name for name in required if name not in header]
    for name in missing:
        yield error(f"the column '{name}' is missing. Add it.", path=path, line=1)


@dataclass(frozen=True)
class _RowParser(Generic[RecordT]):
    """Makes records of the cells under a header."""

    header: list[str]
    row: type[RecordT]
    path: Path
    error: type[SimdynError]
    refuse: Refuse

    def record(self, line: int, cells: list[str]) -> RecordT | None:
        """Return a row's record; refuse each of its wrong cells."""
        if len(cells) != len(self.header):
            message = f"{len(cells)} cells where the header has {len(self.header)}."
            self.refuse(self.error(f"{message} Quote commas in text.", path=self.path, line=line))
            return None
        pairs = zip(self.header, cells, strict=True)
        try:
            return self.row.model_validate({name: cell for name, cell in pairs if cell.strip()})
        except ValidationError as invalid:
            wrong = [self.wrong(each, line) for each in _in_order(invalid)]
        for each in wrong:
            self.refuse(each)
        return None

    def wrong(self, invalid: ErrorDetails, line: int) -> SimdynError:
        """Return the error about one cell."""
        name = str(invalid["loc"][0]) if invalid["loc"] else ""
        column = f"{self.header.index(name) + 1} '{name}'" if name in self.header else None
        message = _mend(invalid, self.row.model_fields)
        return self.error(message, path=self.path, line=line, column=column)


MENDS = {
    "int": " where a whole number belongs. Write one such as 12.",
    "float": " where a number belongs. Write a plain number such as 0.25.",
    "finite": " where a number belongs. Write a plain number such as 0.25.",
    "string_pattern": ". Use Latin letters and digits; in names of files small ones, - and _.",
    "tuple_type": ". Write a list in square brackets.",
    "too_short": ". Name at least one.",
    "string_too_short": ". Write something.",
}
"""What is wrong with an entry and mends it, by how pydantic's type of error begins."""


_QUOTE = Repr()
_QUOTE.maxstring = _QUOTE.maxother = _QUOTE.maxlong = 80
"""Writes values as Python does, but cuts what is long or deeply nested."""


def _mend(error: ErrorDetails, fields: Mapping[str, Any]) -> str:
    """Say in one line what is wrong with an entry and what mends it."""
    key = str(error["loc"][-1])[:100] if error["loc"] else ""
    kind, value = error["type"], _QUOTE.repr(error["input"])
    if kind == "missing":
        return f"'{key}' is missing. {_description(key, fields) or 'Add it.'}"
    if kind == "extra_forbidden":
        known = [field.alias or name for name, field in fields.items()]
        return f"unknown entry '{key}'. {did_you_mean(key, known)}"
    mend = next((m for start, m in MENDS.items() if kind.startswith(start)), None)
    if mend is not None:
        return f"'{key}' is {value}{mend}"
    if kind in {"enum", "literal_error"}:
        return f"'{key}' is {value}. Write one of {error.get('ctx', {}).get('expected', '')}."
    message = error["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    return f"'{key}' is {value}: {message}." if key else f"{message}."


def _description(key: str, fields: Mapping[str, Any]) -> str:
    """Return what a field says should be written in it."""
    return (fields[key].description or "") if key in fields else ""


def _in_order(invalid: ValidationError) -> list[ErrorDetails]:
    """Return the errors, an unknown entry before the missing one it is a misspelling of."""
    return sorted(invalid.errors(), key=lambda each: each["type"] != "extra_forbidden")


def _fields_at(record: type[Record], loc: Key) -> Mapping[str, Any]:
    """Return the fields admitted where `loc` stands."""
    current: Any = record
    for key in loc[:-1]:
        if fields := _fields_of(current):
            current = fields[str(key)].annotation if key in fields else None
        else:  # the key of a dict or the position in a tuple, whose items are of one type
            items = [a for a in get_args(current) if a is not Ellipsis]
            current = items[-1] if items else None
    return _fields_of(current)


def _fields_of(kind: Any) -> Mapping[str, Any]:
    """Return the fields of a record, or of the record that may stand there."""
    candidates = (kind, *get_args(kind)) if get_origin(kind) is UnionType else (kind,)
    return next((f for each in candidates if (f := getattr(each, "model_fields", None))), {})


def _listing(path: Path) -> str:
    """Name what stands beside a file that is not there."""
    if not path.parent.is_dir():
        return f"the folder {path.parent} does not exist either."
    suffix = path.suffix or ".toml"
    names = sorted(p.name for p in path.parent.iterdir() if p.suffix == suffix)
    return ", ".join(names[:12]) + "." if names else f"no {suffix} file."


_MOST_PARSED = 5_000_000
"""Characters parsed to find lines before a text is given up, whose further keys have no line."""

_DEEPEST = 20
"""Levels of nesting in one entry whose keys have lines of their own."""


def _toml_lines(text: str) -> Iterator[tuple[Key, int]]:
    """Yield (key, line) for each table and entry of a TOML text known to be valid."""
    lines = text.split("\n")
    table: Key = ()
    arrays: dict[Key, int] = {}
    number = parsed = 0
    while number < len(lines):
        start, chunk = number, lines[number]
        number += 1
        while (part := _try_toml(chunk)) is None:
            parsed += len(chunk)
            if parsed > _MOST_PARSED:
                return
            chunk += "\n" + lines[number]
            number += 1
        if chunk.lstrip().startswith("["):
            table = _table_key(part, arrays)
            yield table, start + 1
        else:
            for key, value in _entries(part):
                yield table + key, start + 1 + _offset(chunk, value)


def _try_toml(chunk: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(chunk)
    except tomllib.TOMLDecodeError:
        return None


def _table_key(part: Any, arrays: dict[Key, int]) -> Key:
    """Return the full key of a parsed table header, counting the items of arrays of tables."""
    key: Key = ()
    while part:
        if isinstance(part, list):
            arrays[key] = arrays.get(key, -1) + 1
            return (*key, arrays[key])
        name, part = next(iter(part.items()))
        key = (*key, name)
    return key


def _entries(part: Any, prefix: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Yield each key of nested tables and lists with its value, outer ones first."""
    pairs = part.items() if isinstance(part, dict) else enumerate(part)
    for name, inner in pairs:
        yield (*prefix, name), inner
        if isinstance(inner, dict | list) and len(prefix) < _DEEPEST:
            yield from _entries(inner, (*prefix, name))


def _offset(chunk: str, value: Any) -> int:
    """Return on which line of an entry, counted from 0, its text `value` stands."""
    if not isinstance(value, str):
        return 0
    return next((i for i, line in enumerate(chunk.split("\n")) if f'"{value}"' in line), 0)
