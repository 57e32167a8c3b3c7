"""Numbers, references, operators and arrays of numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from simdyn.compile.lower.scope import Place, reference_of
from simdyn.compile.lower.sources import Cell
from simdyn.compile.lower.workshop import Workshop
from simdyn.compile.nodes import TIME_STEP, Binary, Constant, Expression, Reference, Time, Unary

_NAMED: dict[str, Expression] = {
    "time": Time(),
    "pi": Constant(math.pi),
    "inf": Constant(math.inf),
    "dt": Reference(TIME_STEP),
    "starttime": Reference("initial_time"),
    "stoptime": Reference("final_time"),
}
"""What XMILE names without a variable of that name; a model's own variable goes before."""


def number(_shop: Workshop, _place: Place, value: float) -> Expression:
    """Lower a literal; a missing value (:NA:) is nan."""
    return Constant(float(value))


def reference(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower a variable, an element of one, the clock, or a subscript taken as its number."""
    key, subscripts = reference_of(node)
    if is_table(place, key):
        name = key.replace("_", " ")
        shop.refuse(place, f"'{name}' is a lookup. Give it an argument in brackets")
    holder = place.scope.holder(key)
    if holder is not None and key in holder.values:
        return Reference(holder.prefix + key)
    found = None if key == "time" else shop.scalar(place, key, subscripts)
    if found is not None:
        return Reference(found.key)
    if subscripts:
        shown = key.replace("_", " ")
        shop.refuse(place, f"uses '{shown}', which is not defined")
    if key.endswith("$"):
        return _in_model(shop, key.removesuffix("$"))
    if key in _NAMED:
        return _NAMED[key]
    if key in shop.subscripts.ranges or key in shop.subscripts.names:
        element = shop.element(place, key, [])
        return Constant(float(shop.subscripts.number(element)))
    return Reference(key)


def is_table(place: Place, key: str) -> bool:
    """Return whether a name is a lookup."""
    holder, source = place.scope.holder(key), place.scope.source(key)
    given = holder is not None and key in holder.tables
    return given or (source is not None and source.equations[0].lookup)


def _in_model(shop: Workshop, key: str) -> Expression:
    """Lower a name with $ at its end, which means the model's own variable within a macro."""
    return _NAMED[key] if key in _NAMED and key not in shop.main.sources else Reference(key)


def operation(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower arithmetic, comparison or logic."""
    operators = [operator.lower() for operator in node.operators]
    operands = [shop.expression(argument, place) for argument in node.arguments]
    operators = [_LOGIC.get(operator, operator) for operator in operators]
    if len(operands) == 1:
        return Unary("-" if operators == ["negative"] else operators[0], operands[0])
    if operators[0] == "^":
        return _powers(operands)
    if operators[0] in _MISSING:
        return _comparison(operators[0], *operands)
    if ":or:" in operators:
        return _alternatives(operators, operands)
    return _chain(operators, operands)


def _chain(operators: Sequence[str], operands: Sequence[Expression]) -> Expression:
    """Lower operators that group from the left."""
    pairs = zip(operators, operands[1:], strict=True)
    return reduce(lambda left, pair: Binary(pair[0], left, pair[1]), pairs, operands[0])


def _alternatives(operators: Sequence[str], operands: Sequence[Expression]) -> Expression:
    """Lower a chain of logic, in which :AND: binds more closely than :OR:."""
    ends = [place for place, operator in enumerate(operators) if operator == ":or:"]
    spans = itertools.pairwise([-1, *ends, len(operators)])
    parts = [
        _chain(operators[left + 1 : right], operands[left + 1 : right + 1]) for left, right in spans
    ]
    return _chain([":or:"] * len(ends), parts)


_LOGIC = {"and": ":and:", "or": ":or:", "not": ":not:"}
"""XMILE's words for Vensim's signs."""

_MISSING = {"=": "<>", "<>": "="}
"""Whether a value is missing is whether it differs from itself."""


def _comparison(sign: str, left: Expression, right: Expression) -> Expression:
    for value, other in ((left, right), (right, left)):
        if isinstance(other, Constant) and math.isnan(other.value):
            return Binary(_MISSING[sign], value, value)
    return Binary(sign, left, right)


def _powers(operands: list[Expression]) -> Expression:
    """Lower a chain of ``^``, which groups from the right."""
    *bases, exponent = operands
    return reduce(lambda right, base: Binary("^", base, right), reversed(bases), exponent)


def numbers(shop: Workshop, place: Place, cell: Cell) -> Expression:
    """Lower the number of one element in an array of them, such as ``1, 2; 3, 4``."""
    listed = np.ravel(cell.equation.right)
    size = math.prod(cell.shape)
    if listed.size not in (1, size):
        msg = f"its left side has {size} elements, its right side {listed.size} numbers"
        shop.refuse(place, msg)
    return Constant(float(listed[cell.place % listed.size]))
