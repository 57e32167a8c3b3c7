"""The operations of a graph as vector instructions, as far as they are a few."""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir

from simdyn.engine.llvm.chance import draw, place
from simdyn.engine.llvm.lanes import Lanes, Value


def _plain(name: str) -> Callable[..., Value]:
    return lambda lanes, *values: getattr(lanes.builder, name)(*values)


def _intrinsic(name: str) -> Callable[..., Value]:
    return lambda lanes, *values: lanes.intrinsic(name, *values)


def _compare(operator: str) -> Callable[..., Value]:
    return lambda lanes, left, right: lanes.compare(operator, left, right)


def _against_zero(operator: str) -> Callable[..., Value]:
    return lambda lanes, value: lanes.compare(operator, value, lanes.number(0.0))


def _extreme(choose: Callable[..., Value]) -> Callable[..., Value]:
    """Return the smaller or greater of two; nan if either is."""

    def emit(lanes: Lanes, left: Value, right: Value) -> Value:
        if isinstance(left, ir.Constant):
            return choose(lanes, left, right)
        if isinstance(right, ir.Constant):
            return choose(lanes, right, left)
        bad = lanes.builder.fcmp_unordered("uno", left, left)
        return lanes.select(bad, left, choose(lanes, left, right))

    return emit


def _parity(lanes: Lanes, exponent: Value) -> Value:
    floor = lanes.intrinsic("floor", exponent)
    half = lanes.builder.fmul(exponent, lanes.number(0.5))
    even = lanes.compare("==", half, lanes.intrinsic("floor", half))
    sign = lanes.select(even, lanes.number(1.0), lanes.number(-1.0))
    return lanes.select(lanes.compare("==", floor, exponent), sign, lanes.number(float("nan")))


OPERATIONS: dict[str, Callable[..., Value]] = {
    "neg": Lanes.neg,
    "abs": _intrinsic("fabs"),
    "sqrt": _intrinsic("sqrt"),
    "trunc": _intrinsic("trunc"),
    "floor": _intrinsic("floor"),
    "rint": _intrinsic("rint"),
    "add": _plain("fadd"),
    "sub": _plain("fsub"),
    "mul": _plain("fmul"),
    "div": _plain("fdiv"),
    "fma": Lanes.fma,
    "fms": lambda lanes, a, b, c: lanes.fma(a, b, lanes.neg(c)),
    "fnma": lambda lanes, a, b, c: lanes.fma(lanes.neg(a), b, c),
    "min": _extreme(Lanes.least),
    "max": _extreme(Lanes.greatest),
    "eq": _compare("=="),
    "ne": _compare("!="),
    "lt": _compare("<"),
    "le": _compare("<="),
    "gt": _compare(">"),
    "ge": _compare(">="),
    "negative": _against_zero("<"),
    "is_zero": _against_zero("=="),
    "and": _plain("and_"),
    "or": _plain("or_"),
    "not": _plain("not_"),
    "select": Lanes.select,
    "parity": _parity,
    "exactly": lambda _, value: value,
    "place": place,
    "draw": draw,
}
"""The operations of ``graph`` that are a few instructions."""
