"""Read a table in all lanes: a chain of selects if it is short, else a search by halves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from simdyn.compile.nodes import Table
from simdyn.engine.llvm.lanes import Lanes, Value

_SHORT = 16
"""Segments up to which a chain of selects is faster than gathering."""


class Segment(NamedTuple):
    """From ``start`` on a table is y + slope * (argument - x)."""

    start: float
    x: float
    y: float
    slope: float


def segments(table: Table) -> list[Segment]:
    """Return the straight pieces of a table; at its last point begins a piece of its own."""
    points = list(zip(table.x, table.y, strict=True))
    if table.kind == "hold_backward":
        return [Segment(x, x, y, 0.0) for x, y in points]
    rising = [Segment(x, x, y, (v - y) / (u - x)) for (x, y), (u, v) in pairwise(points)]
    end = rising[-1].slope if table.kind == "extrapolate" else 0.0
    return [*rising, Segment(points[-1][0], *points[-1], end)]


def read(lanes: Lanes, table: Table, argument: Value) -> Value:
    """Return the table's value in each lane; nan at nan."""
    if table.kind != "extrapolate":
        argument = lanes.least(lanes.number(table.x[-1]), argument)
        argument = lanes.greatest(lanes.number(table.x[0]), argument)
    pieces = segments(table)
    find = _by_selects if len(pieces) <= _SHORT else _by_halves
    x, y, slope = find(lanes, pieces, argument)
    return lanes.fma(slope, lanes.builder.fsub(argument, x), y)


def _by_selects(lanes: Lanes, pieces: Sequence[Segment], argument: Value) -> list[Value]:
    columns = list(zip(*pieces, strict=True))[1:]
    found = [lanes.number(column[0]) for column in columns]
    for place, piece in enumerate(pieces[1:], start=1):
        reached = lanes.compare(">=", argument, lanes.number(piece.start))
        found = [
            old
            if column[place] == column[place - 1]
            else lanes.select(reached, lanes.number(column[place]), old)
            for old, column in zip(found, columns, strict=True)
        ]
    return found


def _by_halves(lanes: Lanes, pieces: Sequence[Segment], argument: Value) -> list[Value]:
    """Find the last piece that starts at or before the argument, by halves of a power of two."""
    build = lanes.builder
    width = 1 << (len(pieces) - 1).bit_length()
    padding = [float("inf")] * (width - len(pieces))
    starts = lanes.table([*(piece.start for piece in pieces), *padding])
    place = lanes.whole(0)
    while width > 1:
        width //= 2
        middle = build.add(place, lanes.whole(width))
        reached = lanes.compare(">=", argument, lanes.gather(starts, middle))
        place = lanes.select(reached, middle, place)
    columns = list(zip(*pieces, strict=True))[1:]
    return [lanes.gather(lanes.table(column), place) for column in columns]
