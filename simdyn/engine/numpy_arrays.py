"""Functions of whole arrays: matrices, sorting, selection, allocation.

Each takes the elements one by one, floats or arrays (member,), and gives an array (*, member) whose
first axes are those of the function's result. No member's bits depend on another's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from simdyn.engine.numpy_allocation import (
    allocate_available,
    allocate_by_priority,
    demand_at_price,
    market_price,
    supply_at_price,
)
from simdyn.engine.numpy_functions import Function, Value

Stack = NDArray[np.float64]
"""Elements on the first axis, members on the last."""

_MISSING_IF_EMPTY = frozenset({1, 3})
_MISSING_IF_SEVERAL = frozenset({2, 3})
"""Error actions of VECTOR SELECT: on which selections its result is missing."""


def stacked(elements: tuple[Value, ...]) -> Stack:
    """Return elements as one array (element, member)."""
    shape = np.broadcast_shapes((1,), *(np.shape(part) for part in elements))
    return np.array([np.broadcast_to(part, shape) for part in elements], dtype=float)


def _invert_matrix(shape: tuple[int, ...], *elements: Value) -> Stack:
    size = shape[0]
    matrices = np.moveaxis(stacked(elements).reshape(size, size, -1), -1, 0)
    singular = ~(np.abs(np.linalg.det(matrices)) > 0)
    safe = np.where(singular[:, None, None], np.eye(size), matrices)
    inverse = np.where(singular[:, None, None], np.nan, np.linalg.inv(safe))
    return np.moveaxis(inverse, 0, -1)


def _sort_order(shape: tuple[int, ...], direction: Value, *elements: Value) -> Stack:
    upward = np.argsort(stacked(elements), axis=0, kind="stable")
    return np.where(np.greater(direction, 0), upward, upward[::-1]).astype(float)


def _rank(shape: tuple[int, ...], direction: Value, *elements: Value) -> Stack:
    order = _sort_order(shape, direction, *elements)
    return np.argsort(order, axis=0, kind="stable") + 1.0


def _reorder(shape: tuple[int, ...], *elements: Value) -> Stack:
    whole = stacked(elements)
    vector, order = whole[: shape[0]], whole[shape[0] :]
    return _picked(vector, order)


def _element_at(shape: tuple[int, ...], place: Value, *elements: Value) -> Value:
    vector, where = np.broadcast_arrays(stacked(elements), np.atleast_1d(place))
    return _picked(vector, where[:1])[0]


def _picked(vector: Stack, order: Stack) -> Stack:
    """Return the elements at these places; nan where there is none."""
    inside = (order >= 0) & (order < len(vector))
    places = np.where(inside, order, 0).astype(np.int64)
    return np.where(inside, np.take_along_axis(vector, places, axis=0), np.nan)


_ACTIONS: tuple[Callable[[Stack, Stack, NDArray[np.bool_]], Value], ...] = (
    lambda s, e, on: np.sum(s * e, axis=0, where=on),
    lambda s, e, on: np.prod(s * e, axis=0, where=on),
    lambda s, e, on: np.min(s * e, axis=0, where=on, initial=np.inf),
    lambda s, e, on: np.max(s * e, axis=0, where=on, initial=-np.inf),
    lambda s, e, on: np.sum(s * e, axis=0, where=on) / on.sum(axis=0),
    lambda s, e, on: np.prod(e**s, axis=0, where=on),
    lambda s, e, on: np.sum(e, axis=0, where=on),
    lambda s, e, on: np.prod(e, axis=0, where=on),
    lambda s, e, on: np.min(e, axis=0, where=on, initial=np.inf),
    lambda s, e, on: np.max(e, axis=0, where=on, initial=-np.inf),
    lambda s, e, on: np.sum(e, axis=0, where=on) / on.sum(axis=0),
)
"""What VECTOR SELECT does with selection s and expression e where s is not 0, by its number."""


def _select(
    shape: tuple[int, ...], missing: Value, action: Value, error: Value, *elements: Value
) -> Value:
    selection, expression = np.split(stacked(elements), 2)
    on = selection != 0
    counts = on.sum(axis=0)
    result: Value = np.full(counts.shape, np.nan)
    for number, function in enumerate(_ACTIONS):
        if np.any(np.equal(action, number)):
            result = np.where(np.equal(action, number), function(selection, expression, on), result)
    result = np.where(counts == 0, missing, result)
    wrong = (counts == 0) & np.isin(error, list(_MISSING_IF_EMPTY))
    wrong |= (counts > 1) & np.isin(error, list(_MISSING_IF_SEVERAL))
    return np.where(wrong, np.nan, result)


ARRAY_FUNCTIONS: dict[str, Function] = {
    "invert_matrix": _invert_matrix,
    "vector_sort_order": _sort_order,
    "vector_rank": _rank,
    "vector_reorder": _reorder,
    "vector_elm_map": _element_at,
    "vector_select": _select,
    "allocate_available": lambda shape, *e: allocate_available(shape, stacked(e)),
    "allocate_by_priority": lambda shape, *e: allocate_by_priority(shape, stacked(e)),
    "find_market_price": lambda shape, *e: market_price(shape, stacked(e)),
    "demand_at_price": lambda shape, *e: demand_at_price(stacked(e)),
    "supply_at_price": lambda shape, *e: supply_at_price(stacked(e)),
}
"""Keys are functions of ``nodes.ArrayCall``."""


@cache
def array_function(function: str, shape: tuple[int, ...]) -> Function:
    """Return what fills the whole result; one object for equal calls."""
    return partial(ARRAY_FUNCTIONS[function], shape)


@cache
def element(index: tuple[int, ...]) -> Function:
    """Return what picks one element of a whole result."""
    return lambda whole: whole[index]
