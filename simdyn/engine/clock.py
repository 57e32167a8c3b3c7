"""The time axis of a run: its steps, and the times at which results are kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simdyn.compile.nodes import CONTROLS, Program
from simdyn.engine.integrate import constants
from simdyn.engine.numpy_backend import Kernel, emit
from simdyn.engine.numpy_functions import Value
from simdyn.errors import ModelError

Save: TypeAlias = Literal["saveper", "step"] | Sequence[float] | NDArray[np.float64]
"""When results are kept: every SAVEPER, every step, or at these times."""

_TOLERANCE = 1e-6
"""Share of a step by which a time may miss it, for rounding."""

_MOST_STEPS = 10_000_000


@dataclass(frozen=True)
class Clock:
    """Equal steps from ``start`` to ``end``; every ``save_every``-th is kept by default."""

    start: float
    end: float
    time_step: float
    n_step: int
    save_every: int

    @property
    def times(self) -> NDArray[np.float64]:
        """Times of the steps, each from its own number, (n_step + 1,)."""
        return self.moments(1)

    def moments(self, rows_a_step: int) -> NDArray[np.float64]:
        """Return the times of the steps and of equal parts of them, (n_step * rows_a_step + 1,)."""
        n_row = self.n_step * rows_a_step
        return self.start + (self.end - self.start) * np.arange(n_row + 1) / max(n_row, 1)

    def kept(self, save: Save) -> NDArray[np.int64]:
        """Return the numbers of the steps at which results are kept.

        Raises
        ------
        ModelError
            A wanted time is none of the steps.
        """
        if isinstance(save, str):
            every = {"saveper": self.save_every, "step": 1}.get(save)
            if every is None:
                raise ModelError(f"save='{save}' is unknown. Use 'saveper', 'step' or times.")
            return np.arange(0, self.n_step + 1, every)
        wanted = np.asarray(save, dtype=float)
        exact = (wanted - self.start) / self.time_step
        numbers = np.rint(exact)
        fits = (np.abs(exact - numbers) <= _TOLERANCE) & (numbers >= 0) & (numbers <= self.n_step)
        if not fits.all():
            msg = f"time {wanted[~fits][0]:g} is not a step between {self.start:g} and "
            raise ModelError(msg + f"{self.end:g} in steps of {self.time_step:g}.")
        return numbers.astype(np.int64)


def clock_of(program: Program, given: Mapping[str, Value]) -> Clock:
    """Return the time axis that the program's controls and the given values set.

    Raises
    ------
    ModelError
        A control varies with time or among members, or the steps do not fit the span.
    """
    return clock_from(program, controls_kernel(program), given)


def controls_kernel(program: Program) -> Kernel:
    """Return the kernel that finds the controls."""
    return emit(program, list(CONTROLS))


def clock_from(program: Program, kernel: Kernel, given: Mapping[str, Value]) -> Clock:
    """Return the time axis from the kernel of the controls; see ``clock_of``."""
    found = _controls(program, kernel, given)
    start, end, time_step, saveper = (found[key] for key in CONTROLS)
    for message in misfits(start, end, time_step, saveper):
        raise ModelError(message, path=program.path)
    n_step, save_every = round((end - start) / time_step), round(saveper / time_step)
    return Clock(start, end, time_step, n_step, save_every)


def misfits(start: float, end: float, time_step: float, saveper: float) -> Iterator[str]:
    """Yield what keeps these controls from being a time axis, with its mend."""
    if time_step <= 0 or saveper <= 0 or end < start:
        yield "TIME STEP and SAVEPER must be above 0, and FINAL TIME not before INITIAL TIME."
        return
    yield from _misfit("TIME STEP", time_step, "the span", end - start)
    if (n_step := (end - start) / time_step) > _MOST_STEPS:
        yield f"{n_step:g} steps are too many. Choose a longer TIME STEP."
    yield from _misfit("TIME STEP", time_step, "SAVEPER", saveper)


def _misfit(name: str, step: float, whole: str, span: float) -> Iterator[str]:
    exact = span / step
    if not math.isfinite(exact) or abs(exact - round(exact)) > _TOLERANCE:
        yield f"{name} {step:g} does not divide {whole} {span:g}. Change one of them."


def _controls(program: Program, kernel: Kernel, given: Mapping[str, Value]) -> dict[str, float]:
    values = constants(kernel, given)
    found = {}
    for key in CONTROLS:
        variable = program.variables[key]
        slot = kernel.slots[key]
        value = np.asarray(values[slot])
        if slot in kernel.varying or value.ndim > 0 or not math.isfinite(value):
            msg = f"'{variable.name}' must be one finite number for all times and members."
            raise ModelError(msg, path=program.path, line=variable.line)
        found[key] = float(value)
    return found
