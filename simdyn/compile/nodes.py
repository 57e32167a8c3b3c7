"""The few nodes that equations are made of: what lowering writes and every backend reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial, reduce
from pathlib import Path
from typing import Literal, TypeAlias

Kind = Literal["stock", "auxiliary", "constant", "lookup", "data", "control"]
TableKind = Literal["interpolate", "extrapolate", "hold_backward", "look_forward", "raw"]

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
        follows the end segment; ``hold_backward`` is a staircase that holds each y to the next x,
        ``look_forward`` one that takes each y from the x before; ``raw`` is nan between the points
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    kind: TableKind


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table read at an argument."""

    table: Table
    argument: Expression


@dataclass(frozen=True, slots=True)
class Random:
    """A draw, the same for the same seed, stream, member and step.

    stream : number of the place in the model, in the file's order
    """

    distribution: str
    stream: int
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ArrayCall:
    """One element of what a function of whole arrays gives.

    arguments : all elements, flattened; what they mean is up to the function
    shape : lengths that the function needs to know
    index : which element of the result
    """

    function: str
    arguments: tuple[Expression, ...]
    shape: tuple[int, ...]
    index: tuple[int, ...]


Expression: TypeAlias = (
    Constant | Reference | Time | Unary | Binary | Call | Lookup | Random | ArrayCall
)


@dataclass(frozen=True, slots=True)
class Stock:
    """INTEG: starts at ``initial``, changes by ``flow`` per unit of time."""

    flow: Expression
    initial: Expression


@dataclass(frozen=True, slots=True)
class Reservoir:
    """A stock that may not be negative: after each step it is at least 0."""

    flow: Expression
    initial: Expression


@dataclass(frozen=True, slots=True)
class Hold:
    """A state that takes in each step the value that ``next`` had in the step before."""

    next: Expression
    initial: Expression


@dataclass(frozen=True, slots=True)
class Pipe:
    """DELAY FIXED: ``input`` of a fixed number of steps ago, ``initial`` until then.

    delay : a time; the steps are ``delay / TIME STEP`` at the start, rounded, at least 1
    """

    input: Expression
    delay: Expression
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


@dataclass(frozen=True, slots=True)
class Exogenous:
    """Data over time that the model file leaves to a file of the run."""

    kind: TableKind


State: TypeAlias = Stock | Reservoir | Hold | Pipe
"""What is carried from step to step."""

Definition: TypeAlias = Expression | State | Initial | ActiveInitial | Given | Exogenous | Table


@dataclass(frozen=True, slots=True)
class Course:
    """Values over time that differ between members: linear between these times, held outside.

    The run supplies the value at each time, under ``knot_key``. Only ``Program.redefined`` takes
    it; the equation that it becomes is linear in those values, with factors of time alone.
    """

    times: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """One number of the model: a variable of its author, one element of it, or a part of one.

    name : as it stands in the file; of an element, ``stock[North,Men]``
    key : the name as equations refer to it; of an element, ``stock[north,men]``
    unit, documentation : as they stand in the file
    line : line of the file on which it is defined, if known
    owner : key of the author's variable it belongs to; "" if it is that variable itself
    hidden : whether it only serves its owner, such as the level of a delay
    """

    name: str
    key: str
    kind: Kind
    unit: str
    documentation: str
    line: int | None
    definition: Definition
    owner: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Array:
    """A subscripted variable of the author.

    dimensions : names of its subscript ranges
    elements : names of their elements
    keys : of its variables, the last dimension running fastest; "" where none is defined
    """

    name: str
    dimensions: tuple[str, ...]
    elements: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A whole model.

    path : the file it comes from
    variables : by key, in the file's order
    arrays : shape of each subscripted variable, by its own key
    fixed : keys of constants whose values shaped the program, such as the order of a delay
    method : how the file wants its stocks integrated
    """

    path: Path
    variables: Mapping[str, Variable]
    arrays: Mapping[str, Array] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    method: str = "euler"

    def redefined(self, definitions: Mapping[str, Definition | Course]) -> Program:
        """Return the program in which these variables are defined otherwise."""
        if not definitions:
            return self
        changed: dict[str, Variable] = {}
        for key, variable in self.variables.items():
            definition = definitions.get(key, variable.definition)
            if isinstance(definition, Course):
                knots = _knots(variable, definition)
                changed |= {knot.key: knot for knot in knots}
                definition = _between(knots, definition)
            changed[key] = replace(variable, definition=definition)
        return replace(self, variables=changed)

    def with_given(self, keys: frozenset[str]) -> Program:
        """Return the program in which the run supplies these variables; of a stock, its start."""
        variables: dict[str, Variable] = {}
        for key, variable in self.variables.items():
            if key not in keys:
                variables[key] = variable
            elif isinstance(variable.definition, Stock | Reservoir):
                start = initial_key(key)
                definition = replace(variable.definition, initial=Reference(start))
                variables[key] = replace(variable, definition=definition)
                variables[start] = Variable(
                    name=f"initial of {variable.name}",
                    key=start,
                    kind="constant",
                    unit=variable.unit,
                    documentation="",
                    line=variable.line,
                    definition=Given(),
                    owner=variable.owner or key,
                    hidden=True,
                )
            else:
                variables[key] = replace(variable, definition=Given())
        return replace(self, variables=variables)


def _knots(variable: Variable, course: Course) -> list[Variable]:
    """Return the hidden values at the times of a course."""
    hidden = replace(variable, kind="constant", definition=Given(), hidden=True)
    owner = variable.owner or variable.key
    return [
        replace(hidden, name=key, key=key, owner=owner)
        for key in (knot_key(variable.key, place) for place in range(len(course.times)))
    ]


def _between(knots: Sequence[Variable], course: Course) -> Expression:
    """Return the sum of the values at the knots, each times its hat: 1 there, 0 at the others."""
    terms = []
    for place, knot in enumerate(knots):
        hat = tuple(float(other == place) for other in range(len(knots)))
        weight = Lookup(Table(course.times, hat, "interpolate"), Time())
        terms.append(Binary("*", weight, Reference(knot.key)))
    return reduce(partial(Binary, "+"), terms)


def knot_key(key: str, place: int) -> str:
    """Return the key under which a run supplies the value at one time of a course."""
    return f"{key} at knot {place}"


def initial_key(key: str) -> str:
    """Return the key under which a run supplies the start of a state."""
    return f"initial of {key}"


def at_start(definition: Definition) -> Expression | None:
    """Return what a variable equals while the starting values are found; None if no equation."""
    match definition:
        case (
            Stock(initial=expression)
            | Reservoir(initial=expression)
            | Hold(initial=expression)
            | Pipe(initial=expression)
            | ActiveInitial(initial=expression)
        ):
            return expression
        case Initial(value=expression):
            return expression
        case Given() | Exogenous() | Table():
            return None
        case _:
            return definition


def also_at_start(definition: Definition) -> Expression | None:
    """Return what else must be known of a state at the start: how many steps a pipe delays."""
    if isinstance(definition, Pipe):
        return Binary("/", definition.delay, Reference(TIME_STEP))
    return None


def at_step(definition: Definition) -> Expression | None:
    """Return what a variable equals in a step; None if it is a state, held, given or a table."""
    match definition:
        case ActiveInitial(active=expression):
            return expression
        case Stock() | Reservoir() | Hold() | Pipe() | Initial() | Given() | Exogenous() | Table():
            return None
        case _:
            return definition


def flow_of(definition: Definition) -> Expression | None:
    """Return what moves a state to the next step; None of anything else."""
    match definition:
        case Stock(flow=expression) | Reservoir(flow=expression):
            return expression
        case Hold(next=expression) | Pipe(input=expression):
            return expression
        case _:
            return None


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the operands of an expression."""
    match expression:
        case Unary(operand=operand) | Lookup(argument=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Call(arguments=arguments) | Random(arguments=arguments):
            return arguments
        case ArrayCall(arguments=arguments):
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
