"""Bands over draws, and what the number of draws leaves open of a probability."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array

POINTS = (10.0, 50.0, 90.0)
"""Percentiles of a band: the middle 80 percent and the median."""
Z_95 = 1.959963984540054
"""Half the width of a 95 percent interval, in standard deviations of a normal."""


class Band(NamedTuple):
    """Percentiles over draws and the number of draws behind them; nan where there is none."""

    p10: float
    p50: float
    p90: float
    n: int


class Probability(NamedTuple):
    """A share of draws, its 95 percent Monte Carlo interval, and the number of draws."""

    value: float
    low: float
    high: float
    n: int


def band(values: Array) -> Band:
    """Return the band of values (draw,); nan counts as no value, infinity as beyond all others."""
    found = values[~np.isnan(values)]
    if not found.size:
        return Band(math.nan, math.nan, math.nan, 0)
    # Between a number and infinity nothing can be interpolated.
    finite = bool(np.isfinite(found).all())
    method: Literal["linear", "inverted_cdf"] = "linear" if finite else "inverted_cdf"
    low, median, high = np.percentile(found, POINTS, method=method).tolist()
    return Band(low, median, high, found.size)


def probability(met: NDArray[np.bool_]) -> Probability:
    """Return the share of draws (draw,) that are true, with Wilson's interval.

    Wilson (1927), JASA 22, 209-212: the probabilities p from which the share differs by no more
    than `Z_95` standard errors sqrt(p (1 - p) / n).
    """
    n = met.size
    if not n:
        return Probability(math.nan, math.nan, math.nan, 0)
    share = float(np.mean(met))
    weight = Z_95**2 / n
    centre = (share + weight / 2) / (1 + weight)
    half = math.sqrt(share * (1 - share) * weight + weight**2 / 4) / (1 + weight)
    # At shares of 0 and 1 an end is the share itself, whatever rounding makes of it.
    return Probability(
        share, min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half)), n
    )


def standard_error(level: float, n: int) -> float:
    """Return the Monte Carlo standard error of the share of `n` draws at probability `level`."""
    return math.sqrt(level * (1 - level) / n)
