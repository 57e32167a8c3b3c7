"""Run a program for many members in blocks: parameters in, named results and failures out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from simdyn.compile.nodes import (
    Definition,
    Lookup,
    Program,
    Table,
    Time,
    Variable,
    initial_key,
)
from simdyn.engine.clock import Save, clock_of
from simdyn.engine.integrate import Chance, Failures, integrate
from simdyn.engine.numpy_backend import Kernel, emit
from simdyn.engine.numpy_functions import Value
from simdyn.engine.selection import rows_of, select
from simdyn.errors import ModelError

BLOCK = 2048
"""Members that are run together: enough to hide the cost of a call, few enough for the cache."""


@dataclass(frozen=True)
class Runs:
    """Results of a batch.

    values : (time, member) by the author's name of the variable
    status : 0 if the member is fine, else 1 + the place of its first bad variable in
        ``Program.variables``, (member,)
    bad_variable : author's name of that variable, "" if fine, (member,)
    bad_time : when it first was not finite, nan if fine, (member,)
    """

    time: NDArray[np.float64]
    values: Mapping[str, NDArray[np.float64]]
    status: NDArray[np.int64]
    bad_variable: NDArray[np.str_]
    bad_time: NDArray[np.float64]


def simulate(
    program: Program,
    params: Mapping[str, ArrayLike | pd.Series],
    wanted: list[Variable],
    save: Save,
    block: int = BLOCK,
    *,
    seed: int = 0,
    labels: NDArray[np.uint64] | None = None,
) -> Runs:
    """Run all members, ``block`` at a time.

    Parameters
    ----------
    params : values that replace the equations of variables, and the starts of stocks: one number,
        (member,), or a pandas Series over time
    wanted : variables to keep, none of them a lookup
    seed, labels : what random numbers depend on; labels (member,), by default 0, 1, ...

    Raises
    ------
    ModelError
        A parameter is unknown, no number, or not one per member; or the time axis does not fit.
    """
    if block < 1:
        raise ModelError(f"block={block}: a block needs at least one member.")
    given, curves = _given(program, params)
    n_member = _n_member(program, given)
    program = program.redefined(curves).with_given(frozenset(given))
    given |= {initial_key(key): value for key, value in given.items()}
    chance = Chance(seed, np.arange(n_member, dtype=np.uint64) if labels is None else labels)
    clock = clock_of(program, given)
    steps = clock.kept(save)
    kept: dict[int, list[int]] = {}
    for row, step in enumerate(steps.tolist()):
        kept.setdefault(step, []).append(row)
    kernel = emit(program, [variable.key for variable in wanted])
    values = {variable.key: np.empty((len(steps), n_member)) for variable in wanted}
    failures = []
    for first in range(0, n_member, block):
        members = slice(first, first + block)
        part = {key: _members(given[key], members) for key in kernel.given}
        views = {key: table[:, members] for key, table in values.items()}
        times = clock.times.tolist()
        some = chance.part(members)
        failures.append(integrate(kernel, times, clock.time_step, part, kept, views, some))
    status, names = _status(program, kernel, failures)
    return Runs(
        time=clock.times[steps],
        values={variable.name: values[variable.key] for variable in wanted},
        status=status,
        bad_variable=names,
        bad_time=np.concatenate([f.time for f in failures]),
    )


def _given(
    program: Program, params: Mapping[str, ArrayLike | pd.Series]
) -> tuple[dict[str, Value], dict[str, Definition]]:
    """Return the numbers, and the curves over time, that a run sets, by key of each scalar."""
    given: dict[str, Value] = {}
    curves: dict[str, Definition] = {}
    for name, value in params.items():
        selection = select(program, name)
        for key in selection.scalars:
            variable = program.variables[key]
            if variable.kind == "lookup":
                msg = f"'{variable.name}' is a lookup and cannot be set. "
                raise ModelError(msg + "Set the constants it depends on.", path=program.path)
            if key in given or key in curves:
                raise ModelError(f"'{variable.name}' is set twice.", path=program.path)
            if isinstance(value, pd.Series):
                curves[key] = _curve(program, variable, value)
            else:
                given[key] = _number(program, variable, value)
    return given, curves


def _curve(program: Program, variable: Variable, series: pd.Series) -> Definition:
    """Return values over time: linear between, held before the first and after the last."""
    if variable.kind in {"stock", "control"}:
        msg = f"'{variable.name}' is a {variable.kind} and takes one number, not a series."
        raise ModelError(msg, path=program.path)
    try:
        points = {float(time): float(value) for time, value in series.items()}  # type: ignore[arg-type]
    except (TypeError, ValueError):
        points = {}
    if len(points) != len(series) or not points or not np.isfinite([*points.items()]).all():
        msg = f"the series of '{variable.name}' needs finite numbers, indexed by times that differ."
        raise ModelError(msg, path=program.path)
    x, y = zip(*sorted(points.items()), strict=True)
    return Lookup(Table(x, y, "interpolate"), Time())


def _number(program: Program, variable: Variable, value: ArrayLike) -> Value:
    """Return the value of a parameter as a float or floats (member,)."""
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        msg = f"the value of '{variable.name}' is not a number: {value!r:.60}."
        raise ModelError(msg, path=program.path) from None
    if array.ndim > 1 or array.size == 0:
        msg = f"'{variable.name}' needs one number, or one per member; its shape is {array.shape}."
        raise ModelError(msg, path=program.path)
    return array if array.ndim else float(array)


def _n_member(program: Program, given: Mapping[str, Value]) -> int:
    sizes = {key: np.size(value) for key, value in given.items() if np.ndim(value)}
    if len(set(sizes.values())) > 1:
        listed = ", ".join(f"'{program.variables[k].name}' {n}" for k, n in sizes.items())
        raise ModelError(f"parameters differ in their number of members: {listed}.")
    return next(iter(sizes.values()), 1)


def _members(value: Value, members: slice) -> Value:
    return value[members] if isinstance(value, np.ndarray) else value


def _status(
    program: Program, kernel: Kernel, failures: list[Failures]
) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Return status and name of the first bad variable of each member, from kernel numbers."""
    rows = {key: place for place, key in enumerate(rows_of(program), start=1)}
    owners = {key: variable.owner or key for key, variable in program.variables.items()}
    # The last entry is the one that number -1, all is well, picks.
    status = np.array([*(rows[owners[key]] for key in kernel.slots), 0], dtype=np.int64)
    names = np.array([*(program.variables[key].name for key in kernel.slots), ""])
    first = np.concatenate([failure.first for failure in failures])
    return status[first], names[first]
