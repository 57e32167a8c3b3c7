"""Intervals: bounds of what equations give, and of how fast it changes with what they use.

An interval is (low, high); infinite bounds are allowed, and wide is always right.
Source: Moore, Kearfott and Cloud (2009), Introduction to Interval Analysis, chapters 2 and 5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise, product

from simdyn.compile.nodes import Binary, Call, Expression, Lookup, Table, Unary

Interval = tuple[float, float]

ALL: Interval = (-math.inf, math.inf)
NOT_BELOW_ZERO: Interval = (0.0, math.inf)
NOT_ABOVE_ZERO: Interval = (-math.inf, 0.0)
NONE: Interval = (0.0, 0.0)
SHARE: Interval = (0.0, 1.0)

Bounds = Sequence[Interval]


def hull(values: Sequence[float]) -> Interval:
    """Return the smallest interval that holds some numbers; all numbers if one is none."""
    return ALL if any(map(math.isnan, values)) else (min(values), max(values))


def plus(left: Interval, right: Interval) -> Interval:
    """Return the sums of two intervals' numbers."""
    low, high = left[0] + right[0], left[1] + right[1]
    return ALL if math.isnan(low) or math.isnan(high) else (low, high)


def minus(left: Interval, right: Interval) -> Interval:
    """Return the differences of two intervals' numbers."""
    return plus(left, opposite(right))


def opposite(one: Interval) -> Interval:
    """Return an interval with its sign turned."""
    return -one[1], -one[0]


def times(left: Interval, right: Interval) -> Interval:
    """Return the products of two intervals' numbers; nothing of infinitely much is nothing."""
    return hull([0.0 if 0.0 in pair else math.prod(pair) for pair in product(left, right)])


def inverse(one: Interval) -> Interval:
    """Return one over the numbers of an interval, zero itself left out."""
    low, high = one
    if low < 0.0 < high or one == NONE:
        return ALL
    return (1 / high if high else -math.inf), (1 / low if low else math.inf)


def sign(one: Interval) -> Interval:
    """Return an interval stretched to all numbers of its sign."""
    if one == NONE:
        return NONE
    return NOT_BELOW_ZERO if one[0] >= 0 else NOT_ABOVE_ZERO if one[1] <= 0 else ALL


def value_of(node: Expression, operands: Bounds) -> Interval:
    """Return the bounds of what a node gives, from those of its operands."""
    match node:
        case Unary(operator=operator) | Binary(operator=operator):
            return _VALUES.get(operator, _anything)(operands)
        case Call(function=function):
            return _VALUES.get(function, _anything)(operands)
        case Lookup(table=Table(y=y, kind=kind)):
            return ALL if kind == "extrapolate" else hull(y)
    return ALL


def slopes_of(node: Expression, operands: Bounds) -> Bounds:
    """Return the bounds of a node's derivatives by its operands, jumps counted as infinite."""
    match node:
        case Unary(operator=operator) | Binary(operator=operator):
            found = _SLOPES.get(operator)
        case Call(function=function):
            found = _SLOPES.get(function)
        case Lookup(table=table):
            return [_slope(table)]
        case _:
            found = None
    return [ALL] * len(operands) if found is None else found(operands)


# What operators and functions give


def _anything(_operands: Bounds) -> Interval:
    return ALL


def _truth(_operands: Bounds) -> Interval:
    return SHARE


def _monotone(function: Callable[[float], float]) -> Callable[[Bounds], Interval]:
    """Return the values of a function that never falls."""

    def values(operands: Bounds) -> Interval:
        low, high = operands[0]
        found = [-math.inf, math.inf]
        with suppress(ValueError, OverflowError):
            found[0] = function(low)
        with suppress(ValueError, OverflowError):
            found[1] = function(high)
        return found[0], found[1]

    return values


def _power(operands: Bounds) -> Interval:
    base, exponent = operands
    if base[0] < 0:
        even = exponent[0] == exponent[1] and exponent[0] % 2 == 0
        return NOT_BELOW_ZERO if even else ALL
    return hull([_raised(b, e) for b, e in product(base, exponent)])


def _raised(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except (ZeroDivisionError, OverflowError):
        return math.inf


def _absolute(operands: Bounds) -> Interval:
    low, high = operands[0]
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    return nearest, max(abs(low), abs(high))


def _either(*which: int) -> Callable[[Bounds], Interval]:
    """Return the values of a function that gives one of some operands."""

    def values(operands: Bounds) -> Interval:
        chosen = [operands[number] for number in which]
        return min(low for low, _ in chosen), max(high for _, high in chosen)

    return values


def _stepped(operands: Bounds) -> Interval:
    low, high = operands[2]
    return min(low, 0.0), max(high, 0.0)


def _ramped(operands: Bounds) -> Interval:
    return sign(operands[2])


def _quotient(operands: Bounds) -> Interval:
    return times(operands[0], inverse(operands[1]))


def _or_zero(operands: Bounds) -> Interval:
    low, high = _quotient(operands)
    return min(low, 0.0), max(high, 0.0)


def _or_other(operands: Bounds) -> Interval:
    low, high = _quotient(operands)
    return min(low, operands[2][0]), max(high, operands[2][1])


_VALUES: Mapping[str, Callable[[Bounds], Interval]] = {
    "+": lambda operands: plus(*operands),
    "-": lambda operands: minus(*operands) if len(operands) > 1 else opposite(operands[0]),
    "*": lambda operands: times(*operands),
    "/": _quotient,
    "^": _power,
    "power": _power,
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">=", ":and:", ":or:", ":not:"), _truth),
    **dict.fromkeys(("pulse", "pulse_train"), _truth),
    "abs": _absolute,
    "exp": _monotone(math.exp),
    "if_then_else": _either(1, 2),
    "integer": lambda operands: (min(operands[0][0], 0.0), max(operands[0][1], 0.0)),
    "ln": _monotone(math.log),
    "max": lambda operands: (max(o[0] for o in operands), max(o[1] for o in operands)),
    "min": lambda operands: (min(o[0] for o in operands), min(o[1] for o in operands)),
    "ramp": _ramped,
    "sqrt": lambda operands: (math.sqrt(max(operands[0][0], 0)), math.sqrt(max(operands[0][1], 0))),
    "step": _stepped,
    "tanh": _monotone(math.tanh),
    "xidz": _or_other,
    "zidz": _or_zero,
}

# How fast that changes


def _constant(*slopes: Interval) -> Callable[[Bounds], Bounds]:
    return lambda _operands: slopes


def _by_quotient(operands: Bounds) -> Bounds:
    above, below = operands[:2]
    over = inverse(below)
    return times((1.0, 1.0), over), opposite(times(above, _square(over)))


def _square(one: Interval) -> Interval:
    low, high = _absolute([one])
    return low * low, high * high


def _by_power(operands: Bounds) -> Bounds:
    base, exponent = operands
    if base[0] >= 0 or (exponent[0] == exponent[1] and exponent[0] % 2 == 1):
        by_base = sign(exponent)
    elif exponent[0] == exponent[1] and exponent[0] % 2 == 0:
        by_base = times(sign(exponent), sign(base))
    else:
        by_base = ALL
    by_exponent = NOT_BELOW_ZERO if base[0] >= 1 else NOT_ABOVE_ZERO
    return by_base, by_exponent if base[0] >= 1 or (base[0] >= 0 and base[1] <= 1) else ALL


def _by_choice(operands: Bounds) -> Bounds:
    return sign(minus(operands[1], operands[2])), SHARE, SHARE


def _by_step(operands: Bounds) -> Bounds:
    height = sign(operands[2])
    return height, ALL, SHARE, opposite(height)


def _by_ramp(operands: Bounds) -> Bounds:
    slope = sign(operands[2])
    return slope, ALL, NOT_BELOW_ZERO, opposite(slope), slope


def _by_absolute(operands: Bounds) -> Bounds:
    low, high = operands[0]
    return [_ONE if low >= 0 else (-1.0, -1.0) if high <= 0 else (-1.0, 1.0)]


_ONE: Interval = (1.0, 1.0)
_RISES = _constant(NOT_BELOW_ZERO, NOT_BELOW_ZERO)
_GREATER = _constant(NOT_BELOW_ZERO, NOT_ABOVE_ZERO)
_LESS = _constant(NOT_ABOVE_ZERO, NOT_BELOW_ZERO)

_SLOPES: Mapping[str, Callable[[Bounds], Bounds]] = {
    "+": _constant(_ONE, _ONE),
    "-": lambda operands: [_ONE, (-1.0, -1.0)][-len(operands) :],
    "*": lambda operands: (operands[1], operands[0]),
    "/": _by_quotient,
    "^": _by_power,
    "power": _by_power,
    ">": _GREATER,
    ">=": _GREATER,
    "<": _LESS,
    "<=": _LESS,
    ":and:": _RISES,
    ":or:": _RISES,
    ":not:": _constant(NOT_ABOVE_ZERO),
    "abs": _by_absolute,
    "arccos": _constant(NOT_ABOVE_ZERO),
    "if_then_else": _by_choice,
    "max": _constant(SHARE, SHARE),
    "min": _constant(SHARE, SHARE),
    "ramp": _by_ramp,
    "step": _by_step,
    "xidz": lambda operands: (*_by_quotient(operands), SHARE),
    "zidz": _by_quotient,
    **dict.fromkeys(
        ("arcsin", "arctan", "exp", "integer", "ln", "sinh", "sqrt", "tanh"),
        _constant(NOT_BELOW_ZERO),
    ),
}


def _slope(table: Table) -> Interval:
    """Return the sign of a lookup's slopes, nothing beyond its ends included."""
    rises = [after - before for before, after in pairwise(table.y)]
    return sign(hull(rises)) if rises else NONE
