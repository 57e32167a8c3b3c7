"""Linear programs of a layout: distances of pairs kept, deviations paid for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scipy.optimize import linprog
from scipy.sparse import coo_array

from simdyn.arrays import Array

Row = tuple[Sequence[tuple[int, float]], float]
"""Numbers of variables with their factors, and what their sum may not exceed."""


def cheapest(cost: Array, rows: Sequence[Row]) -> Array:
    """Return the variables, none below zero, that keep all limits at the least cost."""
    entries = [(n, column, value) for n, (terms, _) in enumerate(rows) for column, value in terms]
    if not entries:
        return 0 * cost
    row, column, value = zip(*entries, strict=True)
    matrix: Any = coo_array((value, (row, column)), shape=(len(rows), len(cost))).tocsr()
    found: Any = linprog(cost, A_ub=matrix, b_ub=[limit for _, limit in rows])
    cheap: Array = found.x
    return cheap
