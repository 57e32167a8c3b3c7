"""Read the structure of a model from its file."""

from __future__ import annotations

from pathlib import Path

from simdyn.compile.lower import lower
from simdyn.compile.nodes import (
    Exogenous,
    Program,
    Random,
    State,
    Time,
    Variable,
    at_step,
    references,
    walk,
)
from simdyn.compile.order import check
from simdyn.compile.read import content_of, parse
from simdyn.engine.model import Model
from simdyn.engine.selection import rows_of
from simdyn.scenarios.levers import constant_of, lever_names
from simdyn.structure.links import links_of
from simdyn.structure.loops import loops_of
from simdyn.structure.polarity import bounds_of, default_run
from simdyn.structure.records import Element, Kind, Link, Structure
from simdyn.structure.text import Said, texts_of


def read_structure(model: Model | Path | str) -> Structure:
    """Return the structure of a model, as its file stands now.

    Polarities come from the equations, and where these leave them open from the default run; a
    model that needs files of data to run has the former only.

    Raises
    ------
    ModelError
        The file cannot be read, or an equation is wrong or not supported.
    """
    path = model.path if isinstance(model, Model) else Path(model)
    content = content_of(path)
    program = lower(parse(path, content))
    check(program)
    names = _names(program)
    course = default_run(program)
    links = links_of(program, bounds_of(program, course), course, names)
    elements = tuple(_elements(program, texts_of(path, content), links))
    stocks = frozenset(element.name for element in elements if element.kind == "stock")
    loops, complete = loops_of(links, stocks)
    return Structure(path, elements, links, loops, complete)


def _names(program: Program) -> dict[str, str]:
    """Return the author's name of each scalar that is not hidden, by its key."""
    arrays = program.arrays
    return {
        key: arrays[v.owner].name if v.owner in arrays else v.name
        for key, v in program.variables.items()
        if not v.hidden
    }


def _elements(program: Program, texts: dict[str, Said], links: tuple[Link, ...]) -> list[Element]:
    rows = rows_of(program)
    flows = {link.cause for link in links if link.role in {"inflow", "outflow"}}
    moving = _moving(program)
    constants = [v.name for v in rows.values() if v.kind == "constant"]
    levers = {constant_of(name) for name in lever_names(constants)}
    found = []
    for key, variable in rows.items():
        array = program.arrays.get(key)
        name = variable.name if array is None else array.name
        said = texts.get(key, Said("", ""))
        found.append(
            Element(
                name=name,
                kind=_kind(variable, name in flows, name in levers, key in moving),
                unit=variable.unit,
                equation=said.equation,
                documentation=variable.documentation,
                sector=said.sector,
                line=variable.line,
                subscripts=() if array is None else array.dimensions,
            )
        )
    return found


def _moving(program: Program) -> set[str]:
    """Return the keys of the author's variables that may change over time, of any element."""
    users: dict[str, list[str]] = {}
    pending = []
    for key, variable in program.variables.items():
        step = at_step(variable.definition)
        for used in references(step):
            users.setdefault(used, []).append(key)
        own = isinstance(variable.definition, State | Exogenous)
        if own or any(isinstance(node, Time | Random) for node in walk(step)):
            pending.append(key)
    found = set(pending)
    while pending:
        new = [user for user in users.get(pending.pop(), ()) if user not in found]
        found.update(new)
        pending += new
    return found | {program.variables[key].owner for key in found}


def _kind(variable: Variable, flows: bool, lever: bool, moves: bool) -> Kind:
    if flows and variable.kind in {"auxiliary", "constant"}:
        return "flow"
    if variable.kind == "auxiliary" and not moves:
        return "constant"
    return "lever" if variable.kind == "constant" and lever else variable.kind
