"""Choose what runs a program, LLVM or NumPy, and keep what was compiled for the next run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from typing import Any, Literal, TypeVar

import numpy as np

from simdyn.arrays import Array
from simdyn.compile.nodes import Course, Definition, Program
from simdyn.engine.batch import Axis, Batch, Outcome, run_numpy
from simdyn.engine.clock import Save, clock_from, controls_kernel
from simdyn.engine.methods import method_of
from simdyn.engine.numpy_backend import Kernel, emit, refuse_missing_data
from simdyn.engine.numpy_functions import Value
from simdyn.engine.selection import Selection, select
from simdyn.errors import ModelError

BackendName = Literal["auto", "llvm", "numpy"]

_MOST_COMPILED = 64
"""Kernels that are kept of a program."""

Key = TypeVar("Key")
Kept = TypeVar("Kept")


def keep(cache: dict[Key, Kept], key: Key, value: Kept, most: int) -> Kept:
    """Enter a value into a cache of at most so many, from which the oldest goes first."""
    while len(cache) >= most:
        del cache[next(iter(cache))]
    cache[key] = value
    return value


class Backends:
    """What a program was compiled to, by what is wanted of it and what the run supplies.

    Parameters
    ----------
    name : ``auto`` is LLVM where it is installed and knows all that the program uses

    Raises
    ------
    ModelError
        ``llvm`` is asked for but cannot run the program.
    """

    def __init__(self, program: Program, name: BackendName) -> None:
        if name not in {"auto", "llvm", "numpy"}:
            raise ModelError(f"backend='{name}' is unknown. Use 'auto', 'llvm' or 'numpy'.")
        self.program = program
        self._llvm = None if name == "numpy" else _llvm(program, name)
        self._compiled: dict[object, Compiled] = {}
        self._selections: dict[str, Selection] = {}

    @property
    def name(self) -> Literal["llvm", "numpy"]:
        """What runs the program."""
        return "numpy" if self._llvm is None else "llvm"

    def select(self, name: str) -> Selection:
        """Return what a name means in the program; found once, for a lone run is short."""
        if name not in self._selections:
            self._selections[name] = select(self.program, name)
        return self._selections[name]

    def compiled(
        self,
        given: frozenset[str],
        definitions: Mapping[str, Definition | Course],
        wanted: tuple[str, ...],
        method: str,
    ) -> Compiled:
        """Return the program compiled for these given, redefined and wanted variables."""
        known = (given, frozenset(definitions.items()), wanted, method)
        if known in self._compiled:
            return self._compiled[known]
        program = self.program.redefined(definitions).with_given(given)
        compiled = Compiled(program, wanted, method, self._llvm)
        return keep(self._compiled, known, compiled, _MOST_COMPILED)


def _llvm(program: Program, name: BackendName) -> Any:
    """Return the module of the LLVM backend; None if NumPy has to do."""
    try:
        module = import_module("simdyn.engine.llvm.kernel")
        lacking = module.lacking(program)
    except ImportError:
        module, lacking = None, "llvmlite, which is not installed"
    if lacking and name == "llvm":
        msg = f"cannot be compiled: it needs {lacking}. Use backend='auto' or 'numpy'."
        raise ModelError(msg, path=program.path)
    return None if lacking else module


class Compiled:
    """A program with what it was compiled to, by the backend that runs it."""

    def __init__(self, program: Program, wanted: tuple[str, ...], method: str, llvm: Any) -> None:
        self.program = program
        self.wanted = wanted
        self.method = method_of(method)
        self._controls = controls_kernel(program)
        self._axes: dict[str, Axis] = {}
        refuse_missing_data(program, wanted)
        self._llvm = llvm.LlvmRunner(program, wanted, self.method) if llvm else None

    @cached_property
    def numpy_kernel(self) -> Kernel:
        """The program for NumPy."""
        return emit(self.program, list(self.wanted))

    def axis(self, given: Mapping[str, Value], save: Save) -> Axis:
        """Return the steps of a run and those that it keeps."""
        known = save if isinstance(save, str) and not self._controls.given else ""
        if known in self._axes:
            return self._axes[known]
        clock = clock_from(self.program, self._controls, given)
        axis = Axis(clock, clock.kept(save))
        if known:
            self._axes[known] = axis
        return axis

    def table(self, batch: Batch) -> Array:
        """Return what a batch makes of the wanted variables, (variable, kept time, member).

        All values of a member of which one is not finite are nan; nobody asks which it was.
        """
        if self._llvm is None:
            outcome = run_numpy(self.numpy_kernel, self.wanted, batch)
            table, bad = outcome.table, outcome.first >= 0
        else:
            table, bad = self._llvm.run(batch)
        if bad.any():
            table[:, :, bad] = np.nan
        return table

    def run(self, batch: Batch) -> Outcome:
        """Run a batch; members in which LLVM meets a bad number are NumPy's to judge."""
        if self._llvm is None:
            return run_numpy(self.numpy_kernel, self.wanted, batch)
        table, bad = self._llvm.run(batch)
        first = np.full(batch.n_member, -1, dtype=np.int64)
        time = np.full(batch.n_member, np.nan)
        members = np.flatnonzero(bad)
        if not len(members):
            return Outcome(table, (), first, time)
        judged = run_numpy(self.numpy_kernel, self.wanted, batch.of(members))
        table[:, :, members] = judged.table
        first[members], time[members] = judged.first, judged.time
        return Outcome(table, judged.keys, first, time)
