"""Find the value of an expression of constants, while a model is compiled."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from simdyn.compile.nodes import Binary, Call, Constant, Expression, Reference, Unary

_BINARY: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
}

_CALLS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "integer": math.trunc,
    "max": max,
    "min": min,
}

_DEEPEST = 200


class NotFixedError(Exception):
    """The expression depends on more than constants."""


def fold(
    node: Expression, constant: Callable[[str], Expression | float], depth: int = 0
) -> float:
    """Return the value of an expression; ``constant`` gives what a reference stands for.

    Raises
    ------
    NotFixedError
        It depends on time, a stock, a lookup or itself, or cannot be computed.
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
