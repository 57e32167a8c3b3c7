"""Numbers as JSON holds them, rounded for reading."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from simdyn.arrays import Array
from simdyn.report.tables import BAND

DIGITS = 4
"""Significant digits of numbers in charts."""

Plain = Any
"""What JSON can hold."""


def rounded(value: float) -> float | None:
    """Return a number to `DIGITS` significant digits; None where it is not finite."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def rounded_row(values: Iterable[float]) -> list[float | None]:
    """Return numbers to `DIGITS` significant digits."""
    return [rounded(float(value)) for value in values]


def band_rows(values: Array) -> list[list[float | None]]:
    """Return the points of the band of values, (year, draw), as (point, year); None where none."""
    if not values.shape[1]:
        return [[None] * len(values) for _ in BAND]
    with np.errstate(invalid="ignore"):  # infinite where a difference starts at nil
        points = np.percentile(values, BAND, axis=1)
    return [rounded_row(row) for row in points.tolist()]
