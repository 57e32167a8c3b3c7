"""The sign of what a variable does in an equation: by the equation itself, or seen in a run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simdyn.arrays import Array
from simdyn.check.values import function_of
from simdyn.compile.nodes import (
    Constant,
    Expression,
    Program,
    Reference,
    Time,
    at_step,
    children,
    walk,
)
from simdyn.compile.order import order
from simdyn.engine.backends import Backends
from simdyn.engine.runs import simulate
from simdyn.engine.selection import Scalars
from simdyn.errors import ModelError
from simdyn.structure.intervals import (
    ALL,
    NONE,
    NOT_ABOVE_ZERO,
    NOT_BELOW_ZERO,
    Interval,
    plus,
    slopes_of,
    times,
    value_of,
)
from simdyn.structure.records import Basis, Polarity


class Sign(NamedTuple):
    """The sign of an effect, how it is known, and whether the default run shows none of it."""

    polarity: Polarity
    basis: Basis
    idle: bool = False


_STEP = 1e-4
"""Change by which effects are looked for in a run, relative to the largest value of the cause."""

_MOST_NODES = 200_000
"""Operations and causes, multiplied, of the longest equation that is looked at in a run."""

_ROUNDING = 1e-10
"""Change of an effect, relative to its largest value, that counts as none."""


@dataclass(frozen=True)
class Course:
    """The model's default run at every step.

    values : by key, (time,); empty if the model does not run by itself
    """

    time: Array
    values: Mapping[str, Array]


def default_run(program: Program) -> Course:
    """Run a model as its file has it; an empty course if it needs data that the file lacks."""
    keys = [key for key, v in program.variables.items() if v.kind != "lookup"]
    try:
        runs = simulate(Backends(program, "auto"), {}, Scalars.of(program, keys), "step", threads=1)
    except ModelError:
        return Course(np.empty(0), {})
    return Course(runs.time, dict(zip(keys, runs.table[:, :, 0], strict=True)))


def bounds_of(program: Program, course: Course) -> dict[str, Interval]:
    """Return the bounds of each variable by key, each after what it uses.

    Constants have their values, those of zero any value, for a switch may be turned either way;
    states and data any value of the sign that they have in the default run.
    """
    bounds: dict[str, Interval] = {}
    for key in order(program, program.variables).step:
        expression = at_step(program.variables[key].definition)
        if expression is None:
            bounds[key] = _sign_in(course.values.get(key))
            continue
        found = effects(expression, bounds, course.time)[0]
        bounds[key] = ALL if found == NONE else found
    return bounds


def _sign_in(values: Array | None) -> Interval:
    known = np.empty(0) if values is None else values[np.isfinite(values)]
    if known.size == 0 or not known.any():
        return ALL
    return NOT_BELOW_ZERO if known.min() >= 0 else NOT_ABOVE_ZERO if known.max() <= 0 else ALL


def effects(
    expression: Expression, bounds: Mapping[str, Interval], time: Array
) -> tuple[Interval, dict[str, Interval]]:
    """Return the bounds of an expression, and of its derivatives by the variables it uses."""
    stack: list[tuple[Interval, dict[str, Interval]]] = []
    for node in reversed(list(walk(expression))):
        n_operand = len(children(node))
        operands = stack[len(stack) - n_operand :]
        del stack[len(stack) - n_operand :]
        stack.append(_effects(node, operands, bounds, time))
    return stack[0]


def _effects(
    node: Expression,
    operands: list[tuple[Interval, dict[str, Interval]]],
    bounds: Mapping[str, Interval],
    time: Array,
) -> tuple[Interval, dict[str, Interval]]:
    match node:
        case Constant(value=value):
            return (ALL if math.isnan(value) else (value, value)), {}
        case Reference(key=key):
            return bounds.get(key, ALL), {key: (1.0, 1.0)}
        case Time():
            return ((float(time[0]), float(time[-1])) if time.size else ALL), {}
    values = [value for value, _ in operands]
    slopes = slopes_of(node, values)
    # Long sums lean to the left: what is known of their first part is taken on as it is.
    kept = 1 if operands and slopes[0] == (1.0, 1.0) else 0
    found = operands[0][1] if kept else {}
    for slope, (_, inner) in zip(slopes[kept:], operands[kept:], strict=True):
        for key, effect in inner.items():
            found[key] = plus(found.get(key, NONE), times(slope, effect))
    return value_of(node, values), found


def signs_of(
    expression: Expression, bounds: Mapping[str, Interval], course: Course
) -> dict[str, Sign]:
    """Return the sign with which each variable acts in an expression, by key."""
    every = effects(expression, bounds, course.time)[1]
    n_node = sum(1 for _ in walk(expression))
    seen = course.values if n_node * len(every) <= _MOST_NODES else {}
    found: dict[str, Sign] = {}
    for key, effect in every.items():
        changes = _changes(expression, key, seen, course.time) if key in seen else np.empty(0)
        idle = changes.size > 0 and not changes.any()
        if effect != NONE and effect[0] >= 0:
            found[key] = Sign("+", "equation", idle)
        elif effect != NONE and effect[1] <= 0:
            found[key] = Sign("-", "equation", idle)
        else:
            found[key] = _sign_in_run(changes)
    return found


def _sign_in_run(changes: Array) -> Sign:
    """Return the sign that all changes have."""
    if not changes.any():
        return Sign("depends", "unknown", changes.size > 0)
    if changes.min() >= 0 or changes.max() <= 0:
        return Sign("+" if changes.max() > 0 else "-", "run")
    return Sign("depends", "run")


def _changes(expression: Expression, key: str, values: Mapping[str, Array], time: Array) -> Array:
    """Return central differences of an equation at the finite values of a run; rounding is none."""
    cause = values[key]
    if not np.isfinite(cause).any():
        return np.empty(0)
    step = _STEP * (np.nanmax(np.abs(cause)) or 1.0)
    above = evaluate(expression, {**values, key: cause + step}, time)
    below = evaluate(expression, {**values, key: cause - step}, time)
    finite = np.isfinite(above) & np.isfinite(below)
    size = np.abs(above[finite]).max(initial=0.0)
    changes = (above - below)[finite]
    return np.where(np.abs(changes) > _ROUNDING * size, changes, 0.0)


def evaluate(expression: Expression, values: Mapping[str, Array], time: Array) -> Array:
    """Return an expression at the values of a run, (time,); nan where it cannot be found."""
    stack: list[Array] = []
    with np.errstate(all="ignore"):
        for node in reversed(list(walk(expression))):
            n_operand = len(children(node))
            operands = stack[len(stack) - n_operand :]
            del stack[len(stack) - n_operand :]
            stack.append(_value(node, operands, values, time))
    return stack[0]


def _value(
    node: Expression, operands: list[Array], values: Mapping[str, Array], time: Array
) -> Array:
    match node:
        case Constant(value=value):
            return np.full(time.shape, value)
        case Reference(key=key):
            return values.get(key, np.full(time.shape, np.nan))
        case Time():
            return time
    function = function_of(node)
    if function is None:
        return np.full(time.shape, np.nan)
    return np.asarray(function(*operands), dtype=float)


def joined(left: Sign, right: Sign) -> Sign:
    """Return the sign of a chain of two links."""
    basis, idle = _weaker(left.basis, right.basis), left.idle or right.idle
    if "depends" in {left.polarity, right.polarity}:
        return Sign("depends", basis, idle)
    return Sign("+" if left.polarity == right.polarity else "-", basis, idle)


def agreed(left: Sign, right: Sign) -> Sign:
    """Return the sign of what acts in two ways at once."""
    same = left.polarity == right.polarity
    basis = _weaker(left.basis, right.basis)
    return Sign(left.polarity if same else "depends", basis, left.idle and right.idle)


def _weaker(left: Basis, right: Basis) -> Basis:
    ranks: tuple[Basis, ...] = ("equation", "run", "unknown")
    return max(left, right, key=ranks.index)
