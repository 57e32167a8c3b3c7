"""The curve of an arrow: straight where its route is, bent between ranks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from simdyn.structure.layout import Point

Piece = tuple[Point, Point, Point, Point]
"""Begin, two control points, end."""

_BEND = 0.5
_HEAD = (8.0, 3.6)


@dataclass(frozen=True)
class Curve:
    """Pieces of an arrow in the picture, from its source to its target."""

    pieces: tuple[Piece, ...]

    @property
    def tip(self) -> Point:
        """Where it ends."""
        return self.pieces[-1][3]

    @property
    def heading(self) -> Point:
        """In which direction it ends, as a vector of length one."""
        last = self.pieces[-1]
        before = next(point for point in (last[2], last[1], last[0]) if point != last[3])
        x, y = last[3].x - before.x, last[3].y - before.y
        size = math.hypot(x, y)
        return Point(x / size, y / size)

    def path(self) -> str:
        """Return the data of an SVG path."""
        start = self.pieces[0][0]
        parts = [f"M{start.x:.1f} {start.y:.1f}"]
        for _, one, two, end in self.pieces:
            points = (one, two, end)
            parts.append("C" + " ".join(f"{point.x:.1f} {point.y:.1f}" for point in points))
        return "".join(parts)

    def head(self) -> str:
        """Return the data of the path of an arrow head."""
        (x, y), (along, across) = self.tip, self.heading
        length, half = _HEAD
        base = Point(x - length * along, y - length * across)
        one = Point(base.x - half * across, base.y + half * along)
        two = Point(base.x + half * across, base.y - half * along)
        return f"M{x:.1f} {y:.1f}L{one.x:.1f} {one.y:.1f}L{two.x:.1f} {two.y:.1f}Z"

    def points(self, number: int = 12) -> Iterator[tuple[Point, Point]]:
        """Yield points along it, each with its direction."""
        for piece in self.pieces:
            for step in range(number + 1):
                yield _at(piece, step / number), _direction(piece, step / number)


def _at(piece: Piece, share: float) -> Point:
    rest = 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    pairs = list(zip(weights, piece, strict=True))
    return Point(sum(w * p.x for w, p in pairs), sum(w * p.y for w, p in pairs))


def _direction(piece: Piece, share: float) -> Point:
    before, after = _at(piece, max(share - 0.02, 0)), _at(piece, min(share + 0.02, 1))
    x, y = after.x - before.x, after.y - before.y
    size = math.hypot(x, y) or 1.0
    return Point(x / size, y / size)


def curve_of(route: Sequence[Point], *, flat: bool, margin: float) -> Curve:
    """Return the curve of a route.

    Parameters
    ----------
    flat : whether ranks follow each other from left to right, not from top to bottom
    margin : by which all is moved
    """
    pieces = []
    for start, end in pairwise(route):
        if start == end:
            continue
        bend = (end.x - start.x) * _BEND
        points = (start, Point(start.x + bend, start.y), Point(end.x - bend, end.y), end)
        one, two, three, four = (in_picture(point, flat=flat, margin=margin) for point in points)
        pieces.append((one, two, three, four))
    return Curve(tuple(pieces))


def in_picture(point: Point, *, flat: bool, margin: float) -> Point:
    """Return the point of a picture that a point of its plan is."""
    return (
        Point(point.x + margin, point.y + margin)
        if flat
        else Point(point.y + margin, point.x + margin)
    )


def arc(middle: Point, half: Point, out: Point) -> Curve:
    """Return a curve that leaves a side of a box, turns, and comes back to it.

    Parameters
    ----------
    middle : of the two ends
    half : from there to its end
    out : from there to where it turns
    """
    start = Point(middle.x - half.x, middle.y - half.y)
    end = Point(middle.x + half.x, middle.y + half.y)
    one = Point(start.x + out.x * 4 / 3, start.y + out.y * 4 / 3)
    two = Point(end.x + out.x * 4 / 3, end.y + out.y * 4 / 3)
    return Curve(((start, one, two, end),))
