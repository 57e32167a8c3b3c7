"""Run many members of one region: parameters in, steps or years out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from simdyn.arrays import Array
from simdyn.audit import STOCKS
from simdyn.engine.model import Model
from simdyn.names import TIME
from simdyn.years import Steps, Years, yearly

PER_YEAR = ("/Year", "*Year)")
"""How the unit of a flow ends."""

Parameters = Mapping[str, float | Array]


def flows_of(model: Model, variables: Iterable[str]) -> frozenset[str]:
    """Return those of the variables whose unit is per year."""
    units = model.units
    return frozenset(name for name in variables if units[name].endswith(PER_YEAR))


def run_steps(
    model: Model,
    parameters: Parameters,
    variables: Collection[str],
    last_year: int,
    time_step: float | None = None,
) -> Steps:
    """Run all members to the end of `last_year` and keep every step of `variables`."""
    controls: dict[str, float | Array] = {"FINAL TIME": last_year + 1.0}
    if time_step is not None:
        controls["TIME STEP"] = time_step
    wanted = {*variables, *STOCKS}
    runs = model.ensemble({**parameters, **controls}, sorted(wanted), save="step")
    time = runs[TIME].to_numpy()
    values = {name: np.ascontiguousarray(runs[name].to_numpy().T) for name in wanted}
    flows = flows_of(model, wanted)
    # A finite run with a negative stock is no region: prior draws whose shares add up to more
    # than one would give it a negative industry.
    ok = np.logical_and.reduce([values[stock].min(axis=0) >= 0 for stock in STOCKS])
    ok &= runs["status"].to_numpy() == 0
    return Steps(float(time[1] - time[0]), values, flows, ok)


def run_years(
    model: Model,
    parameters: Parameters,
    variables: Collection[str],
    last_year: int,
    time_step: float | None = None,
) -> Years:
    """Run all members to the end of `last_year` and return yearly values of `variables`."""
    return yearly(run_steps(model, parameters, variables, last_year, time_step))
