"""Turn ordered equations into a flat list of NumPy calls.

Every value has a slot. An instruction calls one function on some slots and fills another. What
depends on neither time nor a stock is found once a run, the rest in every step; the same call on
the same slots is made once. A value that is one number for all members stays one number.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simdyn.compile.nodes import (
    Binary,
    Call,
    Constant,
    Expression,
    Given,
    Initial,
    Lookup,
    Program,
    Reference,
    Stock,
    Time,
    Unary,
    at_start,
    at_step,
    children,
    walk,
)
from simdyn.compile.order import order
from simdyn.engine.numpy_functions import BINARY, FUNCTIONS, UNARY, Function, lookup


class Instruction(NamedTuple):
    """Fill the slot ``result`` with ``function`` of the slots ``operands``."""

    function: Function
    operands: tuple[int, ...]
    result: int


class Level(NamedTuple):
    """Slots of a stock: its state, its value at the start, its flow."""

    key: str
    state: int
    initial: int
    flow: int


@dataclass(frozen=True)
class Kernel:
    """A program as instructions.

    literals : value of each slot before the run; nan where it is filled later
    given : slots that the run supplies, by key
    start, time : slots of INITIAL TIME and of the time of the step
    once, each_step : instructions
    stocks : slots of the stocks
    slots : slots of all variables that a step needs, by key, each after what it uses
    varying : slots whose value changes from step to step
    """

    literals: tuple[float, ...]
    given: Mapping[str, int]
    start: int
    time: int
    once: tuple[Instruction, ...]
    each_step: tuple[Instruction, ...]
    stocks: tuple[Level, ...]
    slots: Mapping[str, int]
    varying: AbstractSet[int]


def emit(program: Program, wanted: list[str]) -> Kernel:
    """Return the kernel that finds the wanted variables, given by their keys."""
    ordered = order(program, wanted)
    emitter = _Emitter()
    start, time = emitter.slot(), emitter.slot(varying=True)
    first = {key: program.variables[key].definition for key in ordered.start}
    each = {key: program.variables[key].definition for key in ordered.step}
    stocks = {key: each[key] for key in ordered.stocks}

    given = {k: emitter.slot() for k, d in (first | each).items() if isinstance(d, Given)}
    at_first = dict(given)
    emitter.equations({key: at_start(d) for key, d in first.items()}, at_first, start)

    slots = given | {key: emitter.slot(varying=True) for key in stocks}
    slots |= {key: at_first[key] for key, d in each.items() if isinstance(d, Initial)}
    emitter.equations({key: at_step(d) for key, d in each.items()}, slots, time)
    levels = [
        Level(key, slots[key], at_first[key], emitter.expression(stock.flow, slots, time))
        for key, stock in stocks.items()
        if isinstance(stock, Stock)
    ]
    return Kernel(
        literals=tuple(emitter.literals),
        given=given,
        start=start,
        time=time,
        once=tuple(emitter.once),
        each_step=tuple(emitter.each_step),
        stocks=tuple(levels),
        slots={key: slots[key] for key in ordered.step},
        varying=emitter.varying,
    )


class _Emitter:
    """Collects slots and instructions while a program is walked in order."""

    def __init__(self) -> None:
        self.literals: list[float] = []
        self.varying: set[int] = set()
        self.once: list[Instruction] = []
        self.each_step: list[Instruction] = []
        self.known: dict[object, int] = {}

    def slot(self, value: float = np.nan, *, varying: bool = False) -> int:
        """Return a new slot; ``varying`` if its value changes from step to step."""
        index = len(self.literals)
        self.literals.append(value)
        if varying:
            self.varying.add(index)
        return index

    def equations(
        self, equations: Mapping[str, Expression | None], scope: dict[str, int], time: int
    ) -> None:
        """Emit equations in their order and enter their slots into ``scope``."""
        for key, equation in equations.items():
            if equation is not None:
                scope[key] = self.expression(equation, scope, time)

    def expression(self, node: Expression, scope: Mapping[str, int], time: int) -> int:
        """Return the slot of an expression whose references are in ``scope``.

        A sum of thousands of terms is thousands of nodes deep, so a stack of our own is used.
        """
        stack: list[int] = []
        for part in reversed(list(walk(node))):
            match part:
                case Constant(value):
                    slot = self.literal(value)
                case Time():
                    slot = time
                case Reference(key):
                    slot = scope[key]
                case _:
                    n_operand = len(children(part))
                    operands = tuple(stack[-n_operand:])
                    del stack[-n_operand:]
                    slot = self.apply(_function(part), operands)
            stack.append(slot)
        (result,) = stack
        return result

    def literal(self, value: float) -> int:
        """Return the slot of a number; 0.0 and -0.0 are two numbers."""
        known = repr(value)
        if known not in self.known:
            self.known[known] = self.slot(value)
        return self.known[known]

    def apply(self, function: Function, operands: tuple[int, ...]) -> int:
        """Return the slot of a function of slots, emitting its call if it is new."""
        known = (function, operands)
        if known not in self.known:
            varying = not self.varying.isdisjoint(operands)
            self.known[known] = self.slot(varying=varying)
            tape = self.each_step if varying else self.once
            tape.append(Instruction(function, operands, self.known[known]))
        return self.known[known]


def _function(node: Unary | Binary | Call | Lookup) -> Function:
    """Return what a node does with its operands; the same doing is the same object."""
    match node:
        case Unary(operator=operator):
            return UNARY[operator]
        case Binary(operator=operator):
            return BINARY[operator]
        case Call(function=function):
            return FUNCTIONS[function]
        case Lookup(table=table):
            return lookup(table)
