"""Functions of whole arrays: matrices, sorting, selection, allocation.

Each takes the elements one by one, floats or arrays (member,), and gives an array (*, member) whose
first axes are those of the function's result. No member's bits depend on another's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

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

ArrayFunction = Callable[[tuple[int, ...], Stack], Value]
"""Function of the lengths it needs to know and of all its elements."""

_MISSING_IF_EMPTY = (1, 3)
_MISSING_IF_SEVERAL = (2, 3)
"""Error actions of VECTOR SELECT: on which selections its result is missing."""


def stacked(elements: tuple[Value, ...]) -> Stack:
    """Return elements as one array (element, member)."""
    shape = np.broadcast_shapes((1,), *(np.shape(part) for part in elements))
    return np.array([np.broadcast_to(part, shape) for part in elements], dtype=float)


def _invert_matrix(shape: tuple[int, ...], elements: Stack) -> Stack:
    size = shape[0]
    matrices = np.moveaxis(elements.reshape(size, size, -1), -1, 0)
    singular = ~(np.abs(np.linalg.det(matrices)) > 0)[:, None, None]
    inverse = np.linalg.inv(np.where(singular, np.eye(size), matrices))
    return np.moveaxis(np.where(singular, np.nan, inverse), 0, -1)


def _sort_order(_shape: tuple[int, ...], elements: Stack) -> Stack:
    direction, vector = elements[0], elements[1:]
    upward = np.argsort(vector, axis=0, kind="stable")
    return np.where(direction > 0, upward, upward[::-1]).astype(float)


def _rank(shape: tuple[int, ...], elements: Stack) -> Stack:
    return np.argsort(_sort_order(shape, elements), axis=0, kind="stable").astype(float) + 1


def _reorder(shape: tuple[int, ...], elements: Stack) -> Stack:
    return _picked(elements[: shape[0]], elements[shape[0] :])


def _element_at(_shape: tuple[int, ...], elements: Stack) -> Stack:
    return _picked(elements[1:], elements[:1])[0]


def _picked(vector: Stack, order: Stack) -> Stack:
    """Return the elements at these places; nan where there is none."""
    inside = (order >= 0) & (order < len(vector))
    places = np.where(inside, order, 0).astype(np.int64)
    return np.where(inside, np.take_along_axis(vector, places, axis=0), np.nan)


_Action = Callable[[Stack, NDArray[np.bool_]], Value]


def _total(chosen: Stack, on: NDArray[np.bool_]) -> Value:
    return np.sum(chosen, axis=0, where=on)


def _product(chosen: Stack, on: NDArray[np.bool_]) -> Value:
    return np.prod(chosen, axis=0, where=on)


def _least(chosen: Stack, on: NDArray[np.bool_]) -> Value:
    return np.min(chosen, axis=0, where=on, initial=np.inf)


def _most(chosen: Stack, on: NDArray[np.bool_]) -> Value:
    return np.max(chosen, axis=0, where=on, initial=-np.inf)


def _average(chosen: Stack, on: NDArray[np.bool_]) -> Value:
    return np.sum(chosen, axis=0, where=on) / on.sum(axis=0)


_WEIGHTED: dict[int, _Action] = {0: _total, 1: _product, 2: _least, 3: _most, 4: _average}
_RAISED: dict[int, _Action] = {5: _product}
_PLAIN: dict[int, _Action] = {6: _total, 7: _product, 8: _least, 9: _most, 10: _average}
"""What VECTOR SELECT does, by its number, with the expression where the selection is not 0: times
the selection, to the power of the selection, or as it is."""


def _select(_shape: tuple[int, ...], elements: Stack) -> Stack:
    missing, action, error = elements[:3]
    selection, expression = np.split(elements[3:], 2)
    on = selection != 0
    counts = on.sum(axis=0)
    result = np.full(counts.shape, np.nan)
    chosen = (
        (_WEIGHTED, selection * expression),
        (_RAISED, expression**selection),
        (_PLAIN, expression),
    )
    for actions, values in chosen:
        for number, function in actions.items():
            if (action == number).any():
                result = np.where(action == number, function(values, on), result)
    result = np.where(counts == 0, missing, result)
    wrong = (counts == 0) & np.isin(error, _MISSING_IF_EMPTY)
    wrong |= (counts > 1) & np.isin(error, _MISSING_IF_SEVERAL)
    return np.where(wrong, np.nan, result)


ARRAY_FUNCTIONS: dict[str, ArrayFunction] = {
    "allocate_available": allocate_available,
    "allocate_by_priority": allocate_by_priority,
    "demand_at_price": demand_at_price,
    "find_market_price": market_price,
    "invert_matrix": _invert_matrix,
    "supply_at_price": supply_at_price,
    "vector_elm_map": _element_at,
    "vector_rank": _rank,
    "vector_reorder": _reorder,
    "vector_select": _select,
    "vector_sort_order": _sort_order,
}
"""Keys are functions of ``nodes.ArrayCall``; settings stand before the elements of vectors."""


@cache
def array_function(function: str, shape: tuple[int, ...]) -> Function:
    """Return what fills the whole result; one object for equal calls."""
    return lambda *elements: ARRAY_FUNCTIONS[function](shape, stacked(elements))


@cache
def element(index: tuple[int, ...]) -> Function:
    """Return what picks one element of a whole result."""
    return lambda whole: whole[index]
