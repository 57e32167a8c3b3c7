"""Functions over subscripts: sums and extremes, and functions of whole vectors and matrices."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import pysd.translators.structures.abstract_expressions as ae

from simdyn.compile.lower.scope import Place, reference_of
from simdyn.compile.lower.sources import Source, axes_of
from simdyn.compile.lower.subscripts import MARK
from simdyn.compile.lower.workshop import Workshop
from simdyn.compile.nodes import ArrayCall, Binary, Call, Constant, Expression, key_of

Arguments = Sequence[Any]

_PROFILE = 4
"""Numbers of a priority profile: type, priority, width, extra."""


def _added(terms: list[Expression]) -> Expression:
    return reduce(lambda left, right: Binary("+", left, right), terms)


def _multiplied(terms: list[Expression]) -> Expression:
    return reduce(lambda left, right: Binary("*", left, right), terms)


def _largest(terms: list[Expression]) -> Expression:
    return reduce(lambda left, right: Call("max", (left, right)), terms)


def _smallest(terms: list[Expression]) -> Expression:
    return reduce(lambda left, right: Call("min", (left, right)), terms)


def _mean(terms: list[Expression]) -> Expression:
    return Binary("/", _added(terms), Constant(float(len(terms))))


def _deviation(terms: list[Expression]) -> Expression:
    mean = _mean(terms)
    squares = [_multiplied([Binary("-", term, mean)] * 2) for term in terms]
    return Call("sqrt", (Binary("/", _added(squares), Constant(float(max(len(terms) - 1, 1)))),))


REDUCTIONS: dict[str, Callable[[list[Expression]], Expression]] = {
    "sum": _added,
    "prod": _multiplied,
    "vmax": _largest,
    "vmin": _smallest,
    "vmax_xmile": _largest,
    "vmin_xmile": _smallest,
    "mean": _mean,
    "stddev": _deviation,
}
"""Functions that run over the ranges marked by ! in their argument, or over those left free."""

_OVER = frozenset({*REDUCTIONS, "vector_select"})


def reduction(shop: Workshop, place: Place, function: str, arguments: Arguments) -> Expression:
    """Lower a sum, product, mean or extreme over subscripts."""
    places = _places(shop, place, _runs(shop, place, arguments))
    return REDUCTIONS[function]([shop.expression(arguments[0], p) for p in places])


def elmcount(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    """Lower ELMCOUNT and SIZE: the number of elements of a range or of a variable."""
    if not isinstance(arguments[0], ae.ReferenceStructure):
        shop.refuse(place, "ELMCOUNT and SIZE take the name of a subscript range or variable")
    key, _ = reference_of(arguments[0])
    if key in shop.subscripts.ranges and place.scope.source(key) is None:
        return Constant(float(len(shop.subscripts.ranges[key].elements)))
    return Constant(float(len(_places(shop, place, _runs(shop, place, arguments)))))


def select(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    """Lower VECTOR SELECT(selection, expression, missing value, action, error action)."""
    selection, expression, *rest = arguments
    places = _places(shop, place, _runs(shop, place, [selection, expression]))
    settings = [shop.expression(part, place) for part in rest]
    selected = [shop.expression(selection, p) for p in places]
    values = [shop.expression(expression, p) for p in places]
    return ArrayCall("vector_select", (*settings, *selected, *values), (len(places),), ())


def _places(shop: Workshop, place: Place, ranges: Sequence[str]) -> list[Place]:
    """Return the place for each combination of elements of these ranges."""
    axes = [shop.subscripts.elements(key.removesuffix(MARK)) for key in ranges]
    for key, axis in zip(ranges, axes, strict=True):
        if not axis:
            shop.refuse(place, f"subscript [{key}] is no subscript range")
    return [
        place.binding(dict(zip(ranges, elements, strict=True)))
        for elements in itertools.product(*axes)
    ]


def _runs(shop: Workshop, place: Place, arguments: Arguments) -> list[str]:
    """Return the ranges that a function runs over: those marked, or else those left free."""
    references = [node for argument in arguments for node in _references(argument)]
    listed = [key for node in references for key in reference_of(node)[1] or ()]
    marked = [key for key in listed if key.endswith(MARK)]
    free = [key for node in references for key in _free(shop, place, node)]
    return list(dict.fromkeys(marked or free))


def _free(shop: Workshop, place: Place, node: Any) -> Iterator[str]:
    """Yield the ranges of a reference that stand for no element; all, if it has no brackets."""
    key, subscripts = reference_of(node)
    source = place.scope.source(key)
    if source is None:
        return
    if subscripts is None:
        yield from shop.dimensions(source)
        return
    for subscript in subscripts:
        known = subscript in shop.subscripts.ranges
        if known and shop.subscripts.resolve(subscript, place.bound) is None:
            yield subscript


def _references(node: Any) -> Iterator[Any]:
    """Yield the references within a tree, but not those that an inner such function runs over."""
    match node:
        case ae.ReferenceStructure():
            yield node
        case ae.CallStructure(function=function, arguments=arguments):
            if key_of(function.reference) in _OVER:
                return
            if function.subscripts is not None:
                yield function
            for argument in arguments:
                yield from _references(argument)
        case list() | tuple():
            for part in node:
                yield from _references(part)
        case _ if dataclasses.is_dataclass(node):
            for item in dataclasses.fields(node):
                yield from _references(getattr(node, item.name))


@dataclasses.dataclass(frozen=True)
class _Axis:
    """A subscript that a function of vectors takes as a whole: its key here and its elements."""

    key: str
    elements: tuple[str, ...]


def _axes(shop: Workshop, place: Place, node: Any, count: int) -> list[_Axis]:
    """Return the last subscripts of the first variable in an expression."""
    for reference in _references(node):
        key, subscripts = reference_of(reference)
        source = place.scope.source(key)
        if source is not None and source.rank >= count:
            keys = shop.dimensions(source) if subscripts is None else subscripts
            places = range(source.rank - count, min(source.rank, len(keys)))
            return [_axis(shop, source, keys[number], number) for number in places]
    return shop.refuse(
        place, f"a function of arrays needs a variable with {count} subscripts or more"
    )


def _axis(shop: Workshop, source: Source, key: str, number: int) -> _Axis:
    """Return the axis of one subscript; an element stands for the range the variable has there."""
    bare = key.removesuffix(MARK)
    if bare in shop.subscripts.ranges:
        return _Axis(key, shop.subscripts.ranges[bare].elements)
    return _Axis(key, axes_of(source, shop.subscripts)[number].elements)


def _along(shop: Workshop, place: Place, node: Any, axes: Sequence[_Axis]) -> list[Expression]:
    """Return an expression's values along axes, the last running fastest."""
    combinations = itertools.product(*(axis.elements for axis in axes))
    keys = [axis.key for axis in axes]
    places = [place.binding(dict(zip(keys, found, strict=True))) for found in combinations]
    return [shop.expression(node, p) for p in places]


def _vector(shop: Workshop, place: Place, node: Any) -> tuple[list[Expression], _Axis]:
    (axis,) = _axes(shop, place, node, 1)
    return _along(shop, place, node, [axis]), axis


def _where(shop: Workshop, place: Place, axis: _Axis, last: int = 1) -> int:
    """Return which element of an axis the equation asks for.

    Its range may stand on the left side, or be mapped from there; else the places correspond.
    """
    found = shop.subscripts.resolve(axis.key, place.bound)
    if found in axis.elements:
        return axis.elements.index(found)
    ranges = list(place.bound.items())
    if len(ranges) >= last:
        key, element = ranges[-last]
        elements = shop.subscripts.elements(key)
        if element in elements and len(elements) == len(axis.elements):
            return elements.index(element)
    return shop.refuse(place, "a function of vectors needs its last subscript on the left side")


def _ordered(shop: Workshop, place: Place, function: str, arguments: Arguments) -> Expression:
    """Lower VECTOR SORT ORDER and VECTOR RANK."""
    values, axis = _vector(shop, place, arguments[0])
    direction = shop.expression(arguments[1], place)
    shape = (len(values),)
    return ArrayCall(function, (direction, *values), shape, (_where(shop, place, axis),))


def _reordered(shop: Workshop, place: Place, function: str, arguments: Arguments) -> Expression:
    """Lower VECTOR REORDER(vector, order)."""
    values, _ = _vector(shop, place, arguments[0])
    order, axis = _vector(shop, place, arguments[1])
    shape = (len(values),)
    return ArrayCall(function, (*values, *order), shape, (_where(shop, place, axis),))


def _element_map(shop: Workshop, place: Place, function: str, arguments: Arguments) -> Expression:
    """Lower VECTOR ELM MAP(variable, offset): so many elements behind the one that is named."""
    reference, offset = arguments
    if not isinstance(reference, ae.ReferenceStructure):
        shop.refuse(place, "VECTOR ELM MAP takes an element of a variable")
    _, subscripts = reference_of(reference)
    rank = len(subscripts or ()) or 1
    axes = _axes(shop, place, reference, rank)
    values = _along(shop, place, reference, axes)
    first = 0
    for axis in axes:
        element = shop.element(place, axis.key, [])
        first = first * len(axis.elements) + axis.elements.index(element)
    where = Binary("+", Constant(float(first)), shop.expression(offset, place))
    return ArrayCall(function, (where, *values), (len(values),), ())


def _inverse(shop: Workshop, place: Place, function: str, arguments: Arguments) -> Expression:
    """Lower INVERT MATRIX(matrix, size)."""
    axes = _axes(shop, place, arguments[0], 2)
    rows, columns = (len(axis.elements) for axis in axes)
    if rows != columns:
        shop.refuse(
            place, f"INVERT MATRIX needs as many rows as columns, here {rows} and {columns}"
        )
    values = _along(shop, place, arguments[0], axes)
    index = (_where(shop, place, axes[0], 2), _where(shop, place, axes[1], 1))
    return ArrayCall(function, tuple(values), (rows, columns), index)


def allocate_available(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower ALLOCATE AVAILABLE(request, priority profile, available)."""
    requests, axis = _vector(shop, place, node.request)
    profiles = _profiles(shop, place, node.pp, axis)
    supply = shop.expression(node.avail, place)
    arguments = (*requests, *profiles, supply)
    index = (_where(shop, place, axis),)
    return ArrayCall("allocate_available", arguments, (len(requests),), index)


def allocate_by_priority(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower ALLOCATE BY PRIORITY(request, priority, size, width, supply)."""
    requests, axis = _vector(shop, place, node.request)
    (own,) = _axes(shop, place, node.priority, 1)
    priorities = _along(shop, place, node.priority, [own])
    width, supply = shop.expression(node.width, place), shop.expression(node.supply, place)
    arguments = (*requests, *priorities, width, supply)
    index = (_where(shop, place, axis),)
    return ArrayCall("allocate_by_priority", arguments, (len(requests),), index)


def _profiles(shop: Workshop, place: Place, node: Any, axis: _Axis | None) -> list[Expression]:
    """Return the four numbers of each request's priority profile, one request after another.

    axis : of the requests; None if there is but one
    """
    *own, kind = _axes(shop, place, node, 1 if axis is None else 2)
    if len(kind.elements) < _PROFILE:
        shop.refuse(place, "a priority profile has four elements: type, priority, width, extra")
    numbers = _Axis(kind.key, kind.elements[:_PROFILE])
    named = {key for found in _references(node) for key in reference_of(found)[1] or ()}
    if axis is not None and axis.key in named:
        own = [axis]
    return _along(shop, place, node, [*own, numbers])


def _market_price(shop: Workshop, place: Place, function: str, arguments: Arguments) -> Expression:
    """Lower FIND MARKET PRICE(demand, its profile, supply, its profile)."""
    demand, demand_profile, supply, supply_profile = arguments
    demands, buyers = _vector(shop, place, demand)
    supplies, sellers = _vector(shop, place, supply)
    values = (
        *demands,
        *_profiles(shop, place, demand_profile, buyers),
        *supplies,
        *_profiles(shop, place, supply_profile, sellers),
    )
    return ArrayCall(function, values, (len(demands), len(supplies)), ())


def _at_price(shop: Workshop, place: Place, function: str, arguments: Arguments) -> Expression:
    """Lower DEMAND AT PRICE and SUPPLY AT PRICE(quantity, profile, price)."""
    quantity, profile, price = arguments
    values = (
        shop.expression(quantity, place),
        *_profiles(shop, place, profile, None),
        shop.expression(price, place),
    )
    return ArrayCall(function, values, (1,), ())


VECTORS: Mapping[str, tuple[int, Callable[[Workshop, Place, str, Arguments], Expression]]] = {
    "vector_sort_order": (2, _ordered),
    "vector_rank": (2, _ordered),
    "vector_reorder": (2, _reordered),
    "vector_elm_map": (2, _element_map),
    "invert_matrix": (2, _inverse),
    "find_market_price": (4, _market_price),
    "demand_at_price": (3, _at_price),
    "supply_at_price": (3, _at_price),
}
"""Functions of whole vectors: number of arguments, and what lowers them."""
