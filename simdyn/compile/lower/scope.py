"""Where an expression stands, and what the names in it mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from simdyn.compile.lower.sources import Cell, Source
from simdyn.compile.lower.subscripts import Bound, subscript_key
from simdyn.compile.nodes import key_of


@dataclass(frozen=True)
class Scope:
    """Names in sight: those of the model, or of one use of a macro before them.

    prefix : stands before the keys of its variables
    sources, cells : its variables and their scalars by key, without the prefix
    tables : lookups that a macro was given, by the names of its parameters
    values : names of the parameters that were given values
    caller : where the macro is used; its names are seen behind these
    depth : how many macros it is within
    """

    prefix: str
    sources: Mapping[str, Source]
    cells: Mapping[str, Cell]
    tables: Mapping[str, tuple[Place, Any]] = field(default_factory=dict)
    values: frozenset[str] = frozenset()
    caller: Place | None = None
    depth: int = 0

    def holder(self, key: str) -> Scope | None:
        """Return the scope in which a name is defined."""
        if key in self.sources or key in self.values or key in self.tables:
            return self
        return self.caller.scope.holder(key) if self.caller else None

    def source(self, key: str) -> Source | None:
        """Return the variable of a name."""
        holder = self.holder(key)
        return holder.sources.get(key) if holder else None


@dataclass(frozen=True)
class Place:
    """Where an expression stands.

    owner : key of the author's variable
    key, name : of the scalar whose equation it is
    bound : the element each range stands for
    """

    owner: str
    key: str
    name: str
    line: int | None
    bound: Bound
    scope: Scope

    def binding(self, elements: Mapping[str, str]) -> Place:
        """Return the place where these ranges stand for these elements."""
        return replace(self, bound={**self.bound, **elements})


@dataclass(frozen=True)
class Scalar:
    """A scalar of the author and the scope it is defined in."""

    cell: Cell
    scope: Scope

    @property
    def key(self) -> str:
        """Key of its variable."""
        return self.scope.prefix + self.cell.key

    @property
    def place(self) -> Place:
        """Where its equation stands; that of a macro belongs to its caller."""
        cell, caller = self.cell, self.scope.caller
        if caller is not None:
            name = f"{cell.name} of {caller.name}"
            return replace(caller, key=self.key, name=name, bound=cell.bound, scope=self.scope)
        line = cell.equation.line if cell.equation.line is not None else cell.source.line
        return Place(cell.source.key, self.key, cell.name, line, cell.bound, self.scope)


def reference_of(node: Any) -> tuple[str, tuple[str, ...] | None]:
    """Return the key and subscripts of PySD's reference; None if it has no brackets."""
    subscripts = node.subscripts
    keys = None if subscripts is None else tuple(map(subscript_key, subscripts.subscripts))
    return key_of(node.reference), keys
