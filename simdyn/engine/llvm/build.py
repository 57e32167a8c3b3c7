"""Build the graph of a whole program: every variable, so that no bit depends on what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import nan
from typing import Literal, NamedTuple

from simdyn.compile.functions import spelled
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
    Stock,
    Time,
    Unary,
    also_at_start,
    at_start,
    at_step,
    children,
    flow_of,
    walk,
)
from simdyn.compile.order import order
from simdyn.engine.llvm.chance import MEMBER, SEED, STEP
from simdyn.engine.llvm.graph import Graph, Id
from simdyn.engine.numpy_functions import SMALL

LevelKind = Literal["stock", "reservoir", "hold", "pipe"]


@dataclass(frozen=True)
class Level:
    """A state: its key, and its value at the start and what moves it as nodes.

    flow : of a stock or a reservoir its change per unit of time, of a hold its next value, of a
        pipe what enters it
    length : of a pipe, how many steps it delays, at least 1
    """

    key: str
    initial: Id
    flow: Id
    kind: LevelKind = "stock"
    length: Id | None = None

    @property
    def nodes(self) -> tuple[Id, ...]:
        """All its nodes."""
        pair = (self.initial, self.flow)
        return pair if self.length is None else (*pair, self.length)


@dataclass(frozen=True)
class Model:
    """A program's graph.

    values : node of each variable in a step, by key
    levels : its states
    """

    graph: Graph
    values: Mapping[str, Id]
    levels: tuple[Level, ...]


def lacking(program: Program) -> str:
    """Return what a program uses that has no kernel here, as its author knows it; "" if nothing."""
    for variable in program.variables.values():
        for part in (at_start, also_at_start, at_step, flow_of):
            for node in walk(part(variable.definition)):
                if not _is_known(node):
                    return _named(node)
    return ""


def _named(node: Expression) -> str:
    """Return what an author calls a node."""
    match node:
        case Call(function=name) | ArrayCall(function=name):
            return spelled(name)
        case Random(distribution=name):
            return f"RANDOM {spelled(name)}"
        case Lookup(table=table):
            return f"a lookup of kind '{table.kind}'"
        case _:
            raise TypeError(node)


def _is_known(node: Expression) -> bool:
    if isinstance(node, Call):
        return node.function in FUNCTIONS
    if isinstance(node, Lookup):
        return node.table.kind in _TABLES or isinstance(node.argument, Time)
    if isinstance(node, Random):
        return node.distribution in DISTRIBUTIONS
    return type(node) in _EXPRESSIONS


class Now(NamedTuple):
    """Nodes of the time and the number of a step."""

    time: Id
    step: Id


def build(program: Program) -> Model:
    """Return the graph of all variables of a program in which nothing is lacking."""
    graph = Graph()
    begin = Now(graph.leaf("start"), graph.number(0.0))
    now = Now(graph.leaf("time"), graph.leaf("state", STEP))
    ordered = order(program, [k for k, v in program.variables.items() if v.kind != "lookup"])
    definitions = {key: program.variables[key].definition for key in ordered.step}
    first = {key: program.variables[key].definition for key in ordered.start}
    both = first | definitions
    given = {k: graph.leaf(*_given(k)) for k, d in both.items() if isinstance(d, Given)}
    # Data that no file gave; nothing that is wanted needs them.
    given |= {k: graph.number(nan) for k, d in both.items() if isinstance(d, Exogenous)}
    states = (*ordered.stocks, *ordered.held)
    start = _equations(graph, first, at_start, dict(given), begin)
    values = given | {key: graph.leaf("state", key) for key in states}
    values |= {key: start[key] for key, d in definitions.items() if isinstance(d, Initial)}
    values = _equations(graph, definitions, at_step, values, now)
    levels = [
        Level(
            key,
            start[key],
            _expression(graph, flow, values, now),
            kind,
            _length(graph, definitions[key], start, begin),
        )
        for key, flow, kind in _moved(definitions)
    ]
    # Draws ask for the number of the step, which stays the same through its stages.
    following = graph.apply("add", now.step, graph.number(1.0))
    levels.append(Level(STEP, begin.step, following, "hold"))
    return Model(graph, values, tuple(levels))


def _moved(definitions: Mapping[str, Definition]) -> Iterator[tuple[str, Expression, LevelKind]]:
    """Yield key, what moves it, and kind of each state."""
    for key, definition in definitions.items():
        flow, kind = flow_of(definition), _LEVELS.get(type(definition))
        if flow is not None and kind is not None:
            yield key, flow, kind


def _length(graph: Graph, definition: Definition, start: Mapping[str, Id], begin: Now) -> Id | None:
    """Return how many whole steps a pipe delays; None of anything else."""
    exact = also_at_start(definition)
    if exact is None:
        return None
    steps = _expression(graph, exact, start, begin)
    # A half counts as one.
    steps = graph.apply("rint", graph.apply("add", steps, graph.number(SMALL)))
    one = graph.number(1.0)
    return graph.apply("select", graph.apply("ge", steps, one), steps, one)


def _given(key: str) -> tuple[str, str]:
    return "given", key


def _equations(
    graph: Graph,
    definitions: Mapping[str, Definition],
    part: Callable[[Definition], Expression | None],
    scope: dict[str, Id],
    now: Now,
) -> dict[str, Id]:
    """Return the scope with the nodes of these equations, which stand in their order."""
    for key, definition in definitions.items():
        equation = part(definition)
        if equation is not None:
            scope[key] = _expression(graph, equation, scope, now)
    return scope


def _expression(graph: Graph, node: Expression, scope: Mapping[str, Id], now: Now) -> Id:
    """Return the node of an expression; by a stack of our own, as sums can be very deep."""
    stack: list[Id] = []
    for part in reversed(list(walk(node))):
        match part:
            case Constant(value):
                result = graph.number(value)
            case Time():
                result = now.time
            case Reference(key):
                result = scope[key]
            case _:
                n_operand = len(children(part))
                operands = stack[len(stack) - n_operand :]
                del stack[len(stack) - n_operand :]
                result = _operation(graph, part, operands, now)
        stack.append(result)
    (root,) = stack
    return root


def _operation(graph: Graph, node: Expression, operands: list[Id], now: Now) -> Id:
    match node:
        case Unary(operator=operator):
            return UNARY[operator](graph, *operands)
        case Binary(operator=operator):
            return BINARY[operator](graph, *operands)
        case Call(function=function):
            return FUNCTIONS[function](graph, *operands)
        case Lookup(table=table):
            return graph.lookup(table, *operands)
        case Random(distribution=distribution, stream=stream):
            drawn = _draw(graph, stream, now)
            return graph.apply("exactly", DISTRIBUTIONS[distribution](graph, drawn, *operands))
    raise TypeError(node)


Builder = Callable[..., Id]


def _plain(op: str) -> Builder:
    return lambda graph, *operands: graph.apply(op, *operands)


def _compare(op: str) -> Builder:
    return lambda graph, *operands: graph.indicator(graph.apply(op, *operands))


def _logic(op: str) -> Builder:
    return lambda graph, *operands: graph.indicator(
        graph.apply(op, *(graph.truth(operand) for operand in operands))
    )


_WHOLE = (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)
"""Literal exponents that are multiplied out."""


def power(graph: Graph, base: Id, exponent: Id) -> Id:
    """Return base ** exponent."""
    value = graph.value(exponent)
    if value in _WHOLE and value is not None:
        return _whole_power(graph, base, int(value))
    if value == 0.5:
        return graph.apply("sqrt", base)
    return graph.apply("power", base, exponent)


def _whole_power(graph: Graph, base: Id, exponent: int) -> Id:
    if exponent == 0:
        return graph.number(1.0)
    square = graph.apply("mul", base, base)
    parts = {1: (base,), 2: (square,), 3: (square, base), 4: (square, square)}[abs(exponent)]
    result = parts[0] if len(parts) == 1 else graph.apply("mul", *parts)
    return result if exponent > 0 else graph.apply("div", graph.number(1.0), result)


def _log(graph: Graph, value: Id, base: Id) -> Id:
    return graph.apply("div", graph.apply("log", value), graph.apply("log", base))


def _if_then_else(graph: Graph, condition: Id, true: Id, false: Id) -> Id:
    return graph.apply("select", graph.truth(condition), true, false)


def _quantum(graph: Graph, value: Id, unit: Id) -> Id:
    units = graph.apply("trunc", graph.apply("div", value, unit))
    small = graph.apply("lt", unit, graph.number(SMALL))
    return graph.apply("select", small, value, graph.apply("mul", unit, units))


def _modulo(graph: Graph, value: Id, unit: Id) -> Id:
    # Of 8 by 0.000001 it is 0, as the product is rounded before it is taken off.
    rest = graph.apply("sub", value, _quantum(graph, value, unit))
    return graph.apply("exactly", rest)


def _xidz(graph: Graph, numerator: Id, denominator: Id, otherwise: Id) -> Id:
    small = graph.apply("lt", graph.apply("abs", denominator), graph.number(SMALL))
    return graph.apply("select", small, otherwise, graph.apply("div", numerator, denominator))


def _zidz(graph: Graph, numerator: Id, denominator: Id) -> Id:
    return _xidz(graph, numerator, denominator, graph.number(0.0))


def _step(graph: Graph, time: Id, time_step: Id, height: Id, start: Id) -> Id:
    middle = graph.apply("add", time, graph.apply("div", time_step, graph.number(2.0)))
    return graph.apply("mul", height, graph.indicator(graph.apply("gt", middle, start)))


def _ramp(graph: Graph, time: Id, _time_step: Id, slope: Id, start: Id, end: Id) -> Id:
    begun = graph.apply("gt", graph.apply("add", time, graph.number(SMALL)), start)
    passed = graph.apply("sub", graph.apply("min", end, time), start)
    return graph.apply("mul", graph.apply("mul", graph.indicator(begun), passed), slope)


def _pulse(graph: Graph, time: Id, time_step: Id, start: Id, width: Id) -> Id:
    never = graph.number(float("inf"))
    return _pulse_train(graph, time, time_step, start, never, width, never)


def _pulse_train(
    graph: Graph, time: Id, time_step: Id, start: Id, interval: Id, width: Id, end: Id
) -> Id:
    zero, small, never = (graph.number(value) for value in (0.0, SMALL, float("inf")))
    width = graph.apply("select", graph.apply("eq", width, zero), time_step, width)
    interval = graph.apply("select", graph.apply("eq", interval, zero), never, interval)
    begun = graph.apply("ge", time, graph.apply("sub", start, small))
    running = graph.apply("and", begun, graph.apply("lt", graph.apply("add", time, small), end))
    passed = graph.apply("add", graph.apply("sub", time, start), small)
    phase = graph.apply(
        "select", graph.apply("eq", interval, never), passed, _mod(graph, passed, interval)
    )
    return graph.indicator(graph.apply("and", running, graph.apply("lt", phase, width)))


def _draw(graph: Graph, stream: int, now: Now) -> Id:
    """Return a number above 0 and below 1, that of a place in the model, a member and a step."""
    seed, member = (graph.leaf("given", key) for key in (SEED, MEMBER))
    place = graph.apply("place", seed, graph.number(float(stream)), member)
    return graph.apply("draw", place, now.step)


def _between(graph: Graph, drawn: Id, low: Id, high: Id) -> Id:
    width = graph.apply("sub", high, low)
    return graph.apply("add", low, graph.apply("mul", drawn, width))


def _triangular(graph: Graph, drawn: Id, low: Id, high: Id, start: Id, peak: Id, stop: Id) -> Id:
    def root(share: Id, side: Id) -> Id:
        area = graph.apply("mul", graph.apply("mul", share, width), side)
        return graph.apply("sqrt", area)

    width, rise, fall = (
        graph.apply("sub", *pair) for pair in ((stop, start), (peak, start), (stop, peak))
    )
    rest = graph.apply("sub", graph.number(1.0), drawn)
    rising = graph.apply("add", start, root(drawn, rise))
    falling = graph.apply("sub", stop, root(rest, fall))
    rises = graph.apply("lt", drawn, graph.apply("div", rise, width))
    bounded = graph.apply("max", graph.apply("select", rises, rising, falling), low)
    return graph.apply("min", bounded, high)


def _mod(graph: Graph, value: Id, unit: Id) -> Id:
    units = graph.apply("floor", graph.apply("div", value, unit))
    return graph.apply("sub", value, graph.apply("mul", units, unit))


UNARY: dict[str, Builder] = {"-": _plain("neg"), ":not:": _logic("not")}

BINARY: dict[str, Builder] = {
    "+": _plain("add"),
    "-": _plain("sub"),
    "*": _plain("mul"),
    "/": _plain("div"),
    "^": power,
    "=": _compare("eq"),
    "<>": _compare("ne"),
    "<": _compare("lt"),
    "<=": _compare("le"),
    ">": _compare("gt"),
    ">=": _compare("ge"),
    ":and:": _logic("and"),
    ":or:": _logic("or"),
}

_SAME_NAME = (
    *("abs", "exp", "max", "min", "sqrt", "sin", "cos", "tan"),
    *("arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"),
)

FUNCTIONS: dict[str, Builder] = {
    **{name: _plain(name) for name in _SAME_NAME},
    "if_then_else": _if_then_else,
    "integer": _plain("trunc"),
    "ln": _plain("log"),
    "log": _log,
    "modulo": _modulo,
    "power": power,
    "pulse": _pulse,
    "pulse_train": _pulse_train,
    "quantum": _quantum,
    "ramp": _ramp,
    "step": _step,
    "xidz": _xidz,
    "zidz": _zidz,
}
"""One entry for each of ``functions.BUILTINS`` that has a kernel."""

DISTRIBUTIONS: dict[str, Builder] = {"uniform": _between, "triangular": _triangular}
"""Those whose bits are NumPy's, as they take no more than arithmetic and roots."""

_EXPRESSIONS = frozenset({Constant, Reference, Time, Unary, Binary, Call, Lookup})
_TABLES = frozenset({"interpolate", "extrapolate", "hold_backward"})
"""What has a kernel; tables of time alone are read by NumPy, whatever their kind."""

_LEVELS: dict[type, LevelKind] = {
    Stock: "stock",
    Reservoir: "reservoir",
    Hold: "hold",
    Pipe: "pipe",
}
