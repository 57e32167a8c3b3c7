"""A model's values as a graph: each operation once, numbers folded, in an order that can be run.

A node is an operation on nodes before it. Masks (truth values of lanes) are what comparisons and
logic give and ``select`` takes; everything else is a number.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isnan, nan
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from simdyn.compile.nodes import Table
from simdyn.engine.numpy_functions import lookup

Id: TypeAlias = int
"""The place of a node in its graph."""

TIME, MEMBER, STATE = 1, 2, 4
"""What a node changes with: time, the member, the states (which change with both)."""


class Node(NamedTuple):
    """An operation on nodes.

    data : value of a ``number`` or literal ``mask``, key of a ``given`` or ``state``, table of a
        ``lookup``
    """

    op: str
    arguments: tuple[Id, ...] = ()
    data: float | str | Table | None = None


def _parity(exponent: Any) -> Any:
    whole = np.floor(exponent) == exponent
    odd = np.floor(exponent / 2) * 2 != exponent
    return np.where(whole, np.where(odd, -1.0, 1.0), np.nan)


EVALUATE: dict[str, Callable[..., Any]] = {
    "neg": np.negative,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "trunc": np.trunc,
    "floor": np.floor,
    "rint": np.rint,
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "exactly": lambda x: x,
    "fma": lambda a, b, c: a * b + c,
    "min": np.minimum,
    "max": np.maximum,
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "select": np.where,
    "negative": lambda x: np.less(x, 0),
    "is_zero": lambda x: np.equal(x, 0),
    "parity": _parity,
    "exp": np.exp,
    "log": np.log,
    "power": np.power,
    "pow": lambda x, y: np.power(np.abs(x), y),
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
}
"""Each operation in NumPy, for numbers and for values of time alone.

``power`` is x ** y and ``pow`` is |x| ** y; ``parity`` of y is 1 if it is even, -1 if odd, nan if
it is no whole number. ``exactly`` keeps what it is given from being rewritten.
"""

COMPARISONS = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})

MASKS = COMPARISONS | {"and", "or", "not", "negative", "is_zero", "mask"}
"""Operations that give a mask."""

_NEVER_NEGATIVE: dict[str, Callable[[list[bool]], bool]] = {
    "abs": lambda _: True,
    "exp": lambda _: True,
    "sqrt": lambda _: True,
    "pow": lambda _: True,
    "max": any,
    "min": all,
    "add": all,
    "mul": all,
    "div": all,
    "fma": all,
    "select": lambda arguments: all(arguments[1:]),
}
"""Whether a result is never below zero, from whether the arguments are."""

_LEAVES = {"time": TIME, "given": MEMBER, "state": STATE | MEMBER}


class Graph:
    """Nodes, each after its arguments.

    changes : what each node changes with, of ``TIME``, ``MEMBER`` and ``STATE``
    never_negative : whether each node is surely not below zero, or nan
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.changes: list[int] = []
        self.never_negative: list[bool] = []
        self._known: dict[object, Id] = {}

    def number(self, value: float) -> Id:
        """Return a literal; 0.0 and -0.0 are two."""
        return self._enter(Node("number", (), float(value)), repr(float(value)))

    def value(self, node: Id) -> float | None:
        """Return the value of a literal number or mask; None of anything else."""
        op, _, data = self.nodes[node]
        return data if op in {"number", "mask"} and isinstance(data, float) else None

    def leaf(self, op: str, key: str | None = None) -> Id:
        """Return a ``given``, a ``state`` by its key, or ``time``, ``start``."""
        return self._enter(Node(op, (), key))

    def lookup(self, table: Table, argument: Id) -> Id:
        """Return a table read at an argument."""
        at = self.value(argument)
        if at is not None:
            return self.number(float(np.asarray(lookup(table)(np.array([at])))[0]))
        return self._enter(Node("lookup", (argument,), table))

    def apply(self, op: str, *arguments: Id) -> Id:
        """Return an operation on nodes, folded or simplified where that changes no value."""
        values = [self.value(argument) for argument in arguments]
        if None not in values:
            with np.errstate(all="ignore"):
                value = float(EVALUATE[op](*values))
            return self._enter(Node("mask", (), value)) if op in MASKS else self.number(value)
        simple = _SIMPLER.get(op)
        found = simple(self, *arguments) if simple else None
        return self._enter(Node(op, arguments)) if found is None else found

    def _enter(self, node: Node, known: object = None) -> Id:
        known = node if known is None else known
        if known not in self._known:
            self._known[known] = len(self.nodes)
            self.nodes.append(node)
            changes = _LEAVES.get(node.op, 0)
            for argument in node.arguments:
                changes |= self.changes[argument]
            self.changes.append(changes)
            self.never_negative.append(self._is_never_negative(node))
        return self._known[known]

    def _is_never_negative(self, node: Node) -> bool:
        if node.op == "number":
            return isinstance(node.data, float) and node.data >= 0
        if isinstance(node.data, Table):
            return node.data.kind != "extrapolate" and min(node.data.y) >= 0
        rule = _NEVER_NEGATIVE.get(node.op)
        return rule is not None and rule([self.never_negative[a] for a in node.arguments])

    def truth(self, node: Id) -> Id:
        """Return the mask of lanes where a number is not zero."""
        op, arguments, _ = self.nodes[node]
        if op == "select" and [self.value(a) for a in arguments[1:]] == [1.0, 0.0]:
            return arguments[0]
        return self.apply("ne", node, self.number(0.0))

    def indicator(self, mask: Id) -> Id:
        """Return 1 where a mask holds, else 0."""
        return self.apply("select", mask, self.number(1.0), self.number(0.0))


def _neutral(place: int, neutral: float) -> Callable[..., Id | None]:
    """Return the rule that drops an operand that changes nothing, at ``place`` or after it."""

    def rule(graph: Graph, *arguments: Id) -> Id | None:
        for position in range(place, 2):
            if graph.value(arguments[position]) == neutral:
                return arguments[1 - position]
        return None

    return rule


def _extreme(graph: Graph, *arguments: Id) -> Id | None:
    """Return nan where one of the two is: the backend looks for it in what is no literal only."""
    values = (graph.value(argument) for argument in arguments)
    return graph.number(nan) if any(v is not None and isnan(v) for v in values) else None


def _select(graph: Graph, mask: Id, true: Id, false: Id) -> Id | None:
    known = graph.value(mask)
    if known is None:
        return true if true == false else None
    return true if known else false


def _logic(decisive: bool) -> Callable[..., Id | None]:
    """Return the rule for an operand that is known: it decides, or the other one does."""

    def rule(graph: Graph, left: Id, right: Id) -> Id | None:
        for known, other in ((left, right), (right, left)):
            if graph.value(known) is not None:
                return known if bool(graph.value(known)) == decisive else other
        return None

    return rule


_SIMPLER: dict[str, Callable[..., Id | None]] = {
    "add": _neutral(0, 0.0),
    "sub": _neutral(1, 0.0),
    "mul": _neutral(0, 1.0),
    "div": _neutral(1, 1.0),
    "min": _extreme,
    "max": _extreme,
    "select": _select,
    "and": _logic(decisive=False),
    "or": _logic(decisive=True),
}
