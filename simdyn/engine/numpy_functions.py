"""What operators, built-in functions and lookups do to NumPy arrays over the member axis.

Each takes floats or arrays (member,) and works element by element, so that a member's bits depend
on no other member. Tolerances are those of Vensim as PySD states them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from simdyn.compile.nodes import Table

Value: TypeAlias = NDArray[np.float64] | np.float64 | float
"""One number for all members, or an array (member,)."""

Function: TypeAlias = Callable[..., Value]

SMALL = 1e-6
"""What Vensim takes for zero in times and denominators."""

_LANES = 8
"""Length to which single numbers are stretched where NumPy has a special loop for them."""


def _truth(compare: Callable[..., Any]) -> Function:
    """Return a comparison or logical operator that gives 1.0 and 0.0."""

    def function(*operands: Value) -> Value:
        truth: Value = np.multiply(compare(*operands), 1.0)
        return truth

    return function


def _power(base: Value, exponent: Value) -> Value:
    # NumPy turns x**2, x**0.5 and x**-1 into other operations if the exponent is one number;
    # their last bit would tell a member of an ensemble from the same member alone.
    shape = np.broadcast_shapes(np.shape(base), np.shape(exponent))
    lanes = shape or (_LANES,)
    full: NDArray[np.float64] = np.power(np.full(lanes, base), np.full(lanes, exponent))
    return full if shape else np.float64(full[0])


def _log(value: Value, base: Value) -> Value:
    return np.log(value) / np.log(base)


def _if_then_else(condition: Value, true: Value, false: Value) -> Value:
    return np.where(np.not_equal(condition, 0), true, false)


def _quantum(value: Value, unit: Value) -> Value:
    return np.where(np.less(unit, SMALL), value, unit * np.trunc(np.divide(value, unit)))


def _modulo(value: Value, unit: Value) -> Value:
    return value - _quantum(value, unit)


def _xidz(numerator: Value, denominator: Value, otherwise: Value) -> Value:
    return np.where(np.abs(denominator) < SMALL, otherwise, np.divide(numerator, denominator))


def _zidz(numerator: Value, denominator: Value) -> Value:
    return _xidz(numerator, denominator, 0.0)


def _step(time: Value, time_step: Value, height: Value, start: Value) -> Value:
    return height * np.greater(time + time_step / 2, start)


def _ramp(time: Value, time_step: Value, slope: Value, start: Value, end: Value) -> Value:  # noqa: ARG001
    return np.greater(time + SMALL, start) * slope * (np.minimum(end, time) - start)


def _pulse(time: Value, time_step: Value, start: Value, width: Value) -> Value:
    return _pulse_train(time, time_step, start, np.inf, width, np.inf)


def _pulse_train(
    time: Value, time_step: Value, start: Value, interval: Value, width: Value, end: Value
) -> Value:
    width = np.where(np.equal(width, 0), time_step, width)
    interval = np.where(np.equal(interval, 0), np.inf, interval)
    running = np.logical_and(time >= start - SMALL, time + SMALL < end)
    return _truth(np.logical_and)(running, np.mod(time - start + SMALL, interval) < width)


UNARY: dict[str, Function] = {
    "-": np.negative,
    ":not:": _truth(np.logical_not),
}

BINARY: dict[str, Function] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": _power,
    "=": _truth(np.equal),
    "<>": _truth(np.not_equal),
    "<": _truth(np.less),
    "<=": _truth(np.less_equal),
    ">": _truth(np.greater),
    ">=": _truth(np.greater_equal),
    ":and:": _truth(np.logical_and),
    ":or:": _truth(np.logical_or),
}

FUNCTIONS: dict[str, Function] = {
    "abs": np.abs,
    "arccos": np.arccos,
    "arcsin": np.arcsin,
    "arctan": np.arctan,
    "cos": np.cos,
    "cosh": np.cosh,
    "exp": np.exp,
    "gamma_ln": gammaln,
    "if_then_else": _if_then_else,
    "integer": np.trunc,
    "ln": np.log,
    "log": _log,
    "max": np.maximum,
    "min": np.minimum,
    "modulo": _modulo,
    "power": _power,
    "pulse": _pulse,
    "pulse_train": _pulse_train,
    "quantum": _quantum,
    "ramp": _ramp,
    "sin": np.sin,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "step": _step,
    "tan": np.tan,
    "tanh": np.tanh,
    "xidz": _xidz,
    "zidz": _zidz,
}
"""One entry for each of ``functions.BUILTINS``."""


def _interpolate(x: NDArray[np.float64], y: NDArray[np.float64], argument: Value) -> Value:
    return np.interp(argument, x, y)


def _hold_backward(x: NDArray[np.float64], y: NDArray[np.float64], argument: Value) -> Value:
    held = y[np.clip(np.searchsorted(x, argument, side="right") - 1, 0, None)]
    return np.where(np.isnan(argument), argument, held)


def _look_forward(x: NDArray[np.float64], y: NDArray[np.float64], argument: Value) -> Value:
    ahead = y[np.clip(np.searchsorted(x, argument, side="left"), None, len(x) - 1)]
    return np.where(np.isnan(argument), argument, ahead)


def _raw(x: NDArray[np.float64], y: NDArray[np.float64], argument: Value) -> Value:
    nearest = np.clip(np.searchsorted(x, argument - SMALL), None, len(x) - 1)
    return np.where(np.abs(x[nearest] - argument) <= SMALL, y[nearest], np.nan)


def _extrapolate(x: NDArray[np.float64], y: NDArray[np.float64], argument: Value) -> Value:
    slope = np.diff(y) / np.diff(x)
    below = y[0] + slope[0] * (argument - x[0])
    above = y[-1] + slope[-1] * (argument - x[-1])
    inside = np.interp(argument, x, y)
    return np.where(argument < x[0], below, np.where(argument > x[-1], above, inside))


_LOOKUPS = {
    "interpolate": _interpolate,
    "extrapolate": _extrapolate,
    "hold_backward": _hold_backward,
    "look_forward": _look_forward,
    "raw": _raw,
}


@lru_cache(maxsize=1024)
def lookup(table: Table) -> Function:
    """Return the function that reads a table at its argument; one object for equal tables."""
    return partial(_LOOKUPS[table.kind], np.array(table.x), np.array(table.y))
