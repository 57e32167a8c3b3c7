"""A model as a function of some of its parameters, for those who call it many thousand times.

Optimisers and samplers ask for values and derivatives at few points a time. Here names, axis and
seeds are found once, and the directions of the derivatives lie side by side as further members, so
that one point fills the lanes of the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from simdyn.arrays import Array
from simdyn.compile.differentiate import differentiate, tangent_of
from simdyn.compile.nodes import Program, initial_key
from simdyn.engine.backends import BackendName, Backends
from simdyn.engine.batch import Batch, Rows
from simdyn.engine.derivatives import DIRECTIONS
from simdyn.engine.runs import BLOCK
from simdyn.engine.selection import select
from simdyn.errors import ModelError


class ModelFunction:
    """Values, and derivatives, of some variables by some parameters; the rest is fixed.

    Parameters
    ----------
    parameters, fixed : names of scalars, and values of others, among them the controls
    variables : names of scalars
    summary : gives, from the times of the steps, what is made of each variable over time:
        weights (variable, period, time) whose product with its steps is returned
    method : as of ``Model.ensemble``

    Raises
    ------
    ModelError
        A name is unknown or not of a scalar, or a parameter has no derivative that is known.
    """

    def __init__(
        self,
        program: Program,
        parameters: Sequence[str],
        variables: Sequence[str],
        fixed: Mapping[str, float],
        summary: Callable[[Array], Array],
        method: str,
        backend: BackendName,
    ) -> None:
        self.keys = _keys(program, parameters)
        self._fixed = dict(zip(_keys(program, fixed), fixed.values(), strict=True))
        wanted = _keys(program, variables)
        given = frozenset((*self.keys, *self._fixed))
        derived = differentiate(program.with_given(given), self.keys, DIRECTIONS)
        every = [tangent_of(key, d) for key in wanted for d in range(DIRECTIONS)]
        self._moved = np.array([key in derived.variables for key in every])
        asked = (*wanted, *(key for key in every if key in derived.variables))
        seeds = [tangent_of(key, d) for key in self.keys for d in range(DIRECTIONS)]
        given |= frozenset(seeds)
        self._derived = Backends(derived, backend).compiled(given, {}, asked, method)
        self._axis = self._derived.axis(self._fixed, "step")
        self._n_wanted = len(wanted)
        # A value given to a stock is that of its start, under a key of its own.
        rows = [
            key for keys in (self.keys, self._fixed) for key in (*keys, *map(initial_key, keys))
        ]
        self._places = {key: place for place, key in enumerate((*rows, *seeds))}
        self._rest: dict[int, Array] = {}
        weights = summary(self._axis.times)
        owner = np.repeat(np.arange(len(wanted)), DIRECTIONS)[self._moved]
        self._weights = weights[np.concatenate([np.arange(len(wanted)), owner])]

    def tangents(self, points: Array) -> tuple[Array, Array]:
        """Return values and derivatives at points (parameter, member); nan where a run fails.

        Returns
        -------
        values : (variable, period, member)
        derivatives : of these by the parameters, (variable, period, member, parameter)
        """
        n_parameter, n_member = points.shape
        n_group = -(-n_parameter // DIRECTIONS)
        given = Rows(self._places, self._matrix(np.tile(points, n_group), n_group))
        batch = Batch(self._axis, self._derived.method, given, n_group * n_member, BLOCK, threads=1)
        table = np.matmul(self._weights, self._derived.table(batch))
        n_time = table.shape[1]
        values = table[: self._n_wanted, :, :n_member]
        every = np.zeros((len(self._moved), n_time, n_group * n_member))
        every[self._moved] = table[self._n_wanted :]
        shaped = every.reshape(self._n_wanted, DIRECTIONS, n_time, n_group, n_member)
        by = shaped.transpose(0, 2, 4, 3, 1).reshape(self._n_wanted, n_time, n_member, -1)
        return values, by[..., :n_parameter]

    def _matrix(self, points: Array, n_group: int) -> Array:
        """Return all given values (given, member), in group g for its parameters' directions.

        In group g, direction d is that of parameter g * DIRECTIONS + d.
        """
        n_member = points.shape[1]
        if n_member not in self._rest:
            owner = np.arange(n_member) // (n_member // n_group)
            numbers = np.array([*self._fixed.values(), *self._fixed.values()])
            fixed = np.repeat(numbers[:, None], n_member, axis=1)
            seeds = [
                (owner == n // DIRECTIONS) & (d == n % DIRECTIONS)
                for n in range(len(self.keys))
                for d in range(DIRECTIONS)
            ]
            self._rest[n_member] = np.vstack([fixed, seeds])
        return np.vstack([points, points, self._rest[n_member]])


def _keys(program: Program, names: Iterable[str]) -> tuple[str, ...]:
    keys: list[str] = []
    for name in names:
        selection = select(program, name)
        if selection.array is not None:
            raise ModelError(f"'{selection.name}' has elements. Name one.", path=program.path)
        keys += selection.scalars
    return tuple(keys)
