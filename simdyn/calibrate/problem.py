"""The calibration problem of one region: parameters in, residuals out, many members at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.operators import answer, needed_variables
from simdyn.calibrate.priors import parameters
from simdyn.engine.model import Model, load
from simdyn.ensemble import run_years
from simdyn.facts.collection import Facts
from simdyn.facts.records import Kind
from simdyn.regions import (
    Discrepancy,
    FixedValue,
    Observation,
    Operator,
    Reading,
    Region,
    Scope,
    discrepancy_sd,
)


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

    def __getstate__(self) -> dict[str, object]:
        """Return what a process needs to take the problem up: the model's path, not its code."""
        return {**self.__dict__, "model": self.model.path}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        """Compile the model anew, once in a process."""
        self.__dict__.update({**state, "model": _loaded(state["model"])})

    def _names(self, scope: Scope) -> list[str]:
        return [p.parameter for p in self.region.priors if p.applies_to is scope]

    @cached_property
    def _variables(self) -> set[str]:
        return set().union(*(needed_variables(o) for o in self.region.observations))


@lru_cache(maxsize=2)
def _loaded(path: Path) -> Model:
    return load(path)


def make_problem(
    region: Region,
    model: Model,
    facts: Facts,
    time_step: float | None = None,
    discrepancy: Sequence[Discrepancy] = (),
) -> Problem:
    """Tie a region to the facts behind its readings and fixed values.

    Parameters
    ----------
    discrepancy : what single years differ from the model's paths, added to the errors of figures
    """
    fixed = {name: _fixed_value(value, facts) for name, value in region.file.fixed.items()}
    reported = np.array([reported_value(o, facts) for o in region.observations])
    noisy = [
        _with_noise(observation, value, discrepancy)
        for observation, value in zip(region.observations, reported.tolist(), strict=True)
    ]
    return Problem(replace(region, observations=tuple(noisy)), model, fixed, reported, time_step)


def _with_noise(
    observation: Observation, reported: float, table: Sequence[Discrepancy]
) -> Observation:
    """Return the observation with the noise of single years in its error."""
    noise = discrepancy_sd(observation, table)
    if observation.operator is Operator.LEVEL:
        noise *= abs(reported) / 100
    above = observation.sd_above
    wider = {
        "sd": math.hypot(observation.sd, noise),
        "sd_above": None if above is None else math.hypot(above, noise),
    }
    return observation.model_copy(update=wider)


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
