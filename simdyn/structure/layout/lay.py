"""Put the stages of a layout together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from simdyn.arrays import Array
from simdyn.structure.layout.ordering import ordered
from simdyn.structure.layout.places import places_across
from simdyn.structure.layout.ranks import ranks_of, turned
from simdyn.structure.layout.records import Box, Edge, Layout, Point, Spacing

_STRAIGHT = (1.0, 3.0, 8.0)
"""How much a segment shall be straight by how many of its ends are lanes."""


@dataclass(frozen=True)
class _Lanes:
    """Boxes and lanes as numbers, boxes first.

    rank, across : of each
    chains : of each edge, what it passes from its lower to its higher rank
    """

    rank: list[int]
    across: list[float]
    chains: list[list[int]]


def lay_out(boxes: Sequence[Box], edges: Sequence[Edge], spacing: Spacing) -> Layout:
    """Place boxes in ranks and route edges between them.

    Parameters
    ----------
    edges : between two different boxes; several may join the same
    """
    if not boxes:
        return Layout({}, {}, (), 0.0, 0.0)
    keys = [box.key for box in boxes]
    back = turned(keys, edges)
    ends = [
        (e.target, e.source) if b else (e.source, e.target)
        for e, b in zip(edges, back, strict=True)
    ]
    boxes = _grown(boxes, ends, spacing)
    ranks = ranks_of(keys, [(*pair, e.weight) for pair, e in zip(ends, edges, strict=True)])
    lanes = _lanes(boxes, ranks, ends, spacing)
    segments = [pair for chain in lanes.chains for pair in pairwise(chain)]
    order = ordered(lanes.rank, segments)
    ports = _ports(order, lanes, spacing)
    across = _across(order, lanes, ports, edges, spacing, len(boxes))
    half = np.array(lanes.across) / 2
    across -= float((across - half).min())
    along, length = _along(boxes, ranks, spacing)
    routes = [
        _route(number, chain, lanes, ports, across, along, boxes)
        for number, chain in enumerate(lanes.chains)
    ]
    routes = [
        _arriving(route[::-1] if b else route, spacing.arrival * (-1 if b else 1))
        for route, b in zip(routes, back, strict=True)
    ]
    return Layout(
        {key: Point(along[ranks[key]][0], float(across[n])) for n, key in enumerate(keys)},
        {box.key: box.across for box in boxes},
        tuple(map(tuple, routes)),
        length,
        float((across + half).max()),
    )


def _grown(boxes: Sequence[Box], ends: Sequence[tuple[str, str]], spacing: Spacing) -> list[Box]:
    """Return the boxes, large enough for the edges that end at their sides."""
    sides = Counter((key, side) for pair in ends for side, key in enumerate(pair))
    return [
        replace(
            box, across=max(box.across, spacing.ports * max(sides[box.key, 0], sides[box.key, 1]))
        )
        for box in boxes
    ]


def _lanes(
    boxes: Sequence[Box],
    ranks: dict[str, int],
    ends: Sequence[tuple[str, str]],
    spacing: Spacing,
) -> _Lanes:
    number = {box.key: n for n, box in enumerate(boxes)}
    rank = [ranks[box.key] for box in boxes]
    across = [box.across for box in boxes]
    chains = []
    for low, high in ends:
        passed = range(ranks[low] + 1, ranks[high])
        chains.append([number[low], *range(len(rank), len(rank) + len(passed)), number[high]])
        rank += passed
        across += [spacing.lanes] * len(passed)
    return _Lanes(rank, across, chains)


Ports = dict[tuple[int, int, bool], float]
"""How far from the middle of a box an edge ends, by edge, box and whether it leads on from it."""


def _ports(order: Sequence[Sequence[int]], lanes: _Lanes, spacing: Spacing) -> Ports:
    """Return where edges end at their boxes, in the order of what they lead to."""
    place = {member: spot for members in order for spot, member in enumerate(members)}
    sides: dict[tuple[int, bool], list[tuple[int, int]]] = {}
    for edge, chain in enumerate(lanes.chains):
        sides.setdefault((chain[0], True), []).append((place[chain[1]], edge))
        sides.setdefault((chain[-1], False), []).append((place[chain[-2]], edge))
    found: Ports = {}
    for (box, on), near in sides.items():
        for spot, (_, edge) in enumerate(sorted(near)):
            found[edge, box, on] = (spot - (len(near) - 1) / 2) * spacing.ports
    return found


def _across(
    order: Sequence[Sequence[int]],
    lanes: _Lanes,
    ports: Ports,
    edges: Sequence[Edge],
    spacing: Spacing,
    n_box: int,
) -> Array:
    apart = [
        [
            (lanes.across[one] + lanes.across[other]) / 2
            + (spacing.boxes if one < n_box and other < n_box else spacing.lanes / 2)
            for one, other in pairwise(members)
        ]
        for members in order
    ]
    segments = []
    for number, chain in enumerate(lanes.chains):
        for one, other in pairwise(chain):
            behind = ports.get((number, one, True), 0.0) - ports.get((number, other, False), 0.0)
            n_lane = (one >= n_box) + (other >= n_box)
            segments.append((one, other, behind, edges[number].weight * _STRAIGHT[n_lane]))
    return places_across(order, apart, segments)


Span = tuple[float, float, float]
"""Centre, begin and end of a rank."""


def _along(
    boxes: Sequence[Box], ranks: dict[str, int], spacing: Spacing
) -> tuple[list[Span], float]:
    thick = [0.0] * (max(ranks.values()) + 1)
    for box in boxes:
        thick[ranks[box.key]] = max(thick[ranks[box.key]], box.along)
    spans: list[Span] = []
    begin = 0.0
    for size in thick:
        spans.append((begin + size / 2, begin, begin + size))
        begin += size + spacing.ranks
    return spans, begin - spacing.ranks


def _route(
    edge: int,
    chain: Sequence[int],
    lanes: _Lanes,
    ports: Ports,
    across: Array,
    along: Sequence[Span],
    boxes: Sequence[Box],
) -> list[Point]:
    low, *passed, high = chain
    start = float(across[low]) + ports[edge, low, True]
    end = float(across[high]) + ports[edge, high, False]
    points = [
        Point(along[lanes.rank[low]][0] + boxes[low].along / 2, start),
        Point(along[lanes.rank[low]][2], start),
    ]
    for lane in passed:
        _, begin, finish = along[lanes.rank[lane]]
        points += [Point(begin, float(across[lane])), Point(finish, float(across[lane]))]
    return [
        *points,
        Point(along[lanes.rank[high]][1], end),
        Point(along[lanes.rank[high]][0] - boxes[high].along / 2, end),
    ]


def _arriving(route: list[Point], length: float) -> list[Point]:
    """Return a route that is straight over a length before the rank where it ends."""
    *rest, rank, end = route
    return [*rest, Point(rank.x - length, rank.y), rank, end]
