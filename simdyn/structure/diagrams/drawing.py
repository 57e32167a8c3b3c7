"""Draw a graph of boxes and arrows: sizes from their text, a layered layout, and SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Literal

from simdyn.structure.diagrams import svg
from simdyn.structure.diagrams.curves import Curve, arc, curve_of, in_picture
from simdyn.structure.diagrams.text import LINE, SIZE, lines, width
from simdyn.structure.layout import Box, Edge, Layout, Point, Spacing, lay_out
from simdyn.structure.records import Polarity

Shape = Literal["stock", "flow", "cloud", "plain", "ghost", "lever"]
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom."""

WIDEST = 1180.0
"""Width beyond which a picture is too small to read on a laptop."""

_MANY = 200
"""Boxes beyond which a picture is too large to try several forms of it."""

SIGNS: Mapping[Polarity, str] = {"+": "+", "-": "\N{MINUS SIGN}", "depends": "±"}

_MARGIN = 16.0
_ROOM, _LITTLE_ROOM = 112.0, 76.0
"""Lengths of lines of names, as a rule and where a picture would be too wide."""
_PADDING: Mapping[Shape, tuple[float, float]] = {
    "stock": (11.0, 9.0),
    "flow": (10.0, 8.0),
    "lever": (8.0, 5.0),
    "plain": (7.0, 4.0),
}
_CORNERS = {"stock": 2.0, "flow": 9.0, "lever": 4.0, "plain": 5.0}
_CLOUD = (36.0, 26.0)
_ARC = 24.0
"""Room beside a box for an arrow from it to itself."""
_MARK = 10.5


@dataclass(frozen=True)
class Node:
    """A box, or a name without one.

    title : what it says to whoever points at it
    room : for a line of the name
    """

    key: str
    said: str
    shape: Shape
    title: str
    room: float = _ROOM

    @cached_property
    def lines(self) -> list[str]:
        """The name in lines."""
        return lines(self.said, self.room) if self.said else []

    @cached_property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        if self.shape == "cloud":
            return _CLOUD
        beside, above = _PADDING.get(self.shape, (4.0, 3.0))
        wide = max(map(width, self.lines), default=0.0)
        return wide + 2 * beside, LINE * len(self.lines) + 2 * above


@dataclass(frozen=True)
class Arrow:
    """What leads from one box to another or to itself.

    polarity : shown at its head; None of a pipe
    mark, kind : of the loop that is named on it, and its class
    """

    source: str
    target: str
    title: str
    polarity: Polarity | None = None
    delayed: bool = False
    idle: bool = False
    weight: float = 1.0
    mark: str = ""
    kind: str = ""


def picture(
    title: str,
    nodes: Sequence[Node],
    arrows: Sequence[Arrow],
    notes: Sequence[tuple[str, str, str]] = (),
) -> str:
    """Return a graph as SVG, from left to right if that is narrow enough.

    Parameters
    ----------
    notes : what stands under it: marks of loops, their classes and names
    """
    narrow = [replace(node, room=_LITTLE_ROOM) for node in nodes]
    forms = [(nodes, True), (nodes, False), (narrow, False)]
    for some, flat in forms if len(nodes) <= _MANY else forms[-1:]:
        found = Drawing(some, arrows, flat=flat)
        if found.size[0] <= WIDEST:
            break
    return found.svg(title, notes)


class Drawing:
    """A graph that is laid out.

    Parameters
    ----------
    flat : whether ranks follow each other from left to right, not from top to bottom
    """

    def __init__(self, nodes: Sequence[Node], arrows: Sequence[Arrow], *, flat: bool) -> None:
        self.nodes = nodes
        self.flat = flat
        self.between = [arrow for arrow in arrows if arrow.source != arrow.target]
        self.turned = {arrow.source: arrow for arrow in arrows if arrow.source == arrow.target}
        self.plan = self._plan()

    def _plan(self) -> Layout:
        spacing = (
            Spacing(58.0, 14.0, ports=15.0, arrival=20.0)
            if self.flat
            else Spacing(56.0, 18.0, lanes=14.0, ports=18.0, arrival=18.0)
        )
        edges = [Edge(arrow.source, arrow.target, arrow.weight) for arrow in self.between]
        return lay_out([self._box(node) for node in self.nodes], edges, spacing)

    def _box(self, node: Node) -> Box:
        wide, high = node.size
        along, across = (wide, high) if self.flat else (high, wide)
        # On both sides, so that the box stays in the middle of its room.
        return Box(node.key, along, across + self._beside(node))

    def _beside(self, node: Node) -> float:
        arrow = self.turned.get(node.key)
        if arrow is None:
            return 0.0
        wide, high = _mark_size(arrow.mark)
        return 2 * (_ARC + (high if self.flat else wide))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height with margins."""
        along, across = self.plan.along, self.plan.across
        wide, high = (along, across) if self.flat else (across, along)
        return wide + 2 * _MARGIN, high + 2 * _MARGIN

    def svg(self, title: str, notes: Sequence[tuple[str, str, str]] = ()) -> str:
        """Return the picture, with notes under it."""
        wide, high = self.size
        curves = [
            (arrow, curve_of(route, flat=self.flat, margin=_MARGIN))
            for arrow, route in zip(self.between, self.plan.routes, strict=True)
        ]
        curves += [(arrow, self._arc(key)) for key, arrow in self.turned.items()]
        taken = [self._rect(node) for node in self.nodes]
        taken += [
            _sign_rect(_sign_place(arrow, curve)) for arrow, curve in curves if arrow.polarity
        ]
        parts = [_arrow(arrow, curve) for arrow, curve in curves]
        parts += [_node(node, self._rect(node), flat=self.flat) for node in self.nodes]
        parts += [mark for arrow, curve in curves for mark in _mark(arrow, curve, taken)]
        below, bottom, right = _notes(notes, high, wide)
        return svg.document(right, bottom, title, *parts, *below)

    def _rect(self, node: Node) -> Rect:
        """Return where a box stands; it is as large as the arrows at its sides need."""
        middle = in_picture(self.plan.places[node.key], flat=self.flat, margin=_MARGIN)
        wide, high = node.size
        room = self.plan.rooms[node.key] - self._beside(node)
        wide, high = (wide, max(high, room)) if self.flat else (max(wide, room), high)
        half = wide / 2, high / 2
        return middle.x - half[0], middle.y - half[1], middle.x + half[0], middle.y + half[1]

    def _arc(self, key: str) -> Curve:
        """Return the curve of an arrow to its own box, on a side where no other arrow ends."""
        left, top, right, bottom = self._rect(next(n for n in self.nodes if n.key == key))
        if self.flat:
            return arc(Point((left + right) / 2, top), Point(13.0, 0.0), Point(0.0, -_ARC))
        return arc(Point(right, (top + bottom) / 2), Point(0.0, 10.0), Point(_ARC, 0.0))


def _arrow(arrow: Arrow, curve: Curve) -> str:
    pipe = arrow.polarity is None
    look = "pipe" if pipe else "link idle" if arrow.idle else "link"
    parts = [svg.tag("path", class_=look, d=curve.path())]
    parts.append(svg.tag("path", class_="pipehead" if pipe else "head", d=curve.head()))
    if arrow.delayed:
        parts.append(svg.tag("path", class_="bar", d=_bars(curve)))
    if arrow.polarity is not None:
        parts.append(svg.text(SIGNS[arrow.polarity], *_sign_place(arrow, curve), "sign"))
    return svg.group(arrow.title, *parts)


def _bars(curve: Curve) -> str:
    """Return two short lines across the middle of a curve."""
    points = list(curve.points())
    middle, (x, y) = points[len(points) // 2]
    lines_of = []
    for shift in (-2.5, 2.5):
        at = Point(middle.x + shift * x, middle.y + shift * y)
        lines_of.append(
            f"M{at.x - 6 * y:.1f} {at.y + 6 * x:.1f}L{at.x + 6 * y:.1f} {at.y - 6 * x:.1f}"
        )
    return "".join(lines_of)


def _sign_place(arrow: Arrow, curve: Curve) -> Point:
    """Return where the sign of an arrow stands: above its head, or to the right of it."""
    (x, y), heading = curve.tip, curve.heading
    flat = abs(heading.x) > abs(heading.y)
    if arrow.source == arrow.target:
        return Point(x + 9, y - 10) if flat else Point(x - 13, y - 8)
    return Point(x - 14 * heading.x, y - 7.5) if flat else Point(x + 9, y - 12 * heading.y)


def _sign_rect(middle: Point) -> Rect:
    half = SIZE * 0.43, SIZE * 0.4
    return middle.x - half[0], middle.y - half[1], middle.x + half[0], middle.y + half[1]


def _node(node: Node, rect: Rect, *, flat: bool) -> str:
    left, top, right, bottom = rect
    middle = Point((left + right) / 2, (top + bottom) / 2)
    parts = []
    if node.shape == "cloud":
        parts.append(svg.tag("path", class_="cloud", d=_cloud(middle)))
    elif look := _box_of(node, rect):
        parts.append(
            svg.tag(
                "rect",
                class_=look,
                x=left,
                y=top,
                width=right - left,
                height=bottom - top,
                rx=_CORNERS[look],
            )
        )
    if node.shape == "flow":
        at = Point(middle.x, top) if flat else Point(left, middle.y)
        parts.append(svg.tag("path", class_="valve", d=_valve(at, flat=flat)))
    parts.append(svg.label(node.lines, middle, "ghost" if node.shape == "ghost" else ""))
    return svg.group(node.title, *parts)


def _box_of(node: Node, rect: Rect) -> str:
    """Return the class of a node's box; "" if it is but a name."""
    left, top, right, bottom = rect
    wide, high = node.size
    grown = right - left > wide + 1 or bottom - top > high + 1
    return (
        "plain" if node.shape == "ghost" and grown else node.shape if node.shape in _CORNERS else ""
    )


def _valve(at: Point, *, flat: bool) -> str:
    """Return two triangles that meet, on the side of a flow where no arrow ends."""
    corners = ((-8, -5), (0, 0), (-8, 5)), ((8, -5), (0, 0), (8, 5))
    return "".join(
        "M"
        + "L".join(f"{at.x + (x if flat else y):.1f} {at.y + (y if flat else x):.1f}" for x, y in c)
        + "Z"
        for c in corners
    )


def _cloud(middle: Point) -> str:
    """Return the outline of a cloud: where a flow comes from or goes, outside of the model."""
    x, y = middle.x - _CLOUD[0] / 2, middle.y - _CLOUD[1] / 2
    return (
        f"M{x + 9:.1f} {y + 24:.1f}"
        "a8 8 0 0 1 -1 -15.5a9.5 9.5 0 0 1 17 -3.5a7.5 7.5 0 0 1 7.5 11a6 6 0 0 1 -4 8z"
    )


def _mark(arrow: Arrow, curve: Curve, taken: list[Rect]) -> Iterator[str]:
    """Yield the mark of a loop on its arrow, as near to the middle as there is room."""
    if not arrow.mark:
        return
    points = [point for point, _ in curve.points(24)]
    half = len(points) // 2
    if arrow.source == arrow.target:
        points = [_outside(points[0], points[half], points[-1], arrow.mark)]
        half = 0
    near = sorted(points, key=lambda point: abs(points.index(point) - half))
    for (x, y), spare in product(near, (0.0, 5.0)):
        wide, high = (size - spare for size in _mark_size(arrow.mark))
        rect = x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
        if not any(_meet(rect, other) for other in taken):
            taken.append(rect)
            yield _badge(arrow.mark, arrow.kind, arrow.title, Point(x, y))
            return


def _outside(start: Point, turn: Point, end: Point, mark: str) -> Point:
    """Return the middle of a mark that stands where an arrow to its own box turns."""
    wide, high = _mark_size(mark)
    x, y = turn.x - (start.x + end.x) / 2, turn.y - (start.y + end.y) / 2
    size = abs(x) + abs(y)
    return Point(turn.x + x / size * wide / 2, turn.y + y / size * high / 2)


def _mark_size(mark: str) -> tuple[float, float]:
    """Return the room of a mark, and of a little around it."""
    return (width(mark, _MARK) + 12, 20.0) if mark else (0.0, 0.0)


def _badge(mark: str, kind: str, title: str, at: Point) -> str:
    wide, high = _mark_size(mark)
    wide, high = wide - 5, high - 5
    box = svg.tag("rect", x=at.x - wide / 2, y=at.y - high / 2, width=wide, height=high, rx=3.0)
    return svg.group(title, box, svg.text(mark, at.x, at.y - 0.7), kind=f"mark {kind}")


def _meet(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _notes(
    notes: Sequence[tuple[str, str, str]], top: float, wide: float
) -> tuple[list[str], float, float]:
    """Return names of loops in columns from a height on, their lower end and the width."""
    if not notes:
        return [], top, wide
    column = max(width(name) for *_, name in notes) + 66
    wide = max(wide, column + _MARGIN)
    n_column = max(1, int((wide - _MARGIN) // column))
    n_row = -(-len(notes) // n_column)
    parts = []
    for number, (mark, kind, name) in enumerate(notes):
        x = _MARGIN + column * (number // n_row)
        y = top + 12 + 19 * (number % n_row)
        parts.append(_badge(mark, kind, name, Point(x + 18, y)))
        parts.append(svg.text(name, x + 42, y, "left"))
    return parts, top + 12 + 19 * n_row, wide
