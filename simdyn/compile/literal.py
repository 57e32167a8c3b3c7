"""Evaluate literals, and nothing else: what a model file may hold where PySD would run Python."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

_SIGNS: dict[type[ast.AST], Callable[[Any], Any]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_SUMS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
}


def literal(text: str) -> Any:
    """Return the value of numbers, their sums, strings, and tuples or lists of those.

    Integers become floats.

    Raises
    ------
    ValueError, SyntaxError, OverflowError
        The text is anything else.
    """
    return _value(ast.parse(text.strip(), mode="eval").body)


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=str(value)):
            result: Any = value
        case ast.Constant(value=int(value) | float(value)):
            result = float(value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            result = tuple(_value(part) for part in parts)
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _SIGNS:
            result = _SIGNS[type(sign)](_value(operand))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SUMS:
            result = _SUMS[type(sign)](_value(left), _value(right))
        case _:
            raise ValueError(ast.unparse(node))
    return result
