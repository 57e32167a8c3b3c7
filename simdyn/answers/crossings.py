"""Where a function of one variable crosses a level: on a grid first, then refined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simdyn.arrays import Array

SECTIONS = 8
"""Parts that a bracket is cut into in one round."""
ROUNDS = 4
"""Rounds of cutting: a bracket shrinks by 8^4 = 4096."""

Function = Callable[[Array], Array]
"""Values at many points at once; nan where there is none."""


@dataclass(frozen=True)
class Crossing:
    """A point where a function goes to or above a level, or leaves it.

    at : the outermost point found at or above the level
    rising : whether the function is below the level before, and not after
    """

    at: float
    rising: bool


def crossings(function: Function, points: Array, values: Array, level: float) -> list[Crossing]:
    """Return where `function` crosses `level`, from left to right.

    A pair of crossings between two neighbouring points goes unseen; nan counts as below.

    Parameters
    ----------
    points, values : a grid, ascending, and the function on it
    """
    return [
        _refined(function, first, last, level, rising)
        for first, last, rising in _brackets(points, values, level)
    ]


def _brackets(points: Array, values: Array, level: float) -> Iterator[tuple[float, float, bool]]:
    """Yield the neighbouring points between which the function crosses, and whether it rises."""
    above = (values >= level).tolist()
    for (first, was), (last, is_) in pairwise(zip(points.tolist(), above, strict=True)):
        if was != is_:
            yield first, last, is_


def _refined(function: Function, first: float, last: float, level: float, rising: bool) -> Crossing:
    for _ in range(ROUNDS):
        points = np.linspace(first, last, SECTIONS + 1)
        inner = function(points[1:-1])
        above = np.array([not rising, *(inner >= level), rising])
        # The outermost of several crossings: the point nearest the end that is above the level.
        place = int(np.argmax(above)) if rising else int(np.argmin(above))
        first, last = float(points[place - 1]), float(points[place])
    return Crossing(last if rising else first, rising)
