"""Read a table in all lanes: a search by halves, or a chain of selects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from simdyn.compile.nodes import Table
from simdyn.engine.llvm.lanes import Lanes, Value

_SHORT = 16
"""Pieces that fit ``Lanes.pick``, or up to which a chain of selects is faster than gathering."""


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
    end = rising[-1].slope if rising and table.kind == "extrapolate" else 0.0
    return [*rising, Segment(points[-1][0], *points[-1], end)]


def read(lanes: Lanes, table: Table, argument: Value) -> Value:
    """Return the table's value in each lane; nan at nan."""
    if table.kind != "extrapolate":
        argument = lanes.least(lanes.number(table.x[-1]), argument)
        argument = lanes.greatest(lanes.number(table.x[0]), argument)
    pieces = segments(table)
    short = len(pieces) <= _SHORT
    if short and not lanes.cpu.avx512:
        x, y, slope = _by_selects(lanes, pieces, argument)
    else:
        x, y, slope = _by_halves(lanes, pieces, argument, Lanes.pick if short else _gather)
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


def _by_halves(
    lanes: Lanes, pieces: Sequence[Segment], argument: Value, look: Callable[..., Value]
) -> list[Value]:
    """Find the last piece that starts at or before the argument, by halves of a power of two."""
    build = lanes.builder
    width = max(_SHORT, 1 << (len(pieces) - 1).bit_length())
    # Behind the last piece nothing starts: no argument, not even an infinite one, reaches nan.
    padding = [float("nan")] * (width - len(pieces))
    starts, *columns = ([*column, *padding] for column in zip(*pieces, strict=True))
    place = lanes.whole(0)
    while width > 1:
        width //= 2
        if width >= len(pieces):
            continue
        middle = build.or_(place, lanes.whole(width))
        reached = lanes.compare(">=", argument, look(lanes, starts, middle))
        place = lanes.select(reached, middle, place)
    return [look(lanes, column, place) for column in columns]


def _gather(lanes: Lanes, column: Sequence[float], place: Value) -> Value:
    return lanes.gather(lanes.table(column), place)
