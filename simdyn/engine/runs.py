"""Run a program for many members in blocks: parameters in, named results and failures out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from simdyn.arrays import Array
from simdyn.compile.nodes import (
    Course,
    Definition,
    Lookup,
    Program,
    Table,
    Time,
    Variable,
    initial_key,
    knot_key,
)
from simdyn.engine.backends import Backends
from simdyn.engine.batch import Axis, Batch, Outcome
from simdyn.engine.clock import Save
from simdyn.engine.integrate import Chance
from simdyn.engine.numpy_functions import Value
from simdyn.engine.selection import Scalars, rows_of
from simdyn.errors import ModelError

BLOCK = 1024
"""Members that are run together: enough to hide the cost of a call, few enough for the cache."""


@dataclass(frozen=True)
class Runs:
    """Results of a batch.

    names : of the variables that are kept, as their author wrote them
    table : their values, (variable, time, member)
    status : 0 if the member is fine, else 1 + the place of its first bad variable in
        ``Program.variables``, (member,)
    bad_variable : author's name of that variable, "" if fine, (member,)
    bad_time : when it first was not finite, nan if fine, (member,)
    """

    axis: Axis
    names: tuple[str, ...]
    table: Array
    status: NDArray[np.int64]
    bad_variable: NDArray[np.str_]
    bad_time: NDArray[np.float64]

    @property
    def time(self) -> NDArray[np.float64]:
        """Kept times, (time,)."""
        return self.axis.times

    @cached_property
    def values(self) -> dict[str, Array]:
        """The values (time, member) by name."""
        return dict(zip(self.names, self.table, strict=True))


def simulate(
    backends: Backends,
    params: Mapping[str, ArrayLike | pd.Series | pd.DataFrame],
    wanted: Scalars,
    save: Save = "saveper",
    block: int = BLOCK,
    *,
    threads: int | None = None,
    method: str | None = None,
    data: Mapping[str, Definition] | None = None,
    seed: int = 0,
    labels: NDArray[np.uint64] | None = None,
) -> Runs:
    """Run all members, ``block`` at a time.

    Parameters
    ----------
    params : values that replace the equations of variables, and the starts of stocks: one number,
        (member,), a pandas Series over time, or a DataFrame (time, member)
    wanted : what to keep, none of it a lookup
    threads : blocks that run at the same time; as many as there are processors if None
    method : of integration; the model file's own if None
    data : data over time, by key of the variable
    seed, labels : what random numbers depend on; labels (member,), by default 0, 1, ...

    Raises
    ------
    ModelError
        A parameter is unknown, no number, or not one per member; or the time axis does not fit.
    """
    threads = (os.cpu_count() or 1) if threads is None else threads
    if block < 1 or threads < 1:
        what = f"block={block}: a block needs" if block < 1 else f"threads={threads}: a run needs"
        raise ModelError(f"{what} at least one {'member' if block < 1 else 'thread'}.")
    program = backends.program
    given, curves = _given(backends, params)
    n_member = _n_member(program, given)
    method = program.method if method is None else method
    compiled = backends.compiled(frozenset(given), {**(data or {}), **curves}, wanted.keys, method)
    given |= {initial_key(key): value for key, value in given.items()}
    axis = compiled.axis(given, save)
    chance = Chance(seed, np.arange(n_member, dtype=np.uint64) if labels is None else labels)
    batch = Batch(axis, compiled.method, given, n_member, block, threads, chance)
    outcome = compiled.run(batch)
    status, names = _status(compiled.program, outcome)
    return Runs(
        axis=axis,
        names=wanted.names,
        table=outcome.table,
        status=status,
        bad_variable=names,
        bad_time=outcome.time,
    )


def _given(
    backends: Backends, params: Mapping[str, ArrayLike | pd.Series | pd.DataFrame]
) -> tuple[dict[str, Value], dict[str, Definition | Course]]:
    """Return the numbers, and the curves over time, that a run sets, by key of each scalar."""
    program = backends.program
    given: dict[str, Value] = {}
    curves: dict[str, Definition | Course] = {}
    for name, value in params.items():
        for key in backends.select(name).scalars:
            variable = program.variables[key]
            if variable.kind == "lookup":
                msg = f"'{variable.name}' is a lookup and cannot be set. "
                raise ModelError(msg + "Set the constants it depends on.", path=program.path)
            if key in given or key in curves:
                raise ModelError(f"'{variable.name}' is set twice.", path=program.path)
            if isinstance(value, pd.Series | pd.DataFrame):
                times, points = _points(program, variable, value)
                if isinstance(value, pd.Series):
                    table = Table(times, tuple(points[:, 0].tolist()), "interpolate")
                    curves[key] = Lookup(table, Time())
                else:
                    curves[key] = Course(times)
                    given |= {knot_key(key, place): row for place, row in enumerate(points)}
            else:
                given[key] = _number(program, variable, value)
    return given, curves


def _points(
    program: Program, variable: Variable, curve: pd.Series | pd.DataFrame
) -> tuple[tuple[float, ...], Array]:
    """Return times, increasing, and the values there, (time, member)."""
    if variable.kind in {"stock", "control"}:
        msg = f"'{variable.name}' is a {variable.kind} and takes one number, not a series."
        raise ModelError(msg, path=program.path)
    try:
        times = curve.index.to_numpy(dtype=float)
        values = curve.to_numpy(dtype=float).reshape(len(times), -1)
    except (TypeError, ValueError):
        times, values = np.empty(0), np.empty((0, 0))
    finite = values.size > 0 and np.isfinite(times).all() and np.isfinite(values).all()
    if not finite or len(np.unique(times)) < len(times):
        msg = f"the series of '{variable.name}' needs finite numbers, indexed by times that differ."
        raise ModelError(msg, path=program.path)
    order = np.argsort(times)
    return tuple(times[order].tolist()), values[order]


def _number(program: Program, variable: Variable, value: ArrayLike) -> Value:
    """Return the value of a parameter as a float or floats (member,)."""
    if isinstance(value, float):
        return float(value)
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
    sizes = {key: value.size for key, value in given.items() if isinstance(value, np.ndarray)}
    if len(set(sizes.values())) > 1:
        names = {key: variable.name for key, variable in program.variables.items()}
        listed = ", ".join(f"'{names.get(k, k)}' {n}" for k, n in sizes.items())
        raise ModelError(f"parameters differ in their number of members: {listed}.")
    return next(iter(sizes.values()), 1)


def _status(program: Program, outcome: Outcome) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Return status and name of the first bad variable of each member."""
    if not outcome.keys:
        return np.zeros(len(outcome.first), dtype=np.int64), np.full(len(outcome.first), "")
    rows = {key: place for place, key in enumerate(rows_of(program), start=1)}
    owners = {key: variable.owner or key for key, variable in program.variables.items()}
    # The last entry is the one that number -1, all is well, picks.
    status = np.array([*(rows[owners[key]] for key in outcome.keys), 0], dtype=np.int64)
    names = np.array([*(program.variables[key].name for key in outcome.keys), ""])
    return status[outcome.first], names[outcome.first]
