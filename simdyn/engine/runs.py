"""Run a program for many members in blocks: parameters in, named results and failures out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simdyn.compile.nodes import Program, Variable, key_of
from simdyn.engine.clock import Save, clock_of
from simdyn.engine.integrate import Failures, integrate
from simdyn.engine.numpy_backend import Kernel, emit
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
    program: Program,
    params: Mapping[str, ArrayLike],
    wanted: list[Variable],
    save: Save,
    block: int = BLOCK,
) -> Runs:
    """Run all members, ``block`` at a time.

    Parameters
    ----------
    params : values that replace the equations of variables, one number or (member,) each
    wanted : variables to keep, none of them a lookup

    Raises
    ------
    ModelError
        A parameter is unknown, no number, or not one per member; or the time axis does not fit.
    """
    if block < 1:
        raise ModelError(f"block={block}: a block needs at least one member.")
    given = _given(program, params)
    n_member = _n_member(program, given)
    program = program.with_given(frozenset(given))
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
        part = {key: _members(value, members) for key, value in given.items()}
        views = {key: table[:, members] for key, table in values.items()}
        times = clock.times.tolist()
        failures.append(integrate(kernel, times, clock.time_step, part, kept, views))
    status, names = _status(program, kernel, failures)
    return Runs(
        time=clock.times[steps],
        values={variable.name: values[variable.key] for variable in wanted},
        status=status,
        bad_variable=names,
        bad_time=np.concatenate([f.time for f in failures]),
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


def _members(value: Value, members: slice) -> Value:
    return value[members] if isinstance(value, np.ndarray) else value


def _status(
    program: Program, kernel: Kernel, failures: list[Failures]
) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Return status and name of the first bad variable of each member, from kernel numbers."""
    places = {key: place for place, key in enumerate(program.variables, start=1)}
    # The last entry is the one that number -1, all is well, picks.
    status = np.array([*(places[key] for key in kernel.slots), 0], dtype=np.int64)
    names = np.array([*(program.variables[key].name for key in kernel.slots), ""])
    first = np.concatenate([failure.first for failure in failures])
    return status[first], names[first]
