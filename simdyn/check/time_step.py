"""The time axis, and whether its step is fine enough for the fastest stock.

A stock that loses a share 1/T of itself per unit of time has the time constant T. Euler's method
follows it well with steps up to T/2, and swings without end with steps above 2 T. Models that ask
for another method are not judged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from simdyn.check.finding import Finding, Severity
from simdyn.check.subject import Subject
from simdyn.check.values import Values, evaluate
from simdyn.compile.nodes import (
    CONTROLS,
    TIME_STEP,
    Binary,
    Call,
    Expression,
    Program,
    Reference,
    Reservoir,
    State,
    Stock,
    Time,
    Unary,
    Variable,
    at_step,
    children,
    references,
    walk,
)
from simdyn.engine.clock import misfits

COARSEST = 0.5
"""Longest step, as a share of the shortest time constant."""

UNSTABLE = 2.0
"""Step, as a share of the time constant, beyond which Euler's method swings without end."""


def time_axis(subject: Subject) -> Iterator[Finding]:
    """Yield what keeps the controls from being a time axis."""
    fine: list[float] = []
    for key in CONTROLS:
        value = subject.values.get(key, 0.0)  # if it is not known, another check says why
        if not math.isfinite(value) or _varies(subject.program, key):
            cause = "must be one finite number for all times and members."
            variable = subject.variables[key]
            yield subject.finding("time axis", variable, cause, "Give it a number.")
        elif key in subject.values and key not in subject.lost:
            fine.append(value)
    if len(fine) == len(CONTROLS):
        yield from _misfits(subject, *fine)


def _misfits(
    subject: Subject, start: float, end: float, time_step: float, saveper: float
) -> Iterator[Finding]:
    for message in misfits(start, end, time_step, saveper):
        cause, _, mend = message.partition(". ")
        variable = subject.variables[TIME_STEP]
        yield subject.finding("time axis", variable, cause.rstrip(".") + ".", mend)


def _varies(program: Program, key: str) -> bool:
    """Return whether a variable changes in a run."""
    pending, seen = [key], set[str]()
    while pending:
        variable = program.variables.get(pending.pop())
        if variable is None or variable.key in seen:
            continue
        seen.add(variable.key)
        expression = at_step(variable.definition)
        if isinstance(variable.definition, State):
            return True
        if any(isinstance(node, Time) for node in walk(expression)):
            return True
        pending.extend(references(expression))
    return False


def coarse_step(subject: Subject) -> Iterator[Finding]:
    """Yield each stock that adjusts too fast for the time step."""
    values = subject.values
    time_step = values.get(TIME_STEP, math.nan)
    euler = subject.program.method == "euler"
    if not euler or TIME_STEP in subject.lost or not time_step > 0:
        return
    for variable in subject.variables.values():
        if isinstance(variable.definition, Stock | Reservoir):
            decay = _Decay(subject.program, values, variable.key).of(variable.definition.flow)
            if decay.rate < 0 and time_step > COARSEST * (1 + 1e-9) / -decay.rate:
                yield _coarse(subject, variable, decay, time_step, values)


def _coarse(
    subject: Subject, variable: Variable, decay: Rate, time_step: float, values: Values
) -> Finding:
    constant = 1 / -decay.rate
    reasons = ", ".join(f"{subject.names[key]} = {values[key]:g}" for key in decay.reasons)
    effect = "it swings without end" if time_step > UNSTABLE * constant else "it is followed badly"
    cause = f"adjusts with a time constant of {constant:.3g}{f' ({reasons})' if reasons else ''}; "
    cause += f"with TIME STEP {time_step:g}, more than half of it, {effect}."
    mend = f"Choose a TIME STEP of at most {COARSEST * constant:.3g}."
    return subject.finding("coarse step", variable, cause, mend, Severity.WARNING)


class Rate(NamedTuple):
    """Change of a flow for each unit of its stock, and the constants that set it, by key."""

    rate: float = 0.0
    reasons: tuple[str, ...] = ()


_Pair: TypeAlias = tuple[Rate, Rate]
"""The lowest and the highest rate that alternatives leave open."""

_NONE: _Pair = (Rate(), Rate())


class _Decay:
    """Finds how strongly a flow depends on its own stock, through auxiliaries.

    Sums are added up and factors multiplied; of alternatives, such as the sides of MIN and the
    branches of IF THEN ELSE, the fastest counts. What depends on TIME STEP is meant to follow it
    and does not count, nor does what is no multiple of the stock.
    """

    def __init__(self, program: Program, values: Values, stock: str) -> None:
        self.program = program
        self.values = values
        self.stock = stock
        self.known: dict[str, _Pair] = {stock: (Rate(1.0), Rate(1.0))}

    def of(self, flow: Expression) -> Rate:
        """Return the most negative rate of a flow."""
        self.prepare(references(flow))
        return self.extremes(flow)[0]

    def prepare(self, keys: list[str]) -> None:
        """Find the rates of auxiliaries, each after what it uses; a loop adds nothing."""
        pending, entered = list(keys), set[str]()
        while pending:
            key = pending[-1]
            variable = self.program.variables.get(key)
            expression = at_step(variable.definition) if variable else None
            used = [k for k in references(expression) if k not in self.known and k not in entered]
            if used and key not in entered:
                entered.add(key)
                pending.extend(used)
                continue
            pending.pop()
            if key not in self.known:
                self.known[key] = _NONE if expression is None else self.extremes(expression)

    def extremes(self, expression: Expression) -> _Pair:
        """Return the lowest and the highest rate of an expression."""
        stack: list[_Pair] = []
        nodes = list(walk(expression))
        for node in reversed(nodes):
            n_operand = len(children(node))
            operands = stack[len(stack) - n_operand :]
            del stack[len(stack) - n_operand :]
            stack.append(self.node(node, operands))
        return stack[0]

    def node(self, node: Expression, operands: list[_Pair]) -> _Pair:
        match node:
            case Reference(key=key):
                return self.known.get(key, _NONE)
            case Unary(operator="-"):
                return _negative(operands[0])
            case Binary(operator=operator, left=left, right=right) if operator in _BINARY:
                return _BINARY[operator](self, operands, (left, right))
            case Call(function=function, arguments=arguments) if function in _CALLS:
                return _CALLS[function](self, operands, arguments)
        return _NONE

    def scaled(self, pair: _Pair, factor: Expression, power: int) -> _Pair:
        """Return rates times a factor, or divided by it if the power is -1."""
        if pair == _NONE or TIME_STEP in references(factor):
            return _NONE
        value = evaluate(factor, self.values)
        if not math.isfinite(value) or (power < 0 and value == 0):
            return _NONE
        value **= power
        constants = tuple(k for k in references(factor) if self.is_constant(k))
        low, high = (Rate(r.rate * value, (*r.reasons, *constants)) for r in pair)
        return (low, high) if low.rate <= high.rate else (high, low)

    def is_constant(self, key: str) -> bool:
        variable = self.program.variables.get(key)
        return variable is not None and variable.kind == "constant" and key in self.values


def _negative(pair: _Pair) -> _Pair:
    low, high = pair
    return Rate(-high.rate, high.reasons), Rate(-low.rate, low.reasons)


def _add(_: _Decay, pairs: list[_Pair], _operands: object) -> _Pair:
    low, high = (
        Rate(a.rate + b.rate, tuple(dict.fromkeys((*a.reasons, *b.reasons))))
        for a, b in zip(*pairs, strict=True)
    )
    return low, high


def _subtract(decay: _Decay, pairs: list[_Pair], operands: object) -> _Pair:
    return _add(decay, [pairs[0], _negative(pairs[1])], operands)


def _multiply(decay: _Decay, pairs: list[_Pair], operands: tuple[Expression, ...]) -> _Pair:
    left, right = operands
    sides = [decay.scaled(pairs[0], right, 1), decay.scaled(pairs[1], left, 1)]
    return _add(decay, sides, operands)


def _divide(decay: _Decay, pairs: list[_Pair], operands: tuple[Expression, ...]) -> _Pair:
    return decay.scaled(pairs[0], operands[1], -1)


def _either(_: _Decay, pairs: list[_Pair], _operands: object) -> _Pair:
    return (
        min((low for low, _high in pairs), key=lambda rate: rate.rate),
        max((high for _low, high in pairs), key=lambda rate: rate.rate),
    )


def _branches(decay: _Decay, pairs: list[_Pair], operands: object) -> _Pair:
    return _either(decay, pairs[1:], operands)


_Rule = Callable[[_Decay, list[_Pair], tuple[Expression, ...]], _Pair]

_BINARY: Mapping[str, _Rule] = {"+": _add, "-": _subtract, "*": _multiply, "/": _divide}

_CALLS: Mapping[str, _Rule] = {
    "if_then_else": _branches,
    "max": _either,
    "min": _either,
    "xidz": _divide,
    "zidz": _divide,
}
