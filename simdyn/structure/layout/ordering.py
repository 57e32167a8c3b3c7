"""In which order the boxes and lanes of each rank stand, so that few edges cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simdyn.arrays import Array

_SWEEPS = 24
_MANY = 1500
"""Boxes and lanes beyond which few sweeps must do."""

Ranks = list[list[int]]
Neighbours = Sequence[Sequence[int]]


def ordered(rank: Sequence[int], segments: Sequence[tuple[int, int]]) -> Ranks:
    """Return the boxes and lanes of each rank in their order.

    Parameters
    ----------
    rank : of each box and lane
    segments : pairs of these, the first one rank below the second
    """
    before: list[list[int]] = [[] for _ in rank]
    after: list[list[int]] = [[] for _ in rank]
    for low, high in segments:
        after[low].append(high)
        before[high].append(low)
    current = _first_order(rank, before, after)
    best, fewest = current, _crossings(current, segments, rank)
    for sweep in range(_SWEEPS if len(rank) < _MANY else 4):
        down = sweep % 2 == 0
        current = _swept(current, before if down else after, down)
        current = _swapped(current, before, after)
        found = _crossings(current, segments, rank)
        if found < fewest:
            best, fewest = current, found
    return best


def _first_order(rank: Sequence[int], before: Neighbours, after: Neighbours) -> Ranks:
    """Return an order in which what hangs together stands together."""
    ranks: Ranks = [[] for _ in range(max(rank, default=-1) + 1)]
    seen: set[int] = set()
    for start in sorted(range(len(rank)), key=lambda number: (rank[number], number)):
        pending = [start]
        while pending:
            number = pending.pop()
            if number not in seen:
                seen.add(number)
                ranks[rank[number]].append(number)
                pending += [*reversed(before[number]), *reversed(after[number])]
    return ranks


def _places(ranks: Ranks) -> dict[int, int]:
    return {number: place for members in ranks for place, number in enumerate(members)}


def _swept(ranks: Ranks, neighbours: Neighbours, down: bool) -> Ranks:
    """Return the order after each rank was sorted by the middle of its neighbours."""
    found = [list(members) for members in ranks]
    place = _places(found)
    for number in range(len(found)) if down else reversed(range(len(found))):
        middle = {
            member: float(np.mean([place[other] for other in neighbours[member]]))
            if neighbours[member]
            else float(place[member])
            for member in found[number]
        }
        found[number].sort(key=middle.__getitem__)
        place |= {member: spot for spot, member in enumerate(found[number])}
    return found


def _swapped(ranks: Ranks, before: Neighbours, after: Neighbours) -> Ranks:
    """Return the order after neighbours changed places wherever that removes crossings."""
    found = [list(members) for members in ranks]
    place = _places(found)
    for members in found:
        improved = True
        while improved:
            improved = False
            for spot in range(len(members) - 1):
                one, other = members[spot], members[spot + 1]
                gain = sum(
                    _between(near[one], near[other], place)
                    - _between(near[other], near[one], place)
                    for near in (before, after)
                )
                if gain > 0:
                    members[spot], members[spot + 1] = other, one
                    place[one], place[other] = spot + 1, spot
                    improved = True
    return found


def _between(left: Sequence[int], right: Sequence[int], place: Mapping[int, int]) -> int:
    """Return how many edges cross if one box stands before another."""
    return sum(place[a] > place[b] for a in left for b in right)


def _crossings(ranks: Ranks, segments: Sequence[tuple[int, int]], rank: Sequence[int]) -> int:
    place = _places(ranks)
    layers: dict[int, list[tuple[int, int]]] = {}
    for low, high in segments:
        layers.setdefault(rank[low], []).append((place[low], place[high]))
    return sum(_crossed(np.array(pairs, dtype=float)) for pairs in layers.values())


def _crossed(pairs: Array) -> int:
    low, high = pairs[:, 0], pairs[:, 1]
    return int(np.sum((low[:, None] - low) * (high[:, None] - high) < 0)) // 2
