"""A batch of members, what comes of it, and the NumPy backend that runs it block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.engine.clock import Clock
from simdyn.engine.integrate import NO_CHANCE, Chance, integrate
from simdyn.engine.methods import Method
from simdyn.engine.numpy_backend import Kernel
from simdyn.engine.numpy_functions import Value
from simdyn.names import TIME


class Axis:
    """The steps of a run, and those it keeps.

    steps : numbers of the steps that are kept, in the order of the results
    saved : the same in rising order, each once
    places : where in ``saved`` each of ``steps`` is; None if they are the same
    rows : where in ``saved`` each step of the run is, -1 if it is not, (n_step + 1,)
    """

    def __init__(self, clock: Clock, steps: NDArray[np.int64]) -> None:
        self.clock = clock
        self.steps = steps
        self.times = clock.times[steps]
        self.saved, places = np.unique(steps, return_inverse=True)
        self.places = None if np.array_equal(self.saved, steps) else places
        self.rows = np.full(clock.n_step + 1, -1, dtype=np.int64)
        self.rows[self.saved] = np.arange(len(self.saved))

    @cached_property
    def index(self) -> pd.Index:
        """The kept times as labels of a table."""
        return pd.Index(self.times, name=TIME)


class Rows(Mapping[str, Array]):
    """Given values as the rows of one matrix (given, member), for kernels that want them so."""

    def __init__(self, places: Mapping[str, int], matrix: Array) -> None:
        self._places = places
        self._matrix = matrix

    def __getitem__(self, key: str) -> Array:
        return self._matrix[self._places[key]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def ordered(self, keys: Sequence[str]) -> Array:
        """Return the rows of these keys, (key, member)."""
        return self._matrix[[self._places[key] for key in keys]]


@dataclass(frozen=True)
class Batch:
    """What to run.

    given : value of each given variable by key, one number or (member,)
    block : members that are run together
    chance : what draws depend on
    """

    axis: Axis
    method: Method
    given: Mapping[str, Value]
    n_member: int
    block: int
    threads: int
    chance: Chance = NO_CHANCE

    def of(self, members: NDArray[np.int64]) -> Batch:
        """Return the batch of some of the members."""
        given = {
            key: value[members] if isinstance(value, np.ndarray) else value
            for key, value in self.given.items()
        }
        chance = self.chance.part(members)
        return replace(self, given=given, chance=chance, n_member=len(members))


@dataclass(frozen=True)
class Outcome:
    """What comes of a batch.

    table : values of the wanted variables, (variable, kept time, member)
    keys : of the variables that may be to blame
    first : place in ``keys`` of each member's first bad variable, -1 if it is fine, (member,)
    time : when it first was not finite, nan if fine, (member,)
    """

    table: Array
    keys: tuple[str, ...]
    first: NDArray[np.int64]
    time: Array


def run_numpy(kernel: Kernel, wanted: tuple[str, ...], batch: Batch) -> Outcome:
    """Run a batch with NumPy, ``batch.block`` members at a time."""
    kept: dict[int, list[int]] = {}
    clock, steps = batch.axis.clock, batch.axis.steps
    for row, number in enumerate(steps.tolist()):
        kept.setdefault(number, []).append(row)
    table = np.empty((len(wanted), len(steps), batch.n_member))
    moments = clock.moments(batch.method.rows_a_step).tolist()
    failures = []
    for start in range(0, batch.n_member, batch.block):
        members = slice(start, start + batch.block)
        given = {key: _members(value, members) for key, value in batch.given.items()}
        views = dict(zip(wanted, table[:, :, members], strict=True))
        step = clock.time_step
        chance = batch.chance.part(members)
        failures.append(integrate(kernel, batch.method, moments, step, given, kept, views, chance))
    first = np.concatenate([failure.first for failure in failures])
    time = np.concatenate([failure.time for failure in failures])
    return Outcome(table, tuple(kernel.slots), first, time)


def _members(value: Value, members: slice) -> Value:
    return value[members] if isinstance(value, np.ndarray) else value
