"""Find the value of an expression at the start, while a model is compiled."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from simdyn.compile.nodes import Binary, Call, Constant, Expression, Reference, Time, Unary

_BINARY: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_CALLS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "exp": math.exp,
    "if_then_else": lambda condition, true, false: true if condition else false,
    "integer": math.trunc,
    "ln": math.log,
    "max": max,
    "min": min,
    "power": math.pow,
    "ramp": lambda time, _step, slope, start, end: slope * max(min(time, end) - start, 0.0),
    "sqrt": math.sqrt,
    "step": lambda time, step, height, start: height if time + step / 2 > start else 0.0,
}

_DEEPEST = 200


class NotFixedError(Exception):
    """The value cannot be found without a run."""


def fold(node: Expression, constant: Callable[[str], Expression | float], depth: int = 0) -> float:
    """Return the value of an expression; ``constant`` gives what a reference stands for.

    Raises
    ------
    NotFixedError
        It depends on itself, or on a function that is not known here, or cannot be computed.
    """
    if depth > _DEEPEST:
        raise NotFixedError

    def value(part: Expression | float) -> float:
        return part if isinstance(part, float) else fold(part, constant, depth + 1)

    match node:
        case Constant(number):
            return number
        case Reference(key):
            return value(constant(key))
        case Time():
            return value(constant("initial_time"))
        case Unary("-", operand):
            return -value(operand)
        case Binary(sign, left, right) if sign in _BINARY:
            return _computed(_BINARY[sign], value(left), value(right))
        case Call(function, arguments) if function in _CALLS:
            return _computed(_CALLS[function], *map(value, arguments))
        case _:
            raise NotFixedError


def _computed(function: Callable[..., float], *operands: float) -> float:
    try:
        return float(function(*operands))
    except (ArithmeticError, TypeError, ValueError):
        raise NotFixedError from None
