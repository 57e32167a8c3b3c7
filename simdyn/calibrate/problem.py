"""The calibration problem of one region: parameters in, residuals out, many members at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.likelihoods import residual
from simdyn.calibrate.operators import answer, needed_variables
from simdyn.calibrate.priors import parameters
from simdyn.engine.model import Model
from simdyn.ensemble import run_years
from simdyn.facts.collection import Facts
from simdyn.facts.records import Kind
from simdyn.regions import FixedValue, Observation, Operator, Reading, Region, Scope

REFUSED_RESIDUAL = 1e3
"""Residual of a member that left the finite numbers, so that the optimiser turns back."""

FINITE_DIFFERENCE_STEP = 1e-4
"""In prior standard deviations; central differences, error of order 1e-8."""


@dataclass(frozen=True)
class Problem:
    """Find z, the parameters in prior standard deviations, that answer the region's figures.

    region, model : what is calibrated
    fixed : parameters held at a value
    reported : the reading of each observation, shape (observation,)
    time_step : step of the run in years; None for the model's own
    """

    region: Region
    model: Model
    fixed: Mapping[str, float]
    reported: Array
    time_step: float | None = None

    @property
    def n_parameter(self) -> int:
        """How many parameters are free."""
        return len(self.region.priors)

    def model_parameters(self, z: Array) -> dict[str, float | Array]:
        """Return the constants of the model for `z` of shape (parameter, member)."""
        free = parameters(self.region.priors, z)
        return {**self.fixed, **{name: free[name] for name in self._names(Scope.MODEL)}}

    def measurement(self, z: Array) -> dict[str, Array]:
        """Return the measurement parameters for `z` of shape (parameter, member)."""
        free = parameters(self.region.priors, z)
        return {name: free[name] for name in self._names(Scope.MEASUREMENT)}

    def answers(self, z: Array) -> Array:
        """Return the model's answers, shape (observation, member); NaN where a run failed."""
        observations = self.region.observations
        if not observations:
            return np.empty((0, z.shape[1]))
        years = run_years(
            self.model,
            self.model_parameters(z),
            self._variables,
            max(o.end for o in observations),
            self.time_step,
        )
        measurement = self.measurement(z)
        rows = np.array([answer(o, years, measurement) for o in observations])
        return np.where(years.ok, rows, np.nan)

    def residuals(self, z: Array) -> Array:
        """Return residuals, shape (observation + parameter, member), for `z` (parameter, member).

        Half the sum of their squares is the negative log posterior up to a constant.
        """
        modelled = self.answers(z)
        rows = [
            residual(o, float(r), m)
            for o, r, m in zip(self.region.observations, self.reported, modelled, strict=True)
        ]
        return np.vstack([*(np.nan_to_num(row, nan=REFUSED_RESIDUAL) for row in rows), z])

    def jacobian(self, z: Array) -> Array:
        """Return d(residual)/d(z), shape (residual, parameter), at `z` of shape (parameter,)."""
        step = FINITE_DIFFERENCE_STEP * np.eye(self.n_parameter)
        both = self.residuals(np.hstack([z[:, None] + step, z[:, None] - step]))
        plus, minus = np.split(both, 2, axis=1)
        return (plus - minus) / (2 * FINITE_DIFFERENCE_STEP)

    def _names(self, scope: Scope) -> list[str]:
        return [p.parameter for p in self.region.priors if p.applies_to is scope]

    @cached_property
    def _variables(self) -> set[str]:
        return set().union(*(needed_variables(o) for o in self.region.observations))


def make_problem(
    region: Region, model: Model, facts: Facts, time_step: float | None = None
) -> Problem:
    """Tie a region to the facts behind its readings and fixed values."""
    fixed = {name: _fixed_value(value, facts) for name, value in region.file.fixed.items()}
    reported = np.array([reported_value(o, facts) for o in region.observations])
    return Problem(region, model, fixed, reported, time_step)


def reported_value(reading: Reading, facts: Facts) -> float:
    """Return the reported figure in the unit of the operator's answer.

    A total growth becomes a ratio; a part with its share becomes the whole (times scale).
    """
    if isinstance(reading, Observation) and reading.reading is not None:
        return reading.reading
    first, *rest = (facts[fact_id] for fact_id in reading.fact_ids)
    value = first.number
    if reading.operator is Operator.RATIO and first.kind is Kind.GROWTH_TOTAL:
        value = 1 + value / 100
    for divisor in rest:
        value /= divisor.number
    return value * reading.scale


def _fixed_value(fixed: FixedValue, facts: Facts) -> float:
    if fixed.fact is None:
        assert fixed.value is not None  # noqa: S101  (checked when the file was read)
        return fixed.value
    return facts[fixed.fact].number * fixed.scale
