"""Data over time from files of the run: tables with a name a column, or a name a row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from simdyn.compile.external import ExternalError, read_rows
from simdyn.compile.nodes import Definition, Exogenous, Lookup, Program, Table, Time
from simdyn.engine.selection import key_in
from simdyn.errors import RunError

_SEPARATORS = {".csv": ",", ".tab": "\t", ".txt": "\t"}

Points = dict[float, float]
"""Values by time."""


def data_of(program: Program, files: Iterable[Path | str]) -> dict[str, Definition]:
    """Return what these files make of the program's data variables; the first that has one, counts.

    Raises
    ------
    RunError
        A file cannot be read or is no table of numbers over time.
    """
    found: dict[str, Points] = {}
    for path in map(Path, files):
        for key, points in _read(path, program).items():
            found.setdefault(key, points)
    definitions: dict[str, Definition] = {}
    for key, points in found.items():
        definition = program.variables[key].definition
        if isinstance(definition, Exogenous) and points:
            x, y = zip(*sorted(points.items()), strict=True)
            definitions[key] = Lookup(Table(x, y, definition.kind), Time())
    return definitions


def _read(path: Path, program: Program) -> Mapping[str, Points]:
    separator = _SEPARATORS.get(path.suffix.lower())
    if separator is None:
        raise RunError("data files are .csv or .tab tables.", path=path)
    try:
        rows = [row for row in read_rows(path, separator) if any(row)]
    except (OSError, ExternalError) as error:
        raise RunError(f"cannot be read: {error}.", path=path) from None
    if not rows:
        raise RunError("is empty.", path=path)
    if all(not math.isnan(_number(cell)) for cell in rows[0][1:]):
        rows = _turned(rows)
    return _columns(rows, program)


def _turned(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    width = max(map(len, rows))
    return [[row[n] if n < len(row) else "" for row in rows] for n in range(width)]


def _columns(rows: Sequence[Sequence[Any]], program: Program) -> dict[str, Points]:
    """Return the values over time of each column that names a variable; the first is time."""
    found: dict[str, Points] = {}
    for number, name in enumerate(rows[0][1:], start=1):
        key = key_in(program, str(name))
        if key is None or key in found:
            continue
        pairs = ((_number(row[0]), _number(row[number])) for row in rows[1:] if number < len(row))
        found[key] = {t: v for t, v in pairs if not math.isnan(t) and not math.isnan(v)}
    return found


def _number(text: Any) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return math.nan
