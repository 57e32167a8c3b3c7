"""A compiled kernel: values of time alone found once, blocks of members run over threads."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.compile.nodes import Program, Table
from simdyn.engine.batch import Batch, Rows
from simdyn.engine.clock import Clock
from simdyn.engine.llvm.build import build, lacking
from simdyn.engine.llvm.chance import SEED, words
from simdyn.engine.llvm.emit import emit
from simdyn.engine.llvm.graph import EVALUATE, Graph, Id
from simdyn.engine.llvm.jit import Code, compile_ir, this_cpu
from simdyn.engine.llvm.lanes import DOUBLE, LONG
from simdyn.engine.llvm.plan import plan
from simdyn.engine.llvm.rewrite import live, rewrite
from simdyn.engine.llvm.run import ARGUMENTS, n_work
from simdyn.engine.methods import Method
from simdyn.engine.numpy_functions import lookup

__all__ = ["LlvmRunner", "lacking"]

_ALIGN = 64
"""Bytes to which arrays are aligned: a line of the cache, and the longest vector."""

_SHORT = 600
"""Operations of a step up to which two vectors side by side hide each other's latency."""

_SOON, _FAST = 0, 3
"""Levels of LLVM's optimisation: the first compiles in a tenth of the time."""

_MANY = 100_000
"""Steps of members from which on it pays to compile for speed."""

_C_TYPES = {LONG: ctypes.c_int64, DOUBLE: ctypes.c_double}
_TYPES = [_C_TYPES.get(kind, ctypes.c_void_p) for kind in ARGUMENTS.values()]


class LlvmRunner:
    """A program compiled for some wanted variables, given by their keys."""

    def __init__(self, program: Program, wanted: tuple[str, ...], method: Method) -> None:
        cpu = this_cpu()
        self.wanted = wanted
        self.plan = plan(rewrite(build(program), fused=cpu.fma), wanted)
        self._is_random = SEED in self.plan.given
        if len(self.plan.step.computes) <= _SHORT:
            cpu = replace(cpu, lanes=2 * cpu.lanes)
        self.lanes = cpu.lanes
        self._text = emit(self.plan, method, cpu)
        self._codes: dict[int, Code] = {}
        self._n_step = 0
        self._clocks: dict[Clock, Array] = {}

    def run(self, batch: Batch) -> tuple[Array, NDArray[np.bool_]]:
        """Run a batch.

        Returns
        -------
        table : values of the wanted variables, (variable, kept time, member)
        bad : (member,), whether a stock or a kept value is not finite
        """
        axis, n_saved = batch.axis, len(batch.axis.saved)
        n_padded = -(-batch.n_member // self.lanes) * self.lanes
        given = self._given(batch, n_padded)
        results = aligned(len(self.wanted), n_saved, n_padded)
        bad = aligned(n_padded)
        n_step = axis.clock.n_step
        n_row = self.plan.n_row(n_step)
        numbers = (n_padded, n_step, n_saved, n_row, axis.clock.time_step)
        filled = (axis.rows, self._clock(batch), given, results, bad)
        arrays = [array.ctypes.data for array in filled]

        code = self._code(batch.n_member * len(axis.rows))

        def part(first: int, last: int) -> None:
            work = aligned(n_work(self.plan, n_row) * self.lanes)
            code.call(first, last, *numbers, *arrays, work.ctypes.data)

        _spread(part, n_padded // self.lanes, batch.block // self.lanes, batch.threads)
        kept = results if axis.places is None else results[:, axis.places]
        return kept[:, :, : batch.n_member], np.isnan(bad[: batch.n_member])

    def _code(self, n_step: int) -> Code:
        """Return code for so many more steps of members: soon at hand, or fast once they are many.

        Both give the same bits, as LLVM may not change what an operation gives.
        """
        self._n_step += n_step
        level = _FAST if self._n_step >= _MANY else _SOON
        if level not in self._codes:
            self._codes[level] = compile_ir(self._text, "run", _TYPES, level)
        return self._codes[level]

    def _given(self, batch: Batch, n_padded: int) -> Array:
        """Return the given values (given, member); the last member fills up its group."""
        given = aligned(len(self.plan.given), n_padded)
        if isinstance(batch.given, Rows) and not self._is_random:
            given[:, : batch.n_member] = batch.given.ordered(self.plan.given)
            given[:, batch.n_member :] = given[:, batch.n_member - 1 : batch.n_member]
            return given
        supplied = {**batch.given, **words(batch.chance)} if self._is_random else batch.given
        values = [supplied[key] for key in self.plan.given]
        if batch.n_member == 1:
            numbers = [v.item() if isinstance(v, np.ndarray) else v for v in values]
            given.T[:] = np.array(numbers, dtype=float)
            return given
        for row, value in zip(given, values, strict=True):
            row[: batch.n_member] = value
            row[batch.n_member :] = row[batch.n_member - 1]
        return given

    def _clock(self, batch: Batch) -> Array:
        """Return the values of time alone, (moment, column)."""
        clock = batch.axis.clock
        if clock not in self._clocks:
            moments = clock.moments(batch.method.rows_a_step)
            self._clocks.clear()
            self._clocks[clock] = _evaluate(self.plan.graph, self.plan.clock, moments)
        return self._clocks[clock]


def aligned(*shape: int) -> Array:
    """Return an uninitialised array whose first number starts a line of the cache."""
    size = prod(shape)
    room = np.empty(size + _ALIGN // 8)
    start = -room.ctypes.data % _ALIGN // 8
    return room[start : start + size].reshape(shape)


def _spread(part: Callable[[int, int], None], n_group: int, size: int, threads: int) -> None:
    """Call ``part`` for ranges of at most ``size`` groups, from several threads.

    The caller's thread takes ranges too: it would else wake at every range to hand out the next.
    """
    size = max(1, size)
    starts = range(0, n_group, size)
    left = iter(starts)  # the interpreter's lock makes taking the next one safe

    def work() -> None:
        for start in left:
            part(start, min(start + size, n_group))

    n_other = min(threads, len(starts)) - 1
    if n_other < 1:
        work()
        return
    with ThreadPoolExecutor(n_other) as pool:
        others = [pool.submit(work) for _ in range(n_other)]
        try:
            work()
        finally:
            deque(left, maxlen=0)  # an interrupt leaves nothing to the others
        for other in others:
            other.result()


def _evaluate(graph: Graph, columns: tuple[Id, ...], moments: Array) -> Array:
    """Return nodes of time alone at all moments, (moment, column)."""
    leaves = {"time": moments, "start": moments[0]}
    values: dict[Id, Any] = {}
    with np.errstate(all="ignore"):
        for node in live(graph, columns):
            op, arguments, data = graph.nodes[node]
            operands = [values[argument] for argument in arguments]
            if op in leaves:
                values[node] = leaves[op]
            elif isinstance(data, Table):
                values[node] = lookup(data)(*operands)
            elif operands:
                values[node] = EVALUATE[op](*operands)
            else:
                values[node] = data
    table = aligned(len(moments), len(columns))
    for place, node in enumerate(columns):
        table[:, place] = values[node]
    return table
