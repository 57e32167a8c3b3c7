"""Values of variables at the start, as far as they can be found in a faulty model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from simdyn.compile.nodes import (
    Binary,
    Call,
    Constant,
    Expression,
    Initial,
    Lookup,
    Program,
    Reference,
    State,
    Time,
    Unary,
    at_start,
    at_step,
    children,
    references,
    walk,
)
from simdyn.engine.numpy_functions import BINARY, FUNCTIONS, UNARY, Function, lookup

Values = Mapping[str, float]

_START = "initial_time"


def starting_values(program: Program) -> dict[str, float]:
    """Return the value of each variable at INITIAL TIME by key; none where it cannot be found."""
    definitions = {key: variable.definition for key, variable in program.variables.items()}
    first: dict[str, float] = {}
    _fill(first, {key: at_start(d) for key, d in definitions.items()})
    found = {k: v for k, v in first.items() if isinstance(definitions[k], State | Initial)}
    found.setdefault(_START, first.get(_START, math.nan))
    _fill(found, {key: at_step(d) for key, d in definitions.items()})
    return found


def evaluate(expression: Expression, values: Values) -> float:
    """Return the value of an expression; nan if a part of it is not known."""
    stack: list[float] = []
    with np.errstate(all="ignore"):
        for node in reversed(list(walk(expression))):
            n_operand = len(children(node))
            operands = stack[len(stack) - n_operand :]
            del stack[len(stack) - n_operand :]
            stack.append(_value(node, operands, values))
    return stack[0]


def _value(node: Expression, operands: Sequence[float], values: Values) -> float:
    match node:
        case Constant(value=value):
            return value
        case Reference(key=key):
            return values.get(key, math.nan)
        case Time():
            return values.get(_START, math.nan)
    function = function_of(node)
    if function is None or any(map(math.isnan, operands)):
        return math.nan
    return float(function(*map(np.float64, operands)))


def function_of(node: Expression) -> Function | None:
    """Return what an operator, function or lookup does to numbers; None of any other node."""
    match node:
        case Unary(operator=operator):
            return UNARY.get(operator)
        case Binary(operator=operator):
            return BINARY.get(operator)
        case Call(function=function):
            return FUNCTIONS.get(function)
        case Lookup(table=table):
            return lookup(table)
    return None


def _fill(values: dict[str, float], equations: Mapping[str, Expression | None]) -> None:
    """Add the values of equations to those known, each after what it uses."""
    wanted = {k: e for k, e in equations.items() if e is not None and k not in values}
    waiting = {key: set(references(e)) - values.keys() for key, e in wanted.items()}
    users: dict[str, list[str]] = {}
    for key, used in waiting.items():
        for other in used:
            users.setdefault(other, []).append(key)
    ready = [key for key, used in waiting.items() if not used]
    while ready:
        key = ready.pop()
        expression = wanted[key]
        values[key] = math.nan if expression is None else evaluate(expression, values)
        for user in users.get(key, ()):
            waiting[user].discard(key)
            if not waiting[user]:
                ready.append(user)
