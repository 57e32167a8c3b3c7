"""What every check of a model looks at: the compiled part, and the author's names for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from simdyn.check.collect import Lost
from simdyn.check.finding import Finding, Severity
from simdyn.check.values import starting_values
from simdyn.compile.nodes import (
    Expression,
    Program,
    Variable,
    at_start,
    at_step,
    flow_of,
    key_of,
    references,
    walk,
)

_HIDDEN = re.compile(r"\w+#\d+[ _]of[ _]")
"""Begins the names of variables that the compiler added, such as the stocks inside a delay."""


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
        """The variables that the author wrote, and that the compiler accepts."""
        return [v for k, v in self.variables.items() if not _HIDDEN.match(k) and k not in self.lost]

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each variable, without its element where it is one of an array, by key."""
        arrays = getattr(self.program, "arrays", {})
        whole = {key: array.name for array in arrays.values() for key in array.keys}
        known = {key: variable.name for key, variable in self.variables.items()}
        return {**{key: item.name for key, item in self.lost.items()}, **known, **whole}

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

    def name_of(self, variable: Variable) -> str:
        """Return the name that the author knows: of the array, or of what a hidden part is in."""
        if hidden := _HIDDEN.match(variable.name):
            return variable.name[hidden.end() :]
        return self.names[variable.key]

    def finding(
        self,
        check: str,
        variable: Variable,
        cause: str,
        mend: str,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """Return a finding about a variable, at its line."""
        name = self.name_of(variable)
        return Finding(check, self.path, variable.line, name, cause, mend, severity)


def parts(variable: Variable) -> list[Expression]:
    """Return the expressions of a variable, each once: while starting, in a step, its flow."""
    found = [part(variable.definition) for part in (at_start, at_step, flow_of)]
    # By identity: comparing long sums would go too deep.
    return list({id(part): part for part in found if part is not None}.values())


def nodes(variable: Variable) -> Iterator[Expression]:
    """Yield all nodes of a variable's equations."""
    for part in parts(variable):
        yield from walk(part)
