"""Lower a whole model: its ranges, its variables in the file's order, and what shapes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from simdyn.compile.external import ExternalError, Folder, subscript_names
from simdyn.compile.functions import spelled
from simdyn.compile.lower.define import HANDLERS, define
from simdyn.compile.lower.scope import Scalar, Scope
from simdyn.compile.lower.sources import (
    Cell,
    Source,
    SourceError,
    array_of,
    cells_of,
    sources_of,
)
from simdyn.compile.lower.subscripts import Declared, Subscripts, subscripts_of
from simdyn.compile.lower.workshop import Workshop
from simdyn.compile.nodes import (
    CONTROLS,
    ActiveInitial,
    Definition,
    Exogenous,
    Hold,
    Initial,
    Kind,
    Pipe,
    Program,
    Random,
    Reference,
    Reservoir,
    Stock,
    Table,
    Time,
    Variable,
    at_step,
    key_of,
    walk,
)
from simdyn.compile.parsers import Parsed
from simdyn.errors import ModelError


def lower(parsed: Parsed, given: Mapping[str, float] | None = None) -> Program:
    """Return the model in our nodes.

    Parameters
    ----------
    given : values that a run sets, by key, for constants that shape the program

    Raises
    ------
    ModelError
        Something is not supported, defined twice, or missing; named with its variable and line.
    """
    section, *macros = parsed.model.sections
    subscripts = _subscripts(parsed, section)
    try:
        sources = sources_of(section, parsed.lines)
        cells = {key: cells_of(source, subscripts) for key, source in sources.items()}
        arrays = {
            key: array_of(source, cells[key], subscripts)
            for key, source in sources.items()
            if source.rank and key not in parsed.helpers
        }
    except SourceError as error:
        raise ModelError(f"'{error.name}': {error}.", path=parsed.path, line=error.line) from None
    _refuse_controls(parsed, sources)
    main = Scope("", sources, {k: cell for found in cells.values() for k, cell in found.items()})
    named = {key_of(macro.name): macro for macro in macros}
    shop = Workshop(parsed.path, subscripts, main, HANDLERS, define, named, given or {})
    for cell in main.cells.values():
        shop.definition(Scalar(cell, main))
    return Program(
        parsed.path,
        {variable.key: variable for variable in _variables(shop, cells, parsed.helpers)},
        arrays,
        frozenset(shop.fixed),
        parsed.method,
    )


def _variables(
    shop: Workshop, cells: Mapping[str, Mapping[str, Cell]], helpers: Mapping[str, str]
) -> Iterator[Variable]:
    """Yield the variables in the file's order, each before the hidden ones that serve it."""
    for owner, found in cells.items():
        for cell in found.values():
            scalar = Scalar(cell, shop.main)
            variable = _variable(cell, scalar.place.line, shop.definition(scalar))
            if owner in helpers:
                variable = replace(variable, owner=helpers[owner], hidden=True)
            yield variable
        yield from shop.hidden_variables.get(owner, ())


def _variable(cell: Cell, line: int | None, definition: Definition) -> Variable:
    return Variable(
        name=cell.name,
        key=cell.key,
        kind=_kind(cell, definition),
        unit=cell.source.unit,
        documentation=cell.source.documentation,
        line=line,
        definition=definition,
        owner=cell.source.key if cell.elements else "",
    )


def _kind(cell: Cell, definition: Definition) -> Kind:
    if cell.key in CONTROLS:
        return "control"
    if cell.equation.keyword:
        return "data"
    match definition:
        case Stock() | Reservoir():
            return "stock"
        case Table():
            return "lookup"
        case Initial() | ActiveInitial() | Hold() | Pipe() | Exogenous():
            return "auxiliary"
        case _:
            moving = Reference | Time | Random
            varying = any(isinstance(node, moving) for node in walk(at_step(definition)))
            return "auxiliary" if varying else "constant"


def _subscripts(parsed: Parsed, section: Any) -> Subscripts:
    folder = Folder(parsed.path.parent)
    declared = [_declared(parsed, folder, item) for item in section.subscripts]
    try:
        return subscripts_of(declared, parsed.mappings)
    except ValueError as error:
        name = str(error).split("'")[1]
        raise ModelError(f"{error}.", path=parsed.path, line=_line(parsed, name)) from None


def _declared(parsed: Parsed, folder: Folder, item: Any) -> Declared:
    targets = tuple(item.mapping)
    match item.subscripts:
        case str(name):
            # PySD shares one list of targets among all copies, and may fill it.
            return Declared(item.name, (name,), (), copied=True)
        case dict(where):
            try:
                sheet = folder.sheet(where["file"], where["tab"])
                names = subscript_names(
                    sheet, where["firstcell"], where["lastcell"], where["prefix"]
                )
            except ExternalError as error:
                msg = f"'{item.name}': {error}."
                raise ModelError(msg, path=parsed.path, line=_line(parsed, item.name)) from None
            return Declared(item.name, tuple(names), targets)
        case names:
            # PySD counts the items of explicit mappings among the elements.
            source = key_of(item.name)
            spelt = (parsed.mappings.get((source, key_of(target)), ()) for target in targets)
            own = len(names) - sum(map(len, spelt))
            return Declared(item.name, tuple(names[:own]), targets)


def _line(parsed: Parsed, name: str) -> int | None:
    return next(iter(parsed.lines.get(key_of(name), ())), None)


def _refuse_controls(parsed: Parsed, sources: Mapping[str, Source]) -> None:
    for key in CONTROLS:
        if key not in sources:
            msg = f"no {spelled(key)}. Add it to the model's settings; is the file cut short?"
            raise ModelError(msg, path=parsed.path)
        if sources[key].rank:
            msg = f"'{sources[key].name}': the time axis cannot have subscripts."
            raise ModelError(msg, path=parsed.path, line=sources[key].line)
    if "time" in sources:
        msg = f"'{sources['time'].name}': the clock's own name cannot be defined. "
        raise ModelError(msg + "Rename the variable.", path=parsed.path, line=sources["time"].line)
