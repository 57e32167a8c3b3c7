"""What a layout takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A place in a picture, y downwards."""

    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """What is placed: how much room it takes.

    along, across : size in the direction of the ranks, and the least size within a rank; it grows
        with the edges that end at one of its sides
    """

    key: str
    along: float
    across: float


@dataclass(frozen=True)
class Edge:
    """What is routed from one box to another.

    weight : how much it shall be short and straight, and lead on from rank to rank
    """

    source: str
    target: str
    weight: float = 1.0


@dataclass(frozen=True)
class Spacing:
    """Distances.

    ranks, boxes, lanes, ports : between ranks, boxes of a rank, lanes of edges, ends at a box
    arrival : how far edges are straight before they arrive
    """

    ranks: float
    boxes: float
    lanes: float = 12.0
    ports: float = 13.0
    arrival: float = 0.0


@dataclass(frozen=True)
class Layout:
    """A picture's plan, from (0, 0) on; x is along the ranks.

    places : centres of the boxes
    rooms : their sizes across the ranks
    routes : of each edge in the order given, from source to target: between two points at the
        same height it is straight, else it bends and leaves and arrives along the ranks
    """

    places: Mapping[str, Point]
    rooms: Mapping[str, float]
    routes: tuple[tuple[Point, ...], ...]
    along: float
    across: float
