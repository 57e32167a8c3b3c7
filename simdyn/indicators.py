"""Yearly paths to indicators: ratios, growth by period, targets met or missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from simdyn.arrays import Array
from simdyn.names import CORE, EXTENSIVE, LAST_YEAR, RATIOS
from simdyn.years import Years

PERIODS = ((2016, 2020), (2021, 2025), (2026, 2035))
"""First and last year of growth of the periods that tables compare."""


def add_up(parts: Sequence[Years]) -> Years:
    """Return the sum of regions, member by member, of the quantities that add up."""
    first = parts[0]
    values = {
        q.variable: np.sum([part.values[q.variable] for part in parts], axis=0) for q in EXTENSIVE
    }
    return Years(first.first_year, values, np.logical_and.reduce([part.ok for part in parts]))


def quantities(years: Years) -> dict[str, Array]:
    """Return every quantity of results by name, shape (year, member); ratios from yearly values."""
    values: dict[str, Array] = {q.variable: years.values[q.variable] for q in EXTENSIVE}
    for ratio, (numerator, denominator) in RATIOS.items():
        values[ratio.variable] = years.values[numerator] / years.values[denominator]
    return values


class Headline(NamedTuple):
    """A number that a reader quotes.

    read : reads it off yearly values, shape (member,)
    floor : smallest size that relative changes are taken of, so that growth near zero has one
    """

    name: str
    unit: str
    read: Callable[[Years], Array]
    floor: float = 0.0


def _at(variable: str, year: int) -> Callable[[Years], Array]:
    return lambda years: years.of(variable, year)


def _growth(variable: str, first: int, last: int) -> Callable[[Years], Array]:
    return lambda years: years.growth(variable, first, last)


def _percent(part: str, whole: str, year: int) -> Callable[[Years], Array]:
    return lambda years: 100 * years.of(part, year) / years.of(whole, year)


HEADLINES = (
    *(
        Headline(f"GDP growth {first}-{last}", "percent a year", _growth("GDP", first, last), 1.0)
        for first, last in PERIODS
    ),
    *(Headline(f"{q.title} {LAST_YEAR}", q.unit, _at(q.variable, LAST_YEAR)) for q in CORE),
    Headline(
        f"Debt to GDP {LAST_YEAR}", "percent of GDP", _percent("Debt", "nominal GDP", LAST_YEAR)
    ),
    Headline(
        f"Interest to spending {LAST_YEAR}",
        "percent of budget expenditure",
        _percent("interest", "budget expenditure", LAST_YEAR),
    ),
)
"""The headline numbers of a study."""
