"""Sobol indices as a record and as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from simdyn.arrays import Array


@dataclass(frozen=True)
class Indices:
    """Sobol indices of all sound outcomes, each with half the width of its 95 percent interval.

    An estimate may lie a little below zero or above one, by its error.

    first, first_half, total, total_half : shape (outcome, input)
    second, second_half : shape (outcome, pair), without pairs if second order was not asked for
    excluded : reason by name of each outcome that has no indices
    method : of the intervals, "jackknife" over scrambles or "bootstrap" over base samples
    n_base, n_dropped : base samples of the design, and those of them dropped for a failed run
    """

    inputs: tuple[str, ...]
    outcomes: tuple[str, ...]
    first: Array
    first_half: Array
    total: Array
    total_half: Array
    second: Array
    second_half: Array
    excluded: Mapping[str, str]
    method: str
    n_base: int
    n_dropped: int

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of inputs in the order of the second-order indices."""
        return list(combinations(self.inputs, 2)) if self.second.shape[1] else []

    def table(self) -> pd.DataFrame:
        """Return first and total order.

        Returns
        -------
        pandas.DataFrame
            outcome, input, first, first_low, first_high, total, total_low, total_high
        """
        keys = pd.MultiIndex.from_product([self.outcomes, self.inputs], names=["outcome", "input"])
        columns = _with_interval("first", self.first, self.first_half)
        columns |= _with_interval("total", self.total, self.total_half)
        return pd.DataFrame(columns, index=keys).reset_index()

    def second_table(self) -> pd.DataFrame:
        """Return second order.

        Returns
        -------
        pandas.DataFrame
            outcome, input, other, second, second_low, second_high
        """
        n, pairs = len(self.outcomes), self.pairs
        keys = {
            "outcome": np.repeat(np.array(self.outcomes, dtype=object), len(pairs)),
            "input": [one for one, _ in pairs] * n,
            "other": [other for _, other in pairs] * n,
        }
        return pd.DataFrame(keys | _with_interval("second", self.second, self.second_half))


def _with_interval(name: str, value: Array, half: Array) -> dict[str, Array]:
    bounds = {name: value, f"{name}_low": value - half, f"{name}_high": value + half}
    return {column: values.ravel() for column, values in bounds.items()}
