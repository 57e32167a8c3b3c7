"""Which rank each box stands in: edges lead on, as far as loops allow, and are short."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simdyn.structure.layout.linear import cheapest
from simdyn.structure.layout.records import Edge


def turned(keys: Sequence[str], edges: Sequence[Edge]) -> list[bool]:
    """Return which edges lead back, so that the others form no loop.

    Source: Eades, Lin and Smyth (1993), Information Processing Letters 47(6), 319-323; here with
    weights.
    """
    place = {key: number for number, key in enumerate(_sequence(keys, edges))}
    return [place[edge.source] > place[edge.target] for edge in edges]


def _sequence(keys: Sequence[str], edges: Sequence[Edge]) -> list[str]:
    """Return the boxes in an order that few edges lead against."""
    out = dict.fromkeys(keys, 0.0)
    into = dict.fromkeys(keys, 0.0)
    ends: dict[str, list[Edge]] = {key: [] for key in keys}
    for edge in edges:
        out[edge.source] += edge.weight
        into[edge.target] += edge.weight
        ends[edge.source].append(edge)
        ends[edge.target].append(edge)
    first: list[str] = []
    last: list[str] = []
    left = dict.fromkeys(keys)
    while left:
        key = next((k for k in left if out[k] <= 0), None)
        if key is not None:
            last.append(key)
        else:
            key = next((k for k in left if into[k] <= 0), None)
            key = key or max(left, key=lambda k: out[k] - into[k])
            first.append(key)
        del left[key]
        for edge in ends[key]:
            if edge.target in left:
                into[edge.target] -= edge.weight
            if edge.source in left:
                out[edge.source] -= edge.weight
    return [*first, *reversed(last)]


def ranks_of(keys: Sequence[str], pairs: Sequence[tuple[str, str, float]]) -> dict[str, int]:
    """Return the rank of each box, from 0, so that edges are short by weight.

    Parameters
    ----------
    pairs : box of lower rank, of higher rank, weight; they form no loop
    """
    place = {key: number for number, key in enumerate(keys)}
    # A little draws boxes without edges to the first rank.
    cost = np.full(len(keys), 1e-3)
    for low, high, weight in pairs:
        cost[place[high]] += weight
        cost[place[low]] -= weight
    rows = [(((place[low], 1.0), (place[high], -1.0)), -1.0) for low, high, _ in pairs]
    ranks = cheapest(cost, rows)
    return {key: round(float(ranks[place[key]])) for key in keys}
