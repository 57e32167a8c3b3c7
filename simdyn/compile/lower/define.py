"""What a whole right side makes of a variable: a stock, a lookup, data, or an expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import pysd.translators.structures.abstract_expressions as ae

from simdyn.compile import external
from simdyn.compile.external import ExternalError, Sheet
from simdyn.compile.lower import arrays, calls, delays, expressions, tables
from simdyn.compile.lower.scope import Place
from simdyn.compile.lower.sources import Cell
from simdyn.compile.lower.workshop import Handler, Workshop
from simdyn.compile.nodes import (
    Constant,
    Definition,
    Exogenous,
    Expression,
    Initial,
    Lookup,
    Table,
    TableKind,
    Time,
    key_of,
)

HANDLERS: dict[type, Handler] = {
    int: expressions.number,
    float: expressions.number,
    np.float64: expressions.number,
    ae.AllocateAvailableStructure: arrays.allocate_available,
    ae.AllocateByPriorityStructure: arrays.allocate_by_priority,
    ae.ArithmeticStructure: expressions.operation,
    ae.CallStructure: calls.call,
    ae.DelayFixedStructure: delays.delay_fixed,
    ae.DelayNStructure: delays.delay_n,
    ae.DelayStructure: delays.delay,
    ae.ForecastStructure: delays.forecast,
    ae.GameStructure: lambda shop, place, node: shop.expression(node.expression, place),
    ae.InitialStructure: delays.nested_initial,
    ae.InlineLookupsStructure: tables.inline,
    ae.IntegStructure: delays.nested_integ,
    ae.LogicStructure: expressions.operation,
    ae.ReferenceStructure: expressions.reference,
    ae.SampleIfTrueStructure: delays.sample,
    ae.SmoothNStructure: delays.smooth,
    ae.SmoothStructure: delays.smooth,
    ae.TrendStructure: delays.trend,
}
"""What lowers each node of PySD's trees where it stands within an expression."""


def define(shop: Workshop, place: Place, cell: Cell) -> Definition:
    """Return the definition of one scalar of the author."""
    node = cell.equation.right
    definer = _DEFINERS.get(type(node))
    if definer is not None:
        return definer(shop, place, cell)
    if isinstance(node, ae.CallStructure) and key_of(node.function.reference) == "active_initial":
        return calls.active_initial(shop, place, node.arguments)
    return shop.expression(node, place)


def _stock(shop: Workshop, place: Place, cell: Cell) -> Definition:
    return delays.integ(shop, place, cell.equation.right)


def _initial(shop: Workshop, place: Place, cell: Cell) -> Definition:
    return Initial(shop.expression(cell.equation.right.initial, place))


def _pipe(shop: Workshop, place: Place, cell: Cell) -> Definition:
    return delays.pipe(shop, place, cell.equation.right)


def _table(shop: Workshop, place: Place, cell: Cell) -> Definition:
    return tables.table(shop, place, cell.equation.right)


def _exogenous(shop: Workshop, place: Place, cell: Cell) -> Definition:
    return Exogenous(_kind(shop, place, cell))


def _constants(shop: Workshop, place: Place, cell: Cell) -> Expression:
    node = cell.equation.right
    try:
        sheet = _sheet(shop, node)
        return Constant(external.constant(sheet, node.cell, cell.shape, cell.place))
    except ExternalError as error:
        _refuse(shop, place, error)


def _lookups(shop: Workshop, place: Place, cell: Cell) -> Definition:
    node = cell.equation.right
    return _series(shop, place, cell, node.x_row_or_col, "interpolate")


def _data(shop: Workshop, place: Place, cell: Cell) -> Definition:
    node = cell.equation.right
    kind = _kind(shop, place, cell)
    return Lookup(_series(shop, place, cell, node.time_row_or_col, kind), Time())


def _series(shop: Workshop, place: Place, cell: Cell, axis: str, kind: TableKind) -> Table:
    node = cell.equation.right
    try:
        x, y = external.series(_sheet(shop, node), axis, node.cell, cell.place)
    except ExternalError as error:
        _refuse(shop, place, error)
    return Table(x, y, kind)


def _sheet(shop: Workshop, node: Any) -> Sheet:
    return shop.folder.sheet(node.file, node.tab)


def _refuse(shop: Workshop, place: Place, error: ExternalError) -> NoReturn:
    shop.refuse(place, str(error))


_KEYWORDS: dict[str, TableKind] = {
    "interpolate": "interpolate",
    "raw": "raw",
    "hold_backward": "hold_backward",
    "look_forward": "look_forward",
}


def _kind(shop: Workshop, place: Place, cell: Cell) -> TableKind:
    if cell.equation.keyword not in _KEYWORDS:
        shop.refuse(place, f"data of the kind ':{cell.equation.keyword}:' are not supported")
    return _KEYWORDS[cell.equation.keyword]


_DEFINERS: dict[type, Callable[[Workshop, Place, Cell], Definition]] = {
    ae.DataStructure: _exogenous,
    ae.DelayFixedStructure: _pipe,
    ae.GetConstantsStructure: _constants,
    ae.GetDataStructure: _data,
    ae.GetLookupsStructure: _lookups,
    ae.InitialStructure: _initial,
    ae.IntegStructure: _stock,
    ae.LookupsStructure: _table,
    np.ndarray: expressions.numbers,
}
"""What makes a variable of each node of PySD's trees where it is the whole right side."""
