"""Equations as text again, in the author's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from simdyn.compile.functions import BUILTINS, spelled
from simdyn.compile.nodes import (
    Binary,
    Call,
    Constant,
    Expression,
    Lookup,
    Reference,
    Time,
    Unary,
)

LONGEST = 70
"""Characters of an expression that a finding quotes."""

_RANKS = {
    ":or:": 1,
    ":and:": 2,
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/"), 5),
    "^": 7,
}
"""How tightly operators bind."""

_SIGN, _ATOM = 6, 9


class Words(NamedTuple):
    """A text and how tightly its outermost operator binds."""

    text: str
    rank: int = _ATOM

    def within(self, rank: int) -> str:
        """Return the text, in brackets where an operator around it binds tighter."""
        return f"({self.text})" if self.rank < rank else self.text


def clock_arguments(call: Call) -> int:
    """Return how many arguments of a call are the clock's, which the author did not write."""
    builtin = BUILTINS.get(call.function)
    return 2 if builtin is not None and builtin.clock else 0


@dataclass(frozen=True)
class Phrases:
    """Says the nodes of equations.

    names : the author's names, by key
    table : names the lookup that is read, or gives "" if it has no name
    """

    names: Mapping[str, str]
    table: Callable[[Lookup], str]

    def of(self, node: Expression, operands: list[Words]) -> Words:
        """Return the words of a node whose operands have these; a long text loses its middle."""
        words = self._leaf(node) or self._whole(node, operands)
        if len(words.text) <= LONGEST:
            return words
        half = LONGEST // 2 - 2
        return Words(f"{words.text[:half]} ... {words.text[-half:]}", words.rank)

    def _leaf(self, node: Expression) -> Words | None:
        match node:
            case Constant(value=value):
                return Words(f"{value:g}")
            case Reference(key=key):
                return Words(self.names.get(key, key.replace("_", " ")))
            case Time():
                return Words("Time")
        return None

    def _whole(self, node: Expression, operands: list[Words]) -> Words:
        match node:
            case Unary(operator=operator):
                sign = operator.upper() + (" " if operator.startswith(":") else "")
                return Words(sign + operands[0].within(_SIGN), _SIGN)
            case Binary(operator=operator):
                rank = _RANKS.get(operator, 1)
                sides = operands[0].within(rank), operands[1].within(rank + 1)
                return Words(f"{sides[0]} {operator.upper()} {sides[1]}", rank)
            case Lookup():
                return _called(self.table(node) or "WITH LOOKUP", operands)
            case Call(function=function):
                return _called(spelled(function), operands[clock_arguments(node) :])
        return _called(type(node).__name__, operands)


def _called(function: str, arguments: list[Words]) -> Words:
    return Words(f"{function}({', '.join(argument.text for argument in arguments)})")
