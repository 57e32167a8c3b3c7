"""Lookups: their points, and reading them."""

from __future__ import annotations

import itertools
import math
from typing import Any

from simdyn.compile.lower.scope import Place
from simdyn.compile.lower.workshop import Workshop
from simdyn.compile.nodes import Expression, Lookup, Table, TableKind

_KINDS: tuple[TableKind, ...] = ("interpolate", "extrapolate", "hold_backward")

READERS: dict[str, TableKind] = {
    "lookup": "interpolate",
    "lookup_extrapolate": "extrapolate",
    "lookup_forward": "look_forward",
    "lookup_backward": "hold_backward",
}
"""Functions of a lookup and an argument, and how they read between and beyond its points."""


def table(shop: Workshop, place: Place, points: Any) -> Table:
    """Return the points of a lookup, refusing what is none."""
    if points.type not in _KINDS:
        shop.refuse(place, f"lookups of the kind '{points.type}' are not supported")
    x = tuple(float(value) for value in points.x)
    y = tuple(float(value) for value in points.y)
    if not x or len(x) != len(y) or not all(map(math.isfinite, x + y)):
        shop.refuse(place, "its lookup needs as many finite x as y")
    if points.type == "extrapolate" and len(x) < 2:
        shop.refuse(place, "its lookup needs two points to extrapolate from")
    if any(right <= left for left, right in itertools.pairwise(x)):
        shop.refuse(place, "its lookup has two points at the same x. Move one of them")
    return Table(x, y, points.type)


def inline(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower WITH LOOKUP."""
    return Lookup(table(shop, place, node.lookups), shop.expression(node.argument, place))


def read(shop: Workshop, place: Place, found: Table, kind: str, argument: Any) -> Expression:
    """Lower the reading of a table in the way a function asks for."""
    own = found.kind if kind == "interpolate" else kind
    changed = Table(found.x, found.y, own)  # type: ignore[arg-type]
    if own == "extrapolate" and len(found.x) < 2:
        shop.refuse(place, "its lookup needs two points to extrapolate from")
    return Lookup(changed, shop.expression(argument, place))


def inverted(shop: Workshop, place: Place, found: Table, argument: Any) -> Expression:
    """Lower LOOKUP INVERT: the x at which a table takes a value."""
    points = sorted(zip(found.y, found.x, strict=True))
    y = tuple(point[0] for point in points)
    if any(right <= left for left, right in itertools.pairwise(y)):
        shop.refuse(place, "LOOKUP INVERT needs a lookup that only rises or only falls")
    x = tuple(point[1] for point in points)
    if list(x) not in (sorted(x), sorted(x, reverse=True)):
        shop.refuse(place, "LOOKUP INVERT needs a lookup that only rises or only falls")
    return Lookup(Table(y, x, "interpolate"), shop.expression(argument, place))
