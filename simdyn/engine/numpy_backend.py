"""Turn ordered equations into a flat list of NumPy calls.

Every value has a slot. An instruction calls one function on some slots and fills another. What
depends on neither time nor a stock is found once a run, the rest in every step; the same call on
the same slots is made once. A value that is one number for all members stays one number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simdyn.compile.nodes import (
    ArrayCall,
    Binary,
    Call,
    Constant,
    Definition,
    Exogenous,
    Expression,
    Given,
    Hold,
    Initial,
    Lookup,
    Pipe,
    Program,
    Random,
    Reference,
    Reservoir,
    Time,
    Unary,
    Variable,
    also_at_start,
    at_start,
    at_step,
    children,
    flow_of,
    walk,
)
from simdyn.compile.order import order
from simdyn.engine.numpy_arrays import array_function, element
from simdyn.engine.numpy_functions import (
    BINARY,
    FUNCTIONS,
    SMALL,
    UNARY,
    Function,
    Value,
    lookup,
)
from simdyn.engine.numpy_random import draw
from simdyn.errors import ModelError


class Instruction(NamedTuple):
    """Fill the slot ``result`` with ``function`` of the slots ``operands``."""

    function: Function
    operands: tuple[int, ...]
    result: int


class Level(NamedTuple):
    """Slots of a stock: its state, its value at the start, its flow.

    bounded : whether it is kept at 0 or above
    """

    key: str
    state: int
    initial: int
    flow: int
    bounded: bool


class Latch(NamedTuple):
    """Slots of a state that takes the last step's value of another."""

    state: int
    initial: int
    next: int


class Delay(NamedTuple):
    """Slots of a fixed delay: its state, its value at the start, its input, its length in steps."""

    state: int
    initial: int
    input: int
    length: int


class Moment(NamedTuple):
    """Slots that say when and for whom: time, step number, labels of the members, seed."""

    time: int
    step: int
    member: int
    seed: int


class Scope(NamedTuple):
    """What equations refer to: slots of variables by key, and of the moment."""

    slots: dict[str, int]
    now: Moment


@dataclass(frozen=True)
class Kernel:
    """A program as instructions.

    literals : value of each slot before the run; nan where it is filled later
    given : slots that the run supplies, by key
    start : slot of INITIAL TIME
    now : slots of the time and number of the step, and of the members
    once, each_step : instructions
    stocks, latches, delays : slots of the states
    slots : slots of all variables that a step needs, by key, each after what it uses
    varying : slots whose value changes from step to step
    """

    literals: tuple[float, ...]
    given: Mapping[str, int]
    start: int
    now: Moment
    once: tuple[Instruction, ...]
    each_step: tuple[Instruction, ...]
    stocks: tuple[Level, ...]
    latches: tuple[Latch, ...]
    delays: tuple[Delay, ...]
    slots: Mapping[str, int]
    varying: AbstractSet[int]

    @property
    def starts(self) -> Iterator[tuple[int, int]]:
        """Slots of each state and of its value at the start."""
        yield from ((stock.state, stock.initial) for stock in self.stocks)
        yield from ((latch.state, latch.initial) for latch in self.latches)
        yield from ((delay.state, delay.initial) for delay in self.delays)


def refuse_missing_data(program: Program, wanted: Iterable[str]) -> None:
    """Check that no wanted variable, given by its key, needs data that no file gave.

    Raises
    ------
    ModelError
        One does.
    """
    if any(isinstance(v.definition, Exogenous) for v in program.variables.values()):
        ordered = order(program, wanted)
        _definitions(program, (*ordered.start, *ordered.step))


def emit(program: Program, wanted: list[str]) -> Kernel:
    """Return the kernel that finds the wanted variables, given by their keys.

    Raises
    ------
    ModelError
        One of them needs data that no file gave.
    """
    ordered = order(program, wanted)
    first, each = (_definitions(program, keys) for keys in (ordered.start, ordered.step))
    emitter = _Emitter()
    given = {k: emitter.slot() for k, d in (first | each).items() if isinstance(d, Given)}
    start, now = emitter.moments()

    begin = Scope(dict(given), start)
    emitter.equations({key: at_start(d) for key, d in first.items()}, begin)

    keys = (*ordered.stocks, *ordered.held)
    step = Scope(given | {key: emitter.slot(varying=True) for key in keys}, now)
    held = {key: begin.slots[key] for key, d in each.items() if isinstance(d, Initial)}
    step.slots.update(held)
    emitter.equations({key: at_step(d) for key, d in each.items()}, step)

    states = [emitter.state(key, each[key], begin, step) for key in keys]
    return Kernel(
        literals=tuple(emitter.literals),
        given=given,
        start=start.time,
        now=now,
        once=tuple(emitter.once),
        each_step=tuple(emitter.each_step),
        stocks=tuple(state for state in states if isinstance(state, Level)),
        latches=tuple(state for state in states if isinstance(state, Latch)),
        delays=tuple(state for state in states if isinstance(state, Delay)),
        slots={key: step.slots[key] for key in ordered.step},
        varying=emitter.varying,
    )


def _definitions(program: Program, keys: Iterable[str]) -> dict[str, Definition]:
    variables = [program.variables[key] for key in keys]
    for variable in variables:
        if isinstance(variable.definition, Exogenous):
            raise _no_data(program, variable)
    return {variable.key: variable.definition for variable in variables}


def _no_data(program: Program, variable: Variable) -> ModelError:
    msg = f"'{variable.name}' is data that no file gave. Pass data_files=[...] or a parameter."
    return ModelError(msg, path=program.path, line=variable.line)


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

    def moments(self) -> tuple[Moment, Moment]:
        """Return the slots of the start, and of the step that is run."""
        member, seed = self.slot(), self.slot()
        start = Moment(self.slot(), self.literal(0.0), member, seed)
        return start, Moment(self.slot(varying=True), self.slot(varying=True), member, seed)

    def equations(self, equations: Mapping[str, Expression | None], scope: Scope) -> None:
        """Emit equations in their order and enter their slots into the scope."""
        for key, equation in equations.items():
            if equation is not None:
                scope.slots[key] = self.expression(equation, scope)

    def state(
        self, key: str, definition: Definition, begin: Scope, step: Scope
    ) -> Level | Latch | Delay:
        """Return the slots of a state, whose flow is emitted here."""
        flow = flow_of(definition)
        if flow is None:
            raise TypeError(definition)
        slots = (step.slots[key], begin.slots[key], self.expression(flow, step))
        match definition:
            case Pipe():
                return Delay(*slots, self.length(definition, begin))
            case Hold():
                return Latch(*slots)
            case _:
                return Level(key, *slots, isinstance(definition, Reservoir))

    def length(self, pipe: Pipe, begin: Scope) -> int:
        """Return the slot of how many steps a pipe is long."""
        exact = also_at_start(pipe)
        assert exact is not None  # noqa: S101
        return self.apply(_steps, (self.expression(exact, begin),))

    def expression(self, node: Expression, scope: Scope) -> int:
        """Return the slot of an expression whose references are in ``scope``.

        A sum of thousands of terms is thousands of nodes deep, so a stack of our own is used.
        """
        stack: list[int] = []
        for part in reversed(list(walk(node))):
            match part:
                case Constant(value):
                    slot = self.literal(value)
                case Time():
                    slot = scope.now.time
                case Reference(key):
                    slot = scope.slots[key]
                case _:
                    first = len(stack) - len(children(part))
                    operands = tuple(stack[first:])
                    del stack[first:]
                    slot = self.operation(part, operands, scope.now)
            stack.append(slot)
        (result,) = stack
        return result

    def operation(self, node: Expression, operands: tuple[int, ...], now: Moment) -> int:
        """Return the slot of what a node does with its operands."""
        match node:
            case Random(distribution, stream):
                where = (now.seed, self.literal(float(stream)), now.member, now.step)
                return self.apply(draw(distribution), (*where, *operands))
            case ArrayCall(function, _, shape, index):
                whole = self.apply(array_function(function, shape), operands)
                return self.apply(element(index), (whole,)) if index else whole
            case _:
                return self.apply(_function(node), operands)

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


def _steps(exact: Value) -> Value:
    """Return a length in whole steps, at least 1; a half counts as one."""
    return np.fmax(np.rint(exact + SMALL), 1.0)


def _function(node: Expression) -> Function:
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
        case _:
            raise TypeError(node)
