"""Changes of a sum of products, told apart by factor without a remainder.

The logarithmic mean Divisia index in its first form (LMDI-I). With the logarithmic mean L, a
product V of factors x_k that goes from V_0 to V_1 changes by L(V_1, V_0) ln(x_k1 / x_k0) through
factor k; as the logarithms add up to ln(V_1 / V_0), these add up to V_1 - V_0. What a factor does
to a sum of products is the sum of what it does to each (consistency in aggregation).

Ang and Liu (2001), Energy 26(6), 537-548; Ang (2004), Energy Policy 32(9), 1131-1139. The weights
are those of Montgomery (1937) and Vartia (1976), Scandinavian Journal of Statistics 3, 121-126.
"""

from __future__ import annotations

import numpy as np

from simdyn.arrays import Array


def log_mean(one: Array, other: Array) -> Array:
    """Return (one - other) / ln(one / other), element by element; their value where equal.

    Nan where one alone is zero, or is below.
    """
    with np.errstate(all="ignore"):
        apart = np.log(one) - np.log(other)
        mean = np.where(np.isfinite(apart), other * growth_of(apart), np.nan)
    return np.where((one == 0) & (other == 0), 0.0, mean)


def growth_of(log_change: Array) -> Array:
    """Return (exp(x) - 1) / x of a log change x, 1 at 0: by how much growth exceeds it."""
    return np.divide(
        np.expm1(log_change), log_change, out=np.ones_like(log_change), where=log_change != 0
    )
