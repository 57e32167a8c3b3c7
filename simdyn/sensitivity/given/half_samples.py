"""Intervals from random halves of the draws.

The bootstrap draws with replacement: a draw that comes twice stands beside its own copy, which
every method that sorts or regresses takes for a pattern. Halves without replacement have no copies.
The spread of an estimate over those of m draws, times sqrt(m / (n - m)), is that of the estimate
from all n (the delete-d jackknife: Shao and Wu 1989, Annals of Statistics 17(3), 1176-1197).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simdyn.arrays import Array
from simdyn.sensitivity.given.data import Rows

N_HALF = 100
"""Halves an interval is taken from; its width is then known to about 7 percent."""
WIDTH = 1.959963984540054
"""Standard errors to either side of a 95 percent interval."""


def halves(n_draw: int, n_half: int, rng: np.random.Generator) -> Rows:
    """Return random halves of the draws, positions (half, draw) in rising order."""
    chosen = [np.sort(rng.permutation(n_draw)[: n_draw // 2]) for _ in range(n_half)]
    return np.array(chosen)


def standard_error(estimate: Callable[[Rows], Array], rows: Rows, n_draw: int) -> Array:
    """Return the standard error of an estimate (...) from its values on halves of the draws."""
    values = np.array([estimate(each) for each in rows])
    n_kept = rows.shape[1]
    error: Array = values.std(axis=0, ddof=1) * np.sqrt(n_kept / (n_draw - n_kept))
    return error
