"""What a printed figure allows: the interval of true values its digits and bound leave open."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simdyn.facts.records import Bound, Fact

APPROXIMATION = 0.05
"""Relative width, either side, of a figure given as 'about' or 'nearly' (assumption)."""


@dataclass(frozen=True)
class Interval:
    """Values from `low` to `high`."""

    low: float
    high: float

    def meets(self, other: Interval) -> bool:
        """Whether any value lies in both."""
        return self.low <= other.high and other.low <= self.high


def rounding(fact: Fact) -> float:
    """Return half a unit of the last printed digit, in the unit of the figure."""
    decimals = len(fact.printed.partition(".")[2])
    return 0.5 * math.pow(10, -decimals)


def interval(fact: Fact) -> Interval:
    """Return the values that the figure allows, in its unit."""
    value, half = fact.number, rounding(fact)
    if fact.bound is Bound.APPROX:
        half += APPROXIMATION * abs(value)
    low = -math.inf if fact.bound in {Bound.LE, Bound.LT} else value - half
    high = math.inf if fact.bound in {Bound.GE, Bound.GT} else value + half
    return Interval(low, high)


def compounded(rate: float, n_year: int) -> float:
    """Return the total growth, percent, of `rate` percent a year over `n_year` years."""
    try:
        return 100 * (math.pow(max(1 + rate / 100, 0), n_year) - 1)
    except OverflowError:
        return math.inf


def yearly(ratio: float, n_year: int) -> float:
    """Return the growth a year, percent, that multiplies by `ratio` in `n_year` years."""
    return 100 * (math.pow(ratio, 1 / n_year) - 1)
