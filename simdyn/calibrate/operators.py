"""Observation operators: what a reported figure would be if a run were the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from simdyn.arrays import Array
from simdyn.names import SECTORS
from simdyn.regions import Operator, Reading
from simdyn.years import Years

Measurement = Mapping[str, Array]

REPORTED_SECONDARY = "industry output"


def answer(reading: Reading, years: Years, measurement: Measurement) -> Array:
    """Return what the model answers to `reading`, shape (member,), in the reading's own unit.

    `measurement` holds the measurement parameters, each of shape (member,).
    """
    return _OPERATORS[reading.operator](reading, years, measurement)


def needed_variables(reading: Reading) -> set[str]:
    """Return the model variables that `answer` reads."""
    return set(SECTORS) if reading.operator is Operator.SHARE else {reading.variable}


def _scaled(reading: Reading, value: Array, measurement: Measurement) -> Array:
    if reading.times:
        value = value * measurement[reading.times]
    return value / measurement[reading.over] if reading.over else value


def _level(reading: Reading, years: Years, measurement: Measurement) -> Array:
    return _scaled(reading, years.of(reading.variable, reading.end), measurement)


def _growth(reading: Reading, years: Years, measurement: Measurement) -> Array:
    return _scaled(reading, years.growth(reading.variable, reading.end, reading.end), measurement)


def _average_growth(reading: Reading, years: Years, measurement: Measurement) -> Array:
    growth = years.growth(reading.variable, reading.start, reading.end)
    return _scaled(reading, growth, measurement)


def _ratio(reading: Reading, years: Years, measurement: Measurement) -> Array:
    before, after = (years.of(reading.variable, year) for year in (reading.start, reading.end))
    return _scaled(reading, after / before, measurement)


def _sum(reading: Reading, years: Years, measurement: Measurement) -> Array:
    span = range(reading.start, reading.end + 1)
    total = np.sum([years.of(reading.variable, year) for year in span], axis=0)
    return _scaled(reading, total, measurement)


def _share(reading: Reading, years: Years, measurement: Measurement) -> Array:
    sectors = {name: years.of(name, reading.end) for name in SECTORS}
    if reading.scope:
        sectors[REPORTED_SECONDARY] = sectors[REPORTED_SECONDARY] * (1 + measurement[reading.scope])
    total = sum(sectors.values(), np.zeros(1))
    return _scaled(reading, 100 * sectors[reading.variable] / total, measurement)


_OPERATORS: Mapping[Operator, Callable[[Reading, Years, Measurement], Array]] = {
    Operator.LEVEL: _level,
    Operator.GROWTH: _growth,
    Operator.AVERAGE_GROWTH: _average_growth,
    Operator.RATIO: _ratio,
    Operator.SUM: _sum,
    Operator.SHARE: _share,
}
