"""How far an estimate may be off: its spread over replicates, each a weighting of base samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simdyn.arrays import Array


@dataclass(frozen=True)
class Replicates:
    """Weightings of the base samples; the estimate under each is a replicate of the estimate.

    method : how the replicates came about, for readers
    weights : shape (replicate, base), each row sums to one
    factor : half the width of the 95 percent interval, in standard deviations of the replicates
    """

    method: str
    weights: Array
    factor: float

    def half_width(self, replicates: Array) -> Array:
        """Return half the interval's width for estimates (replicate, ...)."""
        return np.asarray(self.factor * replicates.std(axis=0, ddof=1))
