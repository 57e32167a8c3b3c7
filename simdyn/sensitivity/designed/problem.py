"""What is varied: factors on [0, 1], each an input of its own or one of a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simdyn.errors import RunError


@dataclass(frozen=True)
class Problem:
    """The factors of a design and the inputs that indices are told for.

    names : of the factors, the columns of a design
    groups : group of each factor, such as "levers" or "uncertainties"; the factors of a group move
        together and get one index. None: each factor is an input of its own.

    Raises
    ------
    RunError : no factor, fewer than two inputs, a name twice or blank, not one group a factor
    """

    names: tuple[str, ...]
    groups: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        check_names("factor", self.names)
        if self.groups is not None and len(self.groups) != len(self.names):
            message = f"{len(self.groups)} groups for {len(self.names)} factors. "
            raise RunError(message + "Name the group of each factor, in the order of the factors.")
        if any(not group.strip() for group in self.groups or ()):
            raise RunError("A factor's group has a blank name. Name the group of each factor.")
        if len(self.inputs) < 2:
            message = f"'{self.inputs[0]}' is the only input, so all variance is its own. "
            raise RunError(message + "Vary two inputs or more.")

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs: the groups in the order of their first factor, or the factors."""
        return tuple(dict.fromkeys(self.groups or self.names))

    @property
    def input_of(self) -> NDArray[np.intp]:
        """Position of each factor's input, shape (factor,)."""
        place = {name: i for i, name in enumerate(self.inputs)}
        return np.array([place[name] for name in self.groups or self.names], dtype=np.intp)


def check_names(kind: str, names: Iterable[str]) -> None:
    """Refuse names of a `kind` that do not tell its items apart.

    Raises
    ------
    RunError : none at all, one twice, one blank
    """
    counts = Counter(names)
    if not counts:
        raise RunError(f"There is no {kind}. Name at least one.")
    blank = [name for name in counts if not name.strip()]
    if blank:
        raise RunError(f"A {kind} has a blank name. Name every {kind}.")
    twice = [f"'{name}'" for name, n in counts.items() if n > 1]
    if twice:
        raise RunError(f"More than one {kind} is named {', '.join(twice)}. Rename all but one.")
