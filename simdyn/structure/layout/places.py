"""Where boxes and lanes stand within their ranks: apart, and edges as straight as can be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from simdyn.arrays import Array
from simdyn.structure.layout.linear import Row, cheapest


def places_across(
    ranks: Sequence[Sequence[int]],
    apart: Sequence[Sequence[float]],
    segments: Sequence[tuple[int, int, float, float]],
) -> Array:
    """Return the place of each box and lane across the ranks, the smallest being 0.

    Parameters
    ----------
    ranks : boxes and lanes in their order
    apart : least distances of the centres of those next to each other
    segments : two boxes or lanes, how far the second shall stand behind the first, and how much
        a deviation costs
    """
    n_place = sum(map(len, ranks))
    if not n_place:
        return np.empty(0)
    rows: list[Row] = []
    for members, distances in zip(ranks, apart, strict=True):
        for (low, high), distance in zip(pairwise(members), distances, strict=True):
            rows.append(([(low, 1.0), (high, -1.0)], -distance))
    for number, (one, other, behind, _) in enumerate(segments):
        slack = (n_place + number, -1.0)
        rows.append(([(other, 1.0), (one, -1.0), slack], behind))
        rows.append(([(other, -1.0), (one, 1.0), slack], -behind))
    # A little keeps all else together.
    cost = np.concatenate([np.full(n_place, 1e-4), [weight for *_, weight in segments]])
    places = cheapest(cost, rows)[:n_place]
    return places - places.min()
