"""Step a NumPy kernel through time, and note which member fails where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simdyn.engine.methods import Method
from simdyn.engine.numpy_backend import Delay, Instruction, Kernel
from simdyn.engine.numpy_functions import Value


@dataclass(frozen=True)
class Failures:
    """What went wrong in each member, (member,).

    first : number of the first variable that is not finite, in the order of ``Kernel.slots``; -1
        if all is well
    time : when that was; nan if all is well
    """

    first: NDArray[np.int64]
    time: NDArray[np.float64]


@dataclass(frozen=True)
class Chance:
    """What draws depend on: the seed of the run and the labels of its members, (member,)."""

    seed: int
    labels: NDArray[np.uint64]

    def part(self, members: slice | NDArray[np.int64]) -> Chance:
        """Return what draws of some of the members depend on."""
        return Chance(self.seed, self.labels[members])


NO_CHANCE = Chance(0, np.zeros(1, dtype=np.uint64))


def constants(
    kernel: Kernel,
    given: Mapping[str, Value],
    start: float = np.nan,
    chance: Chance = NO_CHANCE,
) -> list[Value]:
    """Return the values of all slots, those filled that are found once a run."""
    values: list[Value] = list(kernel.literals)
    values[kernel.start] = start
    values[kernel.now.seed] = chance.seed
    values[kernel.now.member] = chance.labels  # type: ignore[assignment]
    for key, slot in kernel.given.items():
        values[slot] = given[key]
    with np.errstate(all="ignore"):
        _execute(kernel.once, values)
    return values


def integrate(
    kernel: Kernel,
    method: Method,
    moments: Sequence[float],
    time_step: float,
    given: Mapping[str, Value],
    kept: Mapping[int, Sequence[int]],
    results: Mapping[str, NDArray[np.float64]],
    chance: Chance = NO_CHANCE,
) -> Failures:
    """Run all members of a block together and fill their results.

    Parameters
    ----------
    moments : times of all steps, and of the stages between them if the method has such
    given : value of each given variable, one number or (member,)
    kept : rows of the results that each kept step fills, by the number of the step
    results : (kept time, member) by key of the wanted variable; filled here
    """
    n_member = next(iter(results.values())).shape[1]
    values = constants(kernel, given, moments[0], chance)
    for state, initial in kernel.starts:
        values[state] = np.full(n_member, values[initial])
    n_step = (len(moments) - 1) // method.rows_a_step
    pipes = [_Pipe(delay, values, n_member, n_step + 1) for delay in kernel.delays]
    watch = _Watch(kernel, [kernel.slots[key] for key in results], n_member)
    starts = range(0, len(moments), method.rows_a_step)
    with np.errstate(all="ignore"):
        for number, row in enumerate(starts):
            values[kernel.now.time] = moments[row]
            values[kernel.now.step] = number
            _execute(kernel.each_step, values)
            moving = row < starts[-1]
            watch.look(values, moments[row], moving=moving, kept=number in kept)
            for place in kept.get(number, ()):
                for key, table in results.items():
                    table[place] = values[kernel.slots[key]]
            if moving:
                times = [moments[row + moment] for moment in method.moments]
                _advance(kernel, method, pipes, values, times, time_step)
    return Failures(watch.first, watch.time)


def _execute(instructions: Iterable[Instruction], values: list[Value]) -> None:
    for function, operands, result in instructions:
        values[result] = function(*[values[operand] for operand in operands])


def _advance(
    kernel: Kernel,
    method: Method,
    pipes: Sequence[_Pipe],
    values: list[Value],
    times: Sequence[float],
    time_step: float,
) -> None:
    """Move all states by one step, each stage from what is true at one and the same moment.

    Held states move once a step, by what was true when it began.
    """
    held = [(latch.state, values[latch.next]) for latch in kernel.latches]
    held += [(pipe.delay.state, pipe.push(values[pipe.delay.input])) for pipe in pipes]
    stocks = kernel.stocks
    base = [values[stock.state] for stock in stocks]
    total = [method.weights[0] * values[stock.flow] for stock in stocks]
    stages = zip(method.shares, method.weights[1:], times[1:], strict=True)
    for share, weight, time in stages:
        _move(kernel, values, base, [share * values[s.flow] for s in stocks], time_step)
        values[kernel.now.time] = time
        _execute(kernel.each_step, values)
        total = [t + weight * values[s.flow] for t, s in zip(total, stocks, strict=True)]
    _move(kernel, values, base, total, time_step)
    for stock in stocks:
        if stock.bounded:
            values[stock.state] = np.maximum(values[stock.state], 0.0)
    for state, value in held:
        values[state] = value


def _move(
    kernel: Kernel, values: list[Value], base: list[Value], flows: list[Value], time_step: float
) -> None:
    for stock, state, flow in zip(kernel.stocks, base, flows, strict=True):
        values[stock.state] = state + time_step * flow


class _Pipe:
    """What is on its way in a fixed delay: a ring of past inputs for each member."""

    def __init__(self, delay: Delay, values: Sequence[Value], n_member: int, n_time: int) -> None:
        length = np.broadcast_to(values[delay.length], (n_member,))
        self.delay = delay
        self.length = np.fmin(length, n_time).astype(np.int64)
        self.members = np.arange(n_member)
        self.ring = np.tile(values[delay.state], (int(self.length.max()), 1))
        self.step = 0

    def push(self, value: Value) -> Value:
        """Take the input of this step; return what comes out in the next."""
        self.ring[self.step % self.length, self.members] = value
        self.step += 1
        return self.ring[self.step % self.length, self.members]


class _Watch:
    """Notes for each member the first variable that is not finite, and when.

    Only stocks, their flows and what is kept are looked at; a bad value that an equation passes
    over, such as the branch not taken, harms nobody.
    """

    def __init__(self, kernel: Kernel, wanted: Iterable[int], n_member: int) -> None:
        self.kernel = kernel
        self.levels = tuple(dict.fromkeys(stock.state for stock in kernel.stocks))
        self.wanted = tuple(dict.fromkeys(wanted))
        self.flows = tuple(dict.fromkeys(stock.flow for stock in kernel.stocks))
        self.first = np.full(n_member, -1, dtype=np.int64)
        self.time = np.full(n_member, np.nan)

    def look(self, values: Sequence[Value], time: float, *, moving: bool, kept: bool) -> None:
        """Note the members that fail now; flows matter only while the stocks are moving."""
        fine = np.ones(len(self.first), dtype=bool)
        watched = (*self.levels, *(self.flows if moving else ()), *(self.wanted if kept else ()))
        for slot in watched:
            fine &= np.isfinite(values[slot])
        failed = ~fine & (self.first < 0)
        if failed.any():
            self.time[failed] = time
            self._blame(values, failed)

    def _blame(self, values: Sequence[Value], failed: NDArray[np.bool_]) -> None:
        suspects = [
            *enumerate(self.kernel.slots.values()),
            *((self._number(stock.key), stock.flow) for stock in self.kernel.stocks),
        ]
        for number, slot in suspects:
            bad = failed & (self.first < 0) & ~np.isfinite(values[slot])
            self.first[bad] = number

    def _number(self, key: str) -> int:
        return list(self.kernel.slots).index(key)
