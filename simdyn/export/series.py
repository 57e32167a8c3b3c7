"""Series of quantities and their bands over draws."""

from __future__ import annotations

import numpy as np

from simdyn.arrays import Array
from simdyn.names import EXTENSIVE, RATIOS, Quantity
from simdyn.years import Years

PERCENTILES = (10.0, 50.0, 90.0)
STATISTICS = (*(f"p{point:.0f}" for point in PERCENTILES), "mean", "n")
"""What a band says of a year: percent points and mean over draws, and the number of draws."""


def available(years: Years) -> tuple[Quantity, ...]:
    """Return the quantities that yearly values give: their own, and ratios of two of them."""
    own = [q for q in EXTENSIVE if q.variable in years.values]
    ratios = [q for q, parts in RATIOS.items() if all(part in years.values for part in parts)]
    return (*own, *ratios)


def series(years: Years, quantity: Quantity) -> Array:
    """Return the values of `quantity`, shape (year, draw); draws that failed among them."""
    if quantity not in RATIOS:
        return years.values[quantity.variable]
    numerator, denominator = RATIOS[quantity]
    with np.errstate(divide="ignore", invalid="ignore"):
        return years.values[numerator] / years.values[denominator]


def bands(years: Years, quantity: Quantity) -> Array:
    """Return the band of each year over the draws that did not fail, shape (year, statistic).

    A draw without a finite value in a year, such as a ratio to nothing, does not count in it; a
    year without any has no percent points and no mean, and `n` is zero.
    """
    values = series(years, quantity)
    return np.array([_band(row[years.ok]) for row in values])


def growth_band(years: Years, variable: str, first: int, last: int) -> Array:
    """Return the percentiles over draws of growth in percent a year, shape (3,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _band(years.growth(variable, first, last)[years.ok])[: len(PERCENTILES)]


def _band(values: Array) -> Array:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.array([np.nan] * (len(STATISTICS) - 1) + [0.0])
    return np.array([*np.percentile(finite, PERCENTILES), finite.mean(), finite.size])
