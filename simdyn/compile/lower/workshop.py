"""Where one model is lowered: what has been made of it, and the way to the handler of each node."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from simdyn.compile.external import Folder
from simdyn.compile.fold import NotFixedError, fold
from simdyn.compile.lower.scope import Place, Scalar, Scope, reference_of
from simdyn.compile.lower.sources import Cell, Source, axes_of, element_key
from simdyn.compile.lower.subscripts import Subscripts
from simdyn.compile.nodes import (
    Definition,
    Expression,
    Reference,
    Table,
    Variable,
    at_start,
)
from simdyn.errors import ModelError

_DEEPEST = 40
"""Macros within macros, and constants within constants, before a loop is suspected."""


Handler = Callable[["Workshop", Place, Any], Expression]
Definer = Callable[["Workshop", Place, Cell], Definition]


class Workshop:
    """Lowers the expressions of one model and collects the variables they need.

    Parameters
    ----------
    handlers : what lowers a node of PySD's tree, by its type
    definer : what lowers the whole right side of a scalar
    macros : PySD's sections of macros, by key
    given : values that a run sets, for constants that shape the program
    """

    def __init__(
        self,
        path: Path,
        subscripts: Subscripts,
        main: Scope,
        handlers: Mapping[type, Handler],
        definer: Definer,
        macros: Mapping[str, Any],
        given: Mapping[str, float],
    ) -> None:
        self.path = path
        self.folder = Folder(path.parent)
        self.subscripts = subscripts
        self.main = main
        self.macros = macros
        self.given = given
        self.fixed: set[str] = set()
        self.hidden_variables: dict[str, list[Variable]] = {}
        self._handlers = handlers
        self._define = definer
        self._definitions: dict[str, Definition] = {}
        self._pending: list[str] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._streams = itertools.count(1)

    def expression(self, node: Any, place: Place) -> Expression:
        """Lower one node of PySD's tree with the handler of its type."""
        handler = self._handlers.get(type(node))
        if handler is None:
            self.refuse(place, f"{type(node).__name__} is not supported")
        return handler(self, place, node)

    def hidden(self, place: Place, what: str, definition: Definition) -> Reference:
        """Make a variable that only serves the one whose equation stands here."""
        reference = self.reserved(place, what)
        self.define(place, reference, definition)
        return reference

    def reserved(self, place: Place, what: str) -> Reference:
        """Return a new name for a hidden variable, which may then stand in its own definition."""
        number = self._numbers[place.key, what] = self._numbers.get((place.key, what), 0) + 1
        return Reference(f"{what}#{number} of {place.key}")

    def define(self, place: Place, reference: Reference, definition: Definition) -> None:
        """Make the hidden variable of a reserved name."""
        variable = Variable(
            name=reference.key.replace(place.key, place.name),
            key=reference.key,
            kind="auxiliary",
            unit="",
            documentation="",
            line=place.line,
            definition=definition,
            owner=place.owner,
            hidden=True,
        )
        self.hidden_variables.setdefault(place.owner, []).append(variable)
        self._definitions[reference.key] = definition

    def stream(self) -> int:
        """Return the number of the next place that draws random numbers."""
        return next(self._streams)

    def scalar(self, place: Place, key: str, subscripts: tuple[str, ...] | None) -> Scalar | None:
        """Return the scalar that a reference means; None if no such variable is in sight."""
        scope = place.scope.holder(key)
        if scope is None or key not in scope.sources:
            return None
        source = scope.sources[key]
        if subscripts is None:
            subscripts = self.dimensions(source)
        if len(subscripts) != source.rank:
            msg = f"'{source.name}' has {source.rank} subscripts, here {len(subscripts)}"
            self.refuse(place, msg)
        taken = [s for s in subscripts if s in place.bound]
        elements = tuple(self.element(place, s, taken) for s in subscripts)
        cell = scope.cells.get(element_key(key, elements))
        if cell is None:
            shown = ",".join(self.subscripts.names[element] for element in elements)
            self.refuse(place, f"'{source.name}[{shown}]' has no equation. Add one")
        return Scalar(cell, scope)

    def dimensions(self, source: Source) -> tuple[str, ...]:
        """Return the keys of the ranges of a variable, which a reference without brackets means."""
        return tuple(axis.key for axis in axes_of(source, self.subscripts))

    def element(self, place: Place, subscript: str, taken: list[str]) -> str:
        """Return the element that a subscript stands for here."""
        found = self.subscripts.resolve(subscript, place.bound, taken)
        if found is None:
            shown = subscript.replace("_", " ")
            mend = (
                "is marked by ! outside of a function such as SUM"
                if subscript.endswith("!")
                else "stands for no element of the left side. Map its range, or name an element"
                if subscript in self.subscripts.ranges
                else "is neither a subscript range nor an element"
            )
            self.refuse(place, f"subscript [{shown}] {mend}")
        return found

    def definition(self, found: Scalar) -> Definition:
        """Return the definition of a scalar of the author, lowering it if need be.

        Raises
        ------
        ModelError
            Its equation is refused.
        """
        place = found.place
        if place.key not in self._definitions:
            if place.key in self._pending or len(self._pending) > _DEEPEST:
                self.refuse(place, "its value depends on itself, yet must be known beforehand")
            self._pending.append(place.key)
            self._definitions[place.key] = self._define(self, place, found.cell)
            self._pending.pop()
        return self._definitions[place.key]

    def table(self, place: Place, node: Any) -> Table | None:
        """Return the lookup that a reference names; None if it names none."""
        key, subscripts = reference_of(node)
        scope = place.scope.holder(key)
        if scope is not None and key in scope.tables:
            return self.table(*scope.tables[key])
        source = place.scope.source(key)
        if source is None or not source.equations[0].lookup:
            return None
        found = self.scalar(place, key, subscripts)
        definition = None if found is None else self.definition(found)
        return definition if isinstance(definition, Table) else None

    def fixed_number(self, node: Any, place: Place, what: str) -> float:
        """Return a number that shapes the program, such as the order of a delay.

        The constants it comes from are noted, so that a run that sets them lowers the model anew.
        """
        try:
            return fold(self.expression(node, place), self._constant)
        except NotFixedError:
            self.refuse(place, f"{what} must be a number or a constant")

    def _constant(self, key: str) -> Expression | float:
        """Return a constant's value or equation, by its key."""
        self.fixed.add(key)
        if key in self.given:
            return self.given[key]
        definition = self._definitions.get(key)
        if definition is None and key in self.main.cells:
            definition = self.definition(Scalar(self.main.cells[key], self.main))
        found = None if definition is None else at_start(definition)
        if found is None:
            raise NotFixedError(key)
        return found

    def refuse(self, place: Place, why: str) -> NoReturn:
        """Raise an error that names the variable and line of an equation."""
        raise ModelError(f"'{place.name}': {why.rstrip('.')}.", path=self.path, line=place.line)
