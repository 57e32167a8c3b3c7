"""Find variables by the names a user writes: whole, or an element such as ``stock[North]``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from simdyn.compile.nodes import Array, Program, Variable, key_of
from simdyn.errors import ModelError, did_you_mean

_ELEMENT = re.compile(r"(.*)\[([^\[\]]*)\]\s*", re.DOTALL)


@dataclass(frozen=True)
class Selection:
    """What one name means: one scalar, or all elements of a variable.

    name : as its author wrote it
    keys : of its scalars; "" where an element has no equation
    array : shape of a whole subscripted variable; None of a scalar
    """

    name: str
    keys: tuple[str, ...]
    array: Array | None = None

    @cached_property
    def scalars(self) -> tuple[str, ...]:
        """Keys of the scalars that exist."""
        return tuple(key for key in self.keys if key)


@dataclass(frozen=True)
class Scalars:
    """Scalars to keep, each once: their keys, and their names as their author wrote them."""

    keys: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, program: Program, keys: Iterable[str]) -> Scalars:
        """Return the scalars of a program with these keys."""
        once = tuple(dict.fromkeys(keys))
        return cls(once, tuple(program.variables[key].name for key in once))


@dataclass(frozen=True)
class Wanted:
    """What results are asked for."""

    selections: tuple[Selection, ...]
    scalars: Scalars


def key_in(program: Program, name: str) -> str | None:
    """Return the key of a scalar by its name or element's name; None if there is none."""
    variable = program.variables.get(key_of(name))
    if variable is not None and not variable.hidden:
        return variable.key
    element = _ELEMENT.fullmatch(name)
    if element is None:
        return None
    inside = ",".join(key_of(part) for part in element.group(2).split(","))
    key = f"{key_of(element.group(1))}[{inside}]"
    return key if key in program.variables else None


def select(program: Program, name: str) -> Selection:
    """Return what a name means, whatever the case, blanks and underscores.

    Raises
    ------
    ModelError
        It means nothing; the nearest name is offered.
    """
    array = program.arrays.get(key_of(name))
    if array is not None:
        return Selection(array.name, array.keys, array)
    key = key_in(program, name)
    if key is not None:
        return Selection(program.variables[key].name, (key,))
    names = [v.name for v in program.variables.values() if not v.hidden]
    mend = did_you_mean(name, [*names, *(array.name for array in program.arrays.values())])
    raise ModelError(f"no variable '{name}'. {mend}", path=program.path)


def rows_of(program: Program) -> dict[str, Variable]:
    """Return one variable for each of the author's, by its own key, in the file's order."""
    rows: dict[str, Variable] = {}
    for variable in program.variables.values():
        if not variable.hidden:
            rows.setdefault(variable.owner or variable.key, variable)
    return rows
