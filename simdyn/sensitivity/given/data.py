"""Draws of inputs and the outcomes they led to, checked once for all methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simdyn.arrays import Array
from simdyn.errors import RunError

LEAST_DRAWS = 100
"""Draws below which no method here tells an effect from noise."""
MOST_FAILED = 0.1
"""Share of draws without a finite value from which an outcome or input is left out as a whole."""

Rows = NDArray[np.int64]
"""Positions of draws."""


@dataclass(frozen=True)
class Excluded:
    """An input or outcome that was left out, and why.

    kind : "input" or "outcome"
    """

    name: str
    kind: str
    reason: str


@dataclass(frozen=True)
class GivenData:
    """Draws that every method here can use: finite, and moving in every column.

    inputs : (draw, input)
    outcomes : (draw, outcome)
    n_dropped : draws left out because a value of theirs is not finite
    excluded : inputs and outcomes left out as a whole
    """

    inputs: Array
    outcomes: Array
    input_names: tuple[str, ...]
    outcome_names: tuple[str, ...]
    n_dropped: int
    excluded: tuple[Excluded, ...]

    @property
    def n_draw(self) -> int:
        """Draws in use."""
        return len(self.inputs)


def given(
    inputs: ArrayLike,
    outcomes: ArrayLike,
    input_names: Sequence[str],
    outcome_names: Sequence[str],
) -> GivenData:
    """Return the draws that can be used; what cannot be is named and counted in the result.

    Parameters
    ----------
    inputs : values of parameters (draw, input)
    outcomes : what the runs of these draws gave (draw, outcome); nan where a run failed

    Raises
    ------
    RunError : shapes and names do not fit each other, a name comes twice, no input or no outcome
        moves, or fewer than `LEAST_DRAWS` draws are left
    """
    x = _columns(inputs, input_names, "input")
    y = _columns(outcomes, outcome_names, "outcome")
    if len(x) != len(y):
        message = f"{len(x)} draws of inputs and {len(y)} of outcomes. Pass both in the same order."
        raise RunError(message)
    excluded = [
        *_excluded(x, input_names, "input"),
        *_excluded(y, outcome_names, "outcome"),
    ]
    out = {(each.kind, each.name) for each in excluded}
    use_x = [n for n, name in enumerate(input_names) if ("input", name) not in out]
    use_y = [n for n, name in enumerate(outcome_names) if ("outcome", name) not in out]
    _refuse_none(use_x, excluded, "input")
    _refuse_none(use_y, excluded, "outcome")
    x, y = x[:, use_x], y[:, use_y]
    sound = np.isfinite(x).all(axis=1) & np.isfinite(y).all(axis=1)
    enough(int(sound.sum()), LEAST_DRAWS)
    return GivenData(
        x[sound],
        y[sound],
        tuple(input_names[n] for n in use_x),
        tuple(outcome_names[n] for n in use_y),
        int((~sound).sum()),
        tuple(excluded),
    )


def enough(n_draw: int, least: int) -> None:
    """Raise RunError if there are fewer than `least` draws."""
    if n_draw < least:
        message = f"{n_draw} sound draws, at least {least} are needed. Run more draws"
        raise RunError(f"{message}, or pass fewer inputs.")


def _columns(values: ArrayLike, names: Sequence[str], kind: str) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != len(names):
        message = f"{kind}s of shape {array.shape} with {len(names)} names."
        raise RunError(f"{message} Pass (draw, {kind}) and a name for each column.")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise RunError(f"{kind} '{twice[0]}' comes twice. Give each column its own name.")
    return array


def _excluded(values: Array, names: Sequence[str], kind: str) -> list[Excluded]:
    reasons = (_reason(column) for column in values.T)
    return [
        Excluded(name, kind, reason) for name, reason in zip(names, reasons, strict=True) if reason
    ]


def _reason(column: Array) -> str:
    finite = column[np.isfinite(column)]
    n_failed = len(column) - len(finite)
    if n_failed > MOST_FAILED * len(column):
        return f"{n_failed} of {len(column)} draws have no finite value"
    return "" if varies(finite) else "the same value in every draw"


def varies(values: Array) -> bool:
    """Whether values differ by more than the rounding of their size."""
    if not len(values):
        return False
    return bool(np.ptp(values) > 1e-12 * np.abs(values).max())


def _refuse_none(used: list[int], excluded: list[Excluded], kind: str) -> None:
    if used:
        return
    reasons = "; ".join(f"{e.name}: {e.reason}" for e in excluded if e.kind == kind)
    raise RunError(f"no {kind} can be used ({reasons}). Pass {kind}s that move and runs that end.")
