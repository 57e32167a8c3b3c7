"""Jackknife over scrambles: intervals that hold for Sobol points.

Points of one Sobol sequence depend on each other, points of two scrambles of it do not (Owen 1997,
Annals of Statistics 25(4), 1541-1562). So each replicate leaves one scramble out, and the interval
is Student's with one degree of freedom less than there are scrambles (Efron and Tibshirani 1993, An
Introduction to the Bootstrap, chapter 11).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from simdyn.sensitivity.designed.replicates import Replicates


def jackknife(scramble: NDArray[np.intp]) -> Replicates:
    """Return 95 percent intervals from base samples of the scrambles `scramble`, shape (base,)."""
    kept = np.unique(scramble)[:, None] != scramble
    n = len(kept)
    factor = float(t.ppf(0.975, n - 1)) * (n - 1) / np.sqrt(n)
    return Replicates("jackknife", kept / kept.sum(axis=1, keepdims=True), factor)
