"""Run the tangents of a program: derivatives of results by parameters, for every member."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simdyn.arrays import Array
from simdyn.compile.differentiate import differentiate, tangent_of
from simdyn.compile.nodes import Program
from simdyn.engine.backends import BackendName, Backends
from simdyn.engine.runs import Runs
from simdyn.engine.selection import Scalars, select
from simdyn.errors import ModelError

DIRECTIONS = 4
"""Parameters whose derivatives one kernel finds at a time, sharing the values of the model."""

Simulate = Callable[[Backends, Mapping[str, Any], Scalars], Runs]


@dataclass(frozen=True)
class Tangents:
    """A program with the tangents of some parameters, ready to run.

    names, keys : of the parameters
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    backends: Backends

    def run(
        self, params: Mapping[str, Any], wanted: Iterable[str], simulate: Simulate
    ) -> dict[str, Array]:
        """Return d(variable)/d(parameter), (time, member, parameter), by key of the variable."""
        program = self.backends.program
        parts: dict[str, list[Array]] = {key: [] for key in wanted}
        for start in range(0, len(self.keys), DIRECTIONS):
            group = self.keys[start : start + DIRECTIONS]
            names = [tangent_of(key, d) for key in parts for d in range(len(group))]
            # The variables themselves are asked for too, for what no parameter moves has zeros.
            asked = Scalars.of(program, filter(program.variables.__contains__, (*names, *parts)))
            runs = simulate(self.backends, {**params, **self._seeds(group)}, asked)
            found = dict(zip(asked.keys, runs.table, strict=True))
            for key, columns in parts.items():
                zeros = np.zeros_like(found[key])
                columns += [found.get(tangent_of(key, d), zeros) for d in range(len(group))]
        return {key: np.stack(columns, axis=-1) for key, columns in parts.items()}

    def _seeds(self, group: Sequence[str]) -> dict[str, float]:
        """Return the seeds of a group: each direction is that of one parameter."""
        seeds = {}
        for direction in range(DIRECTIONS):
            for key in self.keys:
                name = self.backends.program.variables[tangent_of(key, direction)].name
                seeds[name] = float(direction < len(group) and key == group[direction])
        return seeds


def tangents_of(
    program: Program, parameters: Iterable[str], given: Iterable[str], backend: BackendName
) -> Tangents:
    """Return the tangents of scalar parameters, where a run sets the keys `given`.

    Raises
    ------
    ModelError
        A parameter is unknown, a whole array, or has no derivative that is known.
    """
    selections = [select(program, name) for name in parameters]
    for selection in selections:
        if selection.array is not None:
            msg = f"'{selection.name}' has elements. Name those that derivatives are wanted by."
            raise ModelError(msg, path=program.path)
    keys = tuple(dict.fromkeys(key for selection in selections for key in selection.scalars))
    # What the run sets does not follow from its own equation any more.
    set_by_run = program.with_given(frozenset(given))
    derived = differentiate(set_by_run, keys, DIRECTIONS)
    names = tuple(program.variables[key].name for key in keys)
    return Tangents(names, keys, Backends(derived, backend))
