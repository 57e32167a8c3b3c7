"""What sensitivity is told of: an indicator in a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simdyn.answers.indicators import DOUBLING, INDICATORS, Indicator, find_indicator, readings
from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.indicators import PERIODS
from simdyn.names import FIRST_YEAR, LAST_YEAR
from simdyn.years import Years

MAIN = (
    *("population", "industry output", "fixed asset investment", "budget revenue", "GDP"),
    *("GDP per head", "Debt", "debt ratio"),
)
"""Indicators looked at when none is asked for."""
TOLD = ("GDP", "industry output", "budget revenue", "Debt", "population")
"""Indicators that pictures and words are about."""
TOLD_YEARS = (PERIODS[1][1], LAST_YEAR)
YEARS = tuple(range(FIRST_YEAR + 1, LAST_YEAR + 1))
ALL = "all"
NO_NUMBER = "it is no number in every run. Name growth by period instead"
COMPOUNDING = frozenset(
    (
        *("GDP", "nominal GDP", "primary output", "industry output", "services output"),
        *("fixed asset investment", "budget revenue", "budget expenditure", "population"),
        "GDP per head",
    )
)
"""Levels that grow by rates: what moves them moves them by a factor."""
LOG_POINTS = "percent, 100 x logarithm"


@dataclass(frozen=True)
class Outcome:
    """An indicator in a year.

    A level that grows by rates is told on a logarithmic scale: in its own unit the few draws that
    grow fastest are most of its variance, and which they are is chance.
    """

    indicator: Indicator
    year: int

    @property
    def label(self) -> str:
        """Name that tells it from all others."""
        fixed = self.indicator.year is not None
        return self.indicator.name if fixed else f"{self.indicator.name} {self.year}"

    @property
    def is_logarithmic(self) -> bool:
        """Whether the scale on which it is told is logarithmic."""
        return self.indicator.name in COMPOUNDING

    @property
    def scale(self) -> str:
        """Unit of the scale on which it is told."""
        return LOG_POINTS if self.is_logarithmic else self.indicator.unit

    def of(self, years: Years) -> Array:
        """Return its values in its own unit, (member,); nan in failed runs."""
        return self.indicator.of(years, {}, self.year)

    def on_scale(self, values: Array) -> Array:
        """Return values on the scale on which it is told, of any shape."""
        if not self.is_logarithmic:
            return values
        with np.errstate(all="ignore"):
            return np.asarray(100 * np.log(values))


def outcomes_of(
    indicators: Sequence[str] = (), years: Sequence[int] = YEARS
) -> tuple[Outcome, ...]:
    """Return each indicator in each year; one of a period stands once.

    Parameters
    ----------
    indicators : names; `MAIN` if empty, every one that a run alone gives if "all"

    Raises
    ------
    RunError : an unknown indicator, or one that runs alone do not give
    """
    if tuple(indicators) == (ALL,):
        found = [indicator for indicator in INDICATORS.values() if not _lacking(indicator)]
    else:
        found = [find_indicator(name) for name in indicators or MAIN]
    for indicator in found:
        if reason := _lacking(indicator):
            raise RunError(f"'{indicator.name}' has no shares of variance: {reason}.")
    return tuple(Outcome(*pair) for pair in readings(found, years))


def _lacking(indicator: Indicator) -> str:
    """Return why an indicator has no variance to share out, empty if it has."""
    if indicator.needs:
        return f"it rests on evidence of the {indicator.needs} too. Name another indicator"
    return NO_NUMBER if indicator is DOUBLING else ""


def values_of(outcomes: Sequence[Outcome], years: Years) -> Array:
    """Return the values of all outcomes in their own units, (member, outcome)."""
    return np.stack([outcome.of(years) for outcome in outcomes], axis=1)


def scaled(outcomes: Sequence[Outcome], values: Array) -> Array:
    """Return values (..., outcome) in own units on the scales on which outcomes are told."""
    columns = zip(outcomes, np.moveaxis(values, -1, 0), strict=True)
    return np.stack([outcome.on_scale(column) for outcome, column in columns], axis=-1)
