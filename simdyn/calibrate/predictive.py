"""Predictive distributions of a figure and how well they foretold it.

Scores are in the unit of the figure. The continuous ranked probability score is that of Gneiting
and Raftery (2007), Journal of the American Statistical Association 102, 359-378, section 4.2, with
the sign turned so that less is better: for a point forecast it is the absolute error.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy.stats import norm

from simdyn.arrays import Array


class Predictive(Protocol):
    """What is expected of a figure."""

    @property
    def mean(self) -> float:
        """Expected value."""

    @property
    def sd(self) -> float:
        """Standard deviation."""

    def quantile(self, probability: float) -> float:
        """Return the value that is not exceeded with a probability."""

    def crps(self, reported: float) -> float:
        """Return the continuous ranked probability score, less is better."""


@dataclass(frozen=True)
class Weighted:
    """Draws with weights.

    draws : (draw,)
    weights : (draw,) that add up to one
    """

    draws: Array
    weights: Array

    @classmethod
    def of(cls, draws: Array, log_weights: Array | None = None) -> Weighted:
        """Weigh draws (draw,), equally if no logarithms of weights are given; drop nan."""
        logs = np.zeros(len(draws)) if log_weights is None else log_weights
        sound = np.isfinite(draws)
        weights = np.exp(logs[sound] - logs[sound].max())
        return cls(draws[sound], weights / weights.sum())

    @property
    def mean(self) -> float:
        """Expected value."""
        return float(self.weights @ self.draws)

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return float(np.sqrt(self.weights @ (self.draws - self.mean) ** 2))

    def quantile(self, probability: float) -> float:
        """Return the value that is not exceeded with a probability."""
        draws, weights = self._sorted
        # Each draw stands in the middle of its weight.
        return float(np.interp(probability, np.cumsum(weights) - weights / 2, draws))

    def crps(self, reported: float) -> float:
        """Return E|X - y| - E|X - X'| / 2 over the draws (Gneiting and Raftery, equation 21)."""
        draws, weights = self._sorted
        apart = 2 * (weights * draws) @ (2 * np.cumsum(weights) - weights - 1)
        return float(weights @ np.abs(draws - reported) - apart / 2)

    @cached_property
    def _sorted(self) -> tuple[Array, Array]:
        order = np.argsort(self.draws)
        return self.draws[order], self.weights[order]


@dataclass(frozen=True)
class Normal:
    """A normal distribution."""

    mean: float
    sd: float

    def quantile(self, probability: float) -> float:
        """Return the value that is not exceeded with a probability."""
        return float(self.mean + self.sd * norm.ppf(probability))

    def crps(self, reported: float) -> float:
        """Return the score in closed form (Gneiting and Raftery, section 4.2)."""
        z = (reported - self.mean) / self.sd
        inner = z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)
        return float(self.sd * inner)


def covers(predictive: Predictive, reported: float, level: float) -> bool:
    """Return whether the middle `level` of a distribution holds the reported figure."""
    low, high = (predictive.quantile(p) for p in (0.5 - level / 2, 0.5 + level / 2))
    return low <= reported <= high
