"""Observation operators: what a reported figure would be if a run were the truth.

Every operator is one form: factor x ((a / b) ^ power - offset), where a and b are weighted sums of
yearly values and b may be absent. So one figure is answered for many members at once, and all
figures of a run with exact derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.names import FIRST_YEAR, SECTORS
from simdyn.regions import Operator, Reading
from simdyn.years import Years

Measurement = Mapping[str, Array]

SCOPED = "industry output"
"""What a wider scope of the reported secondary sector enlarges."""

Weights = Mapping[tuple[str, int], float]
"""Weight of each yearly value, by variable and year."""


@dataclass(frozen=True)
class Form:
    """factor x ((top / bottom) ^ power - offset); an empty bottom is one."""

    top: Weights
    bottom: Weights
    factor: float = 1.0
    power: float = 1.0
    offset: float = 0.0


def form(reading: Reading) -> Form:
    """Return the form of a reading, measurement parameters apart."""
    return _FORMS[reading.operator](reading)


def answer(reading: Reading, years: Years, measurement: Measurement) -> Array:
    """Return what the model answers to `reading`, shape (member,), in the reading's own unit.

    `measurement` holds the measurement parameters, each of shape (member,).
    """
    shape = form(reading)
    widened = 1 + measurement[reading.scope] if reading.scope else 1.0

    def total(weights: Weights) -> Array:
        terms = [
            weight * years.of(name, year) * (widened if name == SCOPED else 1.0)
            for (name, year), weight in weights.items()
        ]
        return np.sum(terms, axis=0)

    quotient = total(shape.top) / total(shape.bottom) if shape.bottom else total(shape.top)
    value = shape.factor * (quotient**shape.power - shape.offset)
    if reading.times:
        value = value * measurement[reading.times]
    return value / measurement[reading.over] if reading.over else value


def needed_variables(reading: Reading) -> set[str]:
    """Return the model variables that `answer` reads."""
    shape = form(reading)
    return {name for name, _ in (*shape.top, *shape.bottom)}


def _level(reading: Reading) -> Form:
    return Form({(reading.variable, reading.end): 1.0}, {})


def _growth(reading: Reading) -> Form:
    return _from_to(reading, reading.end - 1, factor=100.0, offset=1.0)


def _average_growth(reading: Reading) -> Form:
    power = 1 / (reading.end - reading.start + 1)
    return _from_to(reading, reading.start - 1, factor=100.0, power=power, offset=1.0)


def _ratio(reading: Reading) -> Form:
    return _from_to(reading, reading.start)


def _sum(reading: Reading) -> Form:
    span = range(reading.start, reading.end + 1)
    return Form({(reading.variable, year): 1.0 for year in span}, {})


def _share(reading: Reading) -> Form:
    whole = {(name, reading.end): 1.0 for name in SECTORS}
    return Form({(reading.variable, reading.end): 1.0}, whole, factor=100.0)


def _from_to(reading: Reading, base: int, **how: float) -> Form:
    return Form({(reading.variable, reading.end): 1.0}, {(reading.variable, base): 1.0}, **how)


_FORMS: Mapping[Operator, Callable[[Reading], Form]] = {
    Operator.LEVEL: _level,
    Operator.GROWTH: _growth,
    Operator.AVERAGE_GROWTH: _average_growth,
    Operator.RATIO: _ratio,
    Operator.SUM: _sum,
    Operator.SHARE: _share,
}


class Answers:
    """All readings of a region as one function of a run's yearly values, with derivatives.

    Parameters
    ----------
    variables, n_year : the axes of the yearly values, from the first year of the model on
    parameters : names of the region's parameters; the measurement parameters stand among them
    """

    def __init__(
        self,
        readings: Sequence[Reading],
        variables: Sequence[str],
        n_year: int,
        parameters: Sequence[str],
    ) -> None:
        shapes = [form(reading) for reading in readings]
        places = {name: n for n, name in enumerate(variables)}

        def matrix(weights: Sequence[Weights]) -> Array:
            table = np.zeros((len(readings), len(variables), n_year))
            for row, terms in enumerate(weights):
                for (name, year), weight in terms.items():
                    table[row, places[name], year - FIRST_YEAR] = weight
            return table

        sums = np.concatenate([matrix([s.top for s in shapes]), matrix([s.bottom for s in shapes])])
        scoped = np.zeros_like(sums)
        if SCOPED in places:
            scoped[:, places[SCOPED]] = sums[:, places[SCOPED]]
        self._sums = sums.reshape(len(sums), -1)
        self._scoped = scoped.reshape(len(sums), -1)
        self._whole = np.array([0.0 if s.bottom else 1.0 for s in shapes])
        self._factor, self._power, self._offset = np.array(
            [(s.factor, s.power, s.offset) for s in shapes]
        ).T
        self._scope = _one_hot([r.scope for r in readings], parameters)
        self._times = _one_hot([r.times for r in readings], parameters)
        self._over = _one_hot([r.over for r in readings], parameters)

    def __call__(
        self, values: Array, by: Array, parameters: Array, slopes: Array
    ) -> tuple[Array, Array]:
        """Return the answers (reading,) and their derivatives by z, (reading, parameter).

        Parameters
        ----------
        values, by : yearly values (variable, year), and their derivatives by z with a last axis
            (parameter)
        parameters, slopes : the region's parameters and their derivatives by z, (parameter,)
        """
        flat, flat_by = values.ravel(), by.reshape(values.size, -1)
        n = len(self._whole)
        sums, sums_by = self._sums @ flat, self._sums @ flat_by
        if self._scope.any():
            scope = np.tile(self._scope, (2, 1))
            wider = scope @ parameters
            industry = self._scoped @ flat
            sums = sums + wider * industry
            sums_by = sums_by + wider[:, None] * (self._scoped @ flat_by)
            sums_by += industry[:, None] * scope * slopes
        top, bottom = sums[:n], sums[n:] + self._whole
        quotient = top / bottom
        quotient_by = (sums_by[:n] - quotient[:, None] * sums_by[n:]) / bottom[:, None]
        value = self._factor * (quotient**self._power - self._offset)
        steep = self._factor * self._power * quotient ** (self._power - 1)
        value_by = steep[:, None] * quotient_by
        return self._measured(value, value_by, parameters, slopes)

    def _measured(
        self, value: Array, value_by: Array, parameters: Array, slopes: Array
    ) -> tuple[Array, Array]:
        """Multiply and divide by the measurement parameters that the readings name."""
        times = np.where(self._times.any(axis=1), self._times @ parameters, 1.0)
        over = np.where(self._over.any(axis=1), self._over @ parameters, 1.0)
        factor_by = self._times * slopes - (times / over)[:, None] * self._over * slopes
        measured_by = value_by * (times / over)[:, None]
        measured_by += (value / over)[:, None] * factor_by
        return value * times / over, measured_by


def _one_hot(wanted: Sequence[str], names: Sequence[str]) -> NDArray[np.float64]:
    """Return a row for each wanted name, one where it stands among `names`; "" has none."""
    return np.array([[float(bool(w) and w == name) for name in names] for w in wanted])
