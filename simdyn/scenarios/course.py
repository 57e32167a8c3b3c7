"""Courses over the years: what a dated path, a ramp or a switch of a lever comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simdyn.names import BASE_YEAR, LAST_YEAR

FIRST_DATE, LAST_DATE = BASE_YEAR + 1, LAST_YEAR + 1
"""Years at whose start a course may turn: the start of the projection and the end of all runs."""

INSTANT = 2.0**-20
"""Years that a jump takes, half a minute: far below any time step, and exact in binary."""


@dataclass(frozen=True)
class Course:
    """Values over time: linear between the knots, held before the first and after the last.

    A jump at year Y is two knots, Y - 2**-20 and Y.

    times : years, strictly increasing; 2022.0 is the start of 2022
    values : in the unit of what takes the course, one for each time
    """

    times: tuple[float, ...]
    values: tuple[float, ...]


def course_of_path(path: Mapping[int, float]) -> Course:
    """Return the course through values at the start of years; nothing before the first.

    `path` holds at least one year, in any order.
    """
    years = sorted(path)
    times, values = [float(year) for year in years], [path[year] for year in years]
    if values[0] == 0:
        return Course(tuple(times), tuple(values))
    return Course((times[0] - INSTANT, *times), (0.0, *values))


def course_of_ramp(start: int, end: int, value: float) -> Course:
    """Return the course that is nothing until `start`, rises to `value` at `end` and is held."""
    return Course((float(start), float(end)), (0.0, value))


def course_of_switch(start: int, until: int | None, value: float) -> Course:
    """Return the course that is `value` from `start` on, to `until` if that is given."""
    times, values = (start - INSTANT, float(start)), (0.0, value)
    if until is None:
        return Course(times, values)
    return Course((*times, until - INSTANT, float(until)), (*values, value, 0.0))
