"""Run many members of one region: parameters in, steps or years out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from simdyn.arrays import Array
from simdyn.audit import STOCKS
from simdyn.engine.model import Model
from simdyn.engine.runs import Runs
from simdyn.years import Steps, Years, yearly

PER_YEAR = ("/Year", "*Year)")
"""How the unit of a flow ends."""

Parameters = Mapping[str, float | Array | pd.DataFrame]


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
    threads: int | None = None,
) -> Steps:
    """Run all members to the end of `last_year` and keep every step of `variables`.

    Parameters
    ----------
    parameters : one number, (member,), or a DataFrame (time, member), by name
    threads : of the engine, by default one a processor
    """
    controls: dict[str, float | Array] = {"FINAL TIME": last_year + 1.0}
    if time_step is not None:
        controls["TIME STEP"] = time_step
    wanted = {*variables, *STOCKS}
    runs = model.table({**parameters, **controls}, sorted(wanted), save="step", threads=threads)
    values = runs.values
    # A finite run with a negative stock is no region: prior draws whose shares add up to more
    # than one would give it a negative industry.
    lowest = {stock: values[stock].min(axis=0) for stock in STOCKS}
    ok = np.logical_and.reduce([low >= 0 for low in lowest.values()])
    ok &= runs.status == 0
    trouble = {member: _trouble(runs, lowest, member) for member in np.flatnonzero(~ok).tolist()}
    step = float(runs.time[1] - runs.time[0])
    return Steps(step, values, flows_of(model, wanted), ok, trouble)


def _trouble(runs: Runs, lowest: Mapping[str, Array], member: int) -> str:
    """Return what went wrong with a member, for readers."""
    if runs.status[member]:
        return f"'{runs.bad_variable[member]}' is not finite in {runs.bad_time[member]:g}"
    negative = next(stock for stock, low in lowest.items() if low[member] < 0)
    return f"'{negative}' falls below zero"


def run_years(
    model: Model,
    parameters: Parameters,
    variables: Collection[str],
    last_year: int,
    time_step: float | None = None,
) -> Years:
    """Run all members to the end of `last_year` and return yearly values of `variables`."""
    return yearly(run_steps(model, parameters, variables, last_year, time_step))
