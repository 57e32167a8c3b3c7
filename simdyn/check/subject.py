"""What every check of a model looks at: the compiled part, and the author's names for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from simdyn.check.collect import Lost
from simdyn.check.finding import Finding, Severity
from simdyn.check.values import starting_values
from simdyn.compile.nodes import (
    Expression,
    Lookup,
    Program,
    Table,
    Variable,
    also_at_start,
    at_start,
    at_step,
    flow_of,
    key_of,
    references,
    walk,
)


@dataclass(frozen=True)
class Subject:
    """A model to check.

    program : the equations that the compiler accepts
    lost : the variables whose equations it refuses, by key
    equivalents : groups of names of units that mean the same
    """

    path: Path
    program: Program
    lost: Mapping[str, Lost]
    equivalents: tuple[tuple[str, ...], ...] = ()

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The variables that the compiler accepts, by key."""
        return self.program.variables

    @cached_property
    def authors(self) -> list[Variable]:
        """The variables that the author wrote, element by element, and the compiler accepts."""
        return [v for v in self.variables.values() if not v.hidden and v.key not in self.lost]

    @cached_property
    def elements(self) -> dict[str, list[Variable]]:
        """The elements of each variable that the author wrote, by its own key."""
        found: dict[str, list[Variable]] = {}
        for variable in self.authors:
            found.setdefault(variable.owner or variable.key, []).append(variable)
        return found

    @cached_property
    def names(self) -> dict[str, str]:
        """The author's name for each variable, by key: of its array, or of what it serves."""
        names = {key: item.name for key, item in self.lost.items()}
        names |= {key: v.name for key, v in self.variables.items() if not v.owner}
        names |= {key: array.name for key, array in self.program.arrays.items()}
        owned = {key: v for key, v in self.variables.items() if v.owner}
        return names | {key: names.get(v.owner, v.name) for key, v in owned.items()}

    @cached_property
    def tables(self) -> dict[tuple[int, int], Variable]:
        """The lookups of the model, by the identity of their points."""
        found = self.variables.values()
        return {_points(v.definition): v for v in found if isinstance(v.definition, Table)}

    @cached_property
    def inverses(self) -> dict[frozenset[tuple[float, float]], Variable]:
        """The lookups of the model, by their points with x and y exchanged."""
        found = self.variables.values()
        return {
            frozenset(zip(v.definition.y, v.definition.x, strict=True)): v
            for v in found
            if isinstance(v.definition, Table)
        }

    def table_of(self, node: Lookup) -> Variable | None:
        """Return the lookup that is read; None if it has no name."""
        return self.tables.get(_points(node.table))

    def inverse_of(self, node: Lookup) -> Variable | None:
        """Return the lookup whose inverse is read; None if it is none of the model's."""
        if self.table_of(node) is not None:
            return None
        return self.inverses.get(frozenset(zip(node.table.x, node.table.y, strict=True)))

    @cached_property
    def lost_text(self) -> str:
        """The equations left out, in the form of keys."""
        return " ".join(key_of(item.text) for item in self.lost.values())

    @cached_property
    def values(self) -> Mapping[str, float]:
        """The values at the start, by key, as far as they can be found."""
        return starting_values(self.program)

    def used_by(self, variable: Variable) -> list[str]:
        """Return the keys that a variable's equations use, each once."""
        return list(dict.fromkeys(key for part in parts(variable) for key in references(part)))

    def finding(
        self,
        check: str,
        variable: Variable,
        cause: str,
        mend: str,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """Return a finding about a variable, at its line."""
        name = self.names[variable.key]
        return Finding(check, self.path, variable.line, name, cause, mend, severity)


def parts(variable: Variable) -> list[Expression]:
    """Return the expressions of a variable, each once: while starting, in a step, its flow."""
    found = [part(variable.definition) for part in (at_start, also_at_start, at_step, flow_of)]
    # By identity: comparing long sums would go too deep.
    return list({id(part): part for part in found if part is not None}.values())


def _points(table: Table) -> tuple[int, int]:
    return id(table.x), id(table.y)


def nodes(variable: Variable) -> Iterator[Expression]:
    """Yield all nodes of a variable's equations."""
    for part in parts(variable):
        yield from walk(part)
