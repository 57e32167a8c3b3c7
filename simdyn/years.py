"""Values of runs at every step, and by year.

A year's flow is the integral over the year, a stock is taken at its end. With Euler's method the
integral is the mean of the flow over the steps of the year, so yearly accounts close exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.names import FIRST_YEAR


@dataclass(frozen=True)
class Steps:
    """Values at every step.

    values : by variable, shape (time, member)
    flows : the variables whose unit is per year
    ok : (member,) whether the member stayed finite and no stock fell below zero
    trouble : what went wrong, by the place of each member that is not ok
    """

    time_step: float
    values: Mapping[str, Array]
    flows: frozenset[str]
    ok: NDArray[np.bool_]
    trouble: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Years:
    """Yearly values from `first_year` on: `values[variable]` has shape (year, member).

    ok : (member,) whether the member stayed finite and no stock fell below zero
    """

    first_year: int
    values: Mapping[str, Array]
    ok: NDArray[np.bool_]

    def of(self, variable: str, year: int) -> Array:
        """Return the value of `variable` in `year`, shape (member,)."""
        series = self.values[variable]
        position = year - self.first_year
        if not 0 <= position < len(series):
            last = self.first_year + len(series) - 1
            raise RunError(f"{year} is outside the run, which covers {self.first_year} to {last}.")
        return series[position]

    @property
    def years(self) -> range:
        """The years covered."""
        return range(self.first_year, self.first_year + len(next(iter(self.values.values()))))

    def growth(self, variable: str, first: int, last: int) -> Array:
        """Return growth in percent a year over the growth years `first` to `last`, (member,)."""
        factor = self.of(variable, last) / self.of(variable, first - 1)
        return 100 * (factor ** (1 / (last - first + 1)) - 1)


def yearly(steps: Steps) -> Years:
    """Turn steps into years: flows are integrated, everything else is taken at the year's end."""
    per_year = round(1 / steps.time_step)
    values = {
        name: _integrate(series, per_year) if name in steps.flows else series[per_year::per_year]
        for name, series in steps.values.items()
    }
    return Years(FIRST_YEAR, values, steps.ok)


def _integrate(series: Array, per_year: int) -> Array:
    n_year = (len(series) - 1) // per_year
    steps = series[: n_year * per_year].reshape(n_year, per_year, -1)
    # Added step by step: NumPy's own mean adds in another order when there is but one member.
    total = steps[:, 0].copy()
    for step in range(1, per_year):
        total += steps[:, step]
    return total / per_year


def yearly_weights(times: Array, is_flow: Sequence[bool]) -> Array:
    """Return the weights (variable, year, step) by which steps make up years, as `yearly` does."""
    per_year = round(1 / (times[1] - times[0]))
    n_year = (len(times) - 1) // per_year
    flow, stock = np.zeros((2, n_year, len(times)))
    for year in range(n_year):
        flow[year, year * per_year : (year + 1) * per_year] = 1 / per_year
        stock[year, (year + 1) * per_year] = 1
    return np.array([flow if integrated else stock for integrated in is_flow])
