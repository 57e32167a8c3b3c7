"""Run a program for many members in blocks: parameters in, named results and failures out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simdyn.compile.nodes import Program, Variable, key_of
from simdyn.engine.backends import Backends
from simdyn.engine.batch import Batch, Outcome
from simdyn.engine.clock import Save
from simdyn.engine.numpy_functions import Value
from simdyn.errors import ModelError, did_you_mean

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


def find(program: Program, name: str) -> Variable:
    """Return a variable by its name, whatever the case, blanks and underscores.

    Raises
    ------
    ModelError
        There is none; the nearest name is offered.
    """
    variable = program.variables.get(key_of(name))
    if variable is None:
        mend = did_you_mean(name, [v.name for v in program.variables.values()])
        raise ModelError(f"no variable '{name}'. {mend}", path=program.path)
    return variable


def simulate(
    backends: Backends,
    params: Mapping[str, ArrayLike],
    wanted: list[Variable],
    save: Save,
    block: int = BLOCK,
    threads: int | None = None,
    method: str = "euler",
) -> Runs:
    """Run all members, ``block`` at a time.

    Parameters
    ----------
    params : values that replace the equations of variables, one number or (member,) each
    wanted : variables to keep, none of them a lookup
    threads : blocks that run at the same time; as many as there are processors if None

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
    given = _given(program, params)
    n_member = _n_member(program, given)
    keys = tuple(variable.key for variable in wanted)
    compiled = backends.compiled(frozenset(given), keys, method)
    axis = compiled.axis(given, save)
    batch = Batch(axis, compiled.method, given, n_member, block, threads)
    outcome = compiled.run(batch)
    status, names = _status(program, outcome)
    return Runs(
        time=axis.times,
        values={variable.name: outcome.values[variable.key] for variable in wanted},
        status=status,
        bad_variable=names,
        bad_time=outcome.time,
    )


def _given(program: Program, params: Mapping[str, ArrayLike]) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for name, value in params.items():
        variable = find(program, name)
        if variable.kind in {"stock", "lookup"}:
            msg = f"'{variable.name}' is a {variable.kind} and cannot be set. "
            raise ModelError(msg + "Set the constants it depends on.", path=program.path)
        if variable.key in given:
            raise ModelError(f"'{variable.name}' is set twice.", path=program.path)
        given[variable.key] = _number(program, variable, value)
    return given


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


def _status(program: Program, outcome: Outcome) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Return status and name of the first bad variable of each member."""
    if not outcome.keys:
        return np.zeros(len(outcome.first), dtype=np.int64), np.full(len(outcome.first), "")
    places = {key: place for place, key in enumerate(program.variables, start=1)}
    # The last entry is the one that number -1, all is well, picks.
    status = np.array([*(places[key] for key in outcome.keys), 0], dtype=np.int64)
    names = np.array([*(program.variables[key].name for key in outcome.keys), ""])
    return status[outcome.first], names[outcome.first]
