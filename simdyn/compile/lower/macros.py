"""Macros: each use becomes variables of its own, named after the place that uses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pysd.translators.structures.abstract_expressions as ae

from simdyn.compile.lower.expressions import is_table
from simdyn.compile.lower.scope import Place, Scalar, Scope, reference_of
from simdyn.compile.lower.sources import SourceError, cells_of, sources_of
from simdyn.compile.lower.workshop import Workshop
from simdyn.compile.nodes import Expression, Reference, key_of

_DEEPEST = 40
"""Macros within macros before a loop is suspected."""


def use(shop: Workshop, place: Place, key: str, arguments: Sequence[Any]) -> Expression:
    """Lower the use of a macro: its parameters, its equations, its result."""
    macro = shop.macros[key]
    name = key.replace("_", " ").upper()
    parameters = [key_of(parameter) for parameter in macro.params]
    if len(arguments) != len(parameters):
        shop.refuse(place, f"{name} takes {len(parameters)} arguments, here {len(arguments)}")
    if place.scope.depth >= _DEEPEST:
        shop.refuse(place, f"macro {name} uses itself without end")
    prefix = shop.reserved(place, key).key + ": "
    tables = {}
    for parameter, argument in zip(parameters, arguments, strict=True):
        if isinstance(argument, ae.ReferenceStructure) and _names_table(place, argument):
            tables[parameter] = (place, argument)
        else:
            value = shop.expression(argument, place)
            shop.define(place, Reference(prefix + parameter), value)
    scope = _scope(shop, place, macro, prefix, tables, parameters)
    for cell in scope.cells.values():
        found = Scalar(cell, scope)
        shop.define(place, Reference(found.key), shop.definition(found))
    if key not in scope.sources:
        shop.refuse(place, f"macro {name} has no equation for its own name")
    return Reference(prefix + key)


def _names_table(place: Place, node: Any) -> bool:
    return is_table(place, reference_of(node)[0])


def _scope(
    shop: Workshop,
    place: Place,
    macro: Any,
    prefix: str,
    tables: dict[str, Any],
    parameters: Sequence[str],
) -> Scope:
    try:
        sources = sources_of(macro, {})
        cells = {
            key: cell
            for source in sources.values()
            for key, cell in cells_of(source, shop.subscripts).items()
        }
    except SourceError as error:
        shop.refuse(place, f"in macro {macro.name}, '{error.name}': {error}")
    values = frozenset(parameters) - frozenset(tables)
    return Scope(prefix, sources, cells, tables, values, caller=place, depth=place.scope.depth + 1)
