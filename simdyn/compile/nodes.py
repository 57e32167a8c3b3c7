"""The few nodes that equations are made of: what lowering writes and every backend reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

Kind = Literal["stock", "auxiliary", "constant", "lookup", "control"]
TableKind = Literal["interpolate", "extrapolate", "hold_backward"]

CONTROLS = ("initial_time", "final_time", "time_step", "saveper")
"""Keys of the variables that set the time axis; every model has them."""

TIME_STEP = "time_step"


@lru_cache(maxsize=1 << 16)
def key_of(name: str) -> str:
    """Return the name as equations refer to it: case, quotes, blanks and underscores are equal."""
    return re.sub(r"[\s_]+", "_", name.strip().strip('"').strip()).lower()


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal number."""

    value: float


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of another variable, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Time:
    """The time of the current step; at the start, INITIAL TIME."""


@dataclass(frozen=True, slots=True)
class Unary:
    """An operator with one operand: ``-`` or ``:NOT:``."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator with two operands: arithmetic, comparison or logic.

    Comparisons and logic give 1 for true and 0 for false.
    """

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of ``functions.BUILTINS``; time is one of its arguments if it needs it."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The points of a lookup, x strictly increasing.

    kind : beyond the first and last point, ``interpolate`` holds the end value and ``extrapolate``
        follows the end segment; ``hold_backward`` is a staircase that holds each y to the next x
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    kind: TableKind


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table read at an argument."""

    table: Table
    argument: Expression


Expression: TypeAlias = Constant | Reference | Time | Unary | Binary | Call | Lookup


@dataclass(frozen=True, slots=True)
class Stock:
    """INTEG: starts at ``initial``, changes by ``flow`` per unit of time."""

    flow: Expression
    initial: Expression


@dataclass(frozen=True, slots=True)
class Initial:
    """INITIAL: the value at the start, held for the whole run."""

    value: Expression


@dataclass(frozen=True, slots=True)
class ActiveInitial:
    """ACTIVE INITIAL: ``initial`` while the starting values are found, ``active`` in every step."""

    active: Expression
    initial: Expression


@dataclass(frozen=True, slots=True)
class Given:
    """A value that the run supplies in place of the variable's own equation."""


Definition: TypeAlias = Expression | Stock | Initial | ActiveInitial | Given | Table


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the model, in its author's words.

    name, unit, documentation : as they stand in the file
    key : the name as equations refer to it
    line : line of the file on which it is defined, if known
    """

    name: str
    key: str
    kind: Kind
    unit: str
    documentation: str
    line: int | None
    definition: Definition


@dataclass(frozen=True, slots=True)
class Program:
    """A whole model: the file it comes from and its variables by key, in the file's order."""

    path: Path
    variables: Mapping[str, Variable]

    def with_given(self, keys: frozenset[str]) -> Program:
        """Return the program in which these variables are supplied by the run."""
        return Program(
            self.path,
            {
                key: replace(variable, definition=Given()) if key in keys else variable
                for key, variable in self.variables.items()
            },
        )


def at_start(definition: Definition) -> Expression | None:
    """Return what a variable equals while the starting values are found; None if no equation."""
    match definition:
        case Stock(initial=expression) | ActiveInitial(initial=expression):
            return expression
        case Initial(value=expression):
            return expression
        case Given() | Table():
            return None
        case _:
            return definition


def at_step(definition: Definition) -> Expression | None:
    """Return what a variable equals in a step; None if it is a state, held, given or a table."""
    match definition:
        case ActiveInitial(active=expression):
            return expression
        case Stock() | Initial() | Given() | Table():
            return None
        case _:
            return definition


def flow_of(definition: Definition) -> Expression | None:
    """Return the flow of a stock; None of anything else."""
    return definition.flow if isinstance(definition, Stock) else None


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the operands of an expression."""
    match expression:
        case Unary(operand=operand) | Lookup(argument=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


def walk(expression: Expression | None) -> Iterator[Expression]:
    """Yield an expression and all its parts, the whole before its parts, the last part first."""
    pending = [] if expression is None else [expression]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(children(current))


def references(expression: Expression | None) -> list[str]:
    """Return the keys of the variables an expression uses, each once, in a fixed order."""
    found = (node.key for node in walk(expression) if isinstance(node, Reference))
    return list(dict.fromkeys(found))
