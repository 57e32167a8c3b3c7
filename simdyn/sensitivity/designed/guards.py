"""What indices may be estimated from: refuses wrong designs, sorts out what has no indices.

An outcome without finite, varying values gets no index, and a name and a reason instead. A base
sample with a failed row is dropped whole, with all its rows, for all outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.designed.design import Design, laid_out
from simdyn.sensitivity.designed.outputs import Outputs

MOST_DROPPED = 0.1
"""Share of base samples that may fail; with more the rest would answer another question."""
LEAST_VARYING = 20
"""Base samples that must leave an outcome's median: with fewer a resample may be constant."""
ROUNDING = 1e-12
"""Range, relative to the largest value, up to which an outcome is constant."""
LAYOUT_AT_ONCE = 1024
"""Base samples whose layout is checked at a time, so that it takes no memory of its own."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Sound:
    """What indices are estimated from.

    samples : base samples to keep, shape (base,)
    outcomes : outcomes to keep, shape (outcome,)
    excluded : reason by name of each outcome left out
    """

    samples: Flags
    outcomes: Flags
    excluded: Mapping[str, str]


def check_match(design: Design, outputs: Outputs) -> None:
    """Refuse outputs that were not run on the rows of the design, or a design that is none.

    Raises
    ------
    RunError : the outputs belong to another design or another order of rows; the rows are not laid
        out as Saltelli's
    """
    if outputs.digest.ordered != design.digest.ordered:
        if outputs.digest.content == design.digest.content:
            message = "The outputs were run on the rows of this design in another order. "
            raise RunError(message + "Bring both into the order of the design.")
        message = f"The outputs ({outputs.n_row} rows) were not run on this design "
        message += f"({len(design.rows)} rows). "
        raise RunError(message + "Analyse them with the design they were run on.")
    if outputs.n_row != len(design.rows):
        message = f"There are outputs of {outputs.n_row} rows for a design of {len(design.rows)}. "
        raise RunError(message + "Run the whole design.")
    _check_layout(design)


def _check_layout(design: Design) -> None:
    rows, width = design.rows, len(design.problem.names)
    step = design.rows_of_sample
    fits = rows.shape == (design.n_base * step, width)
    fits = fits and all(
        _is_laid_out(design, rows.reshape(-1, step, width)[start : start + LAYOUT_AT_ONCE])
        for start in range(0, design.n_base, LAYOUT_AT_ONCE)
    )
    if not fits:
        message = "The rows are not laid out as Saltelli's design of this problem. "
        raise RunError(message + "Make the design with simdyn.sensitivity.saltelli.")


def _is_laid_out(design: Design, samples: Array) -> bool:
    """Whether base samples (base, row of sample, factor) are as `laid_out` makes them."""
    base = np.concatenate([samples[:, 0], samples[:, -1]], axis=1)
    inside = bool(((base >= 0) & (base <= 1)).all())
    rows = laid_out(design.problem, base, design.second_order)
    return inside and np.array_equal(rows, samples.reshape(rows.shape))


def sort_out(design: Design, outputs: Outputs, chunk: int) -> Sound:
    """Return which base samples and outcomes are sound; reads `chunk` outcomes at a time.

    Raises
    ------
    RunError : more than a tenth of the base samples failed, no outcome is left
    """
    failed = np.concatenate([_failed(values) for values in _chunks(design, outputs, chunk)], axis=1)
    often = failed.mean(axis=0) > MOST_DROPPED
    if often.all():
        raise _too_many(int(failed.any(axis=1).sum()), design)
    samples = np.asarray(~failed[:, ~often].any(axis=1))
    if 1 - samples.mean() > MOST_DROPPED:
        raise _too_many(int(np.count_nonzero(~samples)), design)
    reasons = np.concatenate(
        [_reasons(values[samples]) for values in _chunks(design, outputs, chunk)]
    )
    counts = failed.sum(axis=0)
    for i in np.flatnonzero(often):
        reasons[i] = f"not finite in {counts[i]} of {design.n_base} base samples"
    named = zip(outputs.outcomes, reasons, strict=True)
    excluded = {name: reason for name, reason in named if reason}
    if len(excluded) == len(reasons):
        name, reason = next(iter(excluded.items()))
        message = f"No outcome has indices: '{name}' is {reason}. "
        raise RunError(message + "Widen the ranges of the inputs or choose other outcomes.")
    kept = np.array([not reason for reason in reasons])
    return Sound(samples, kept, excluded)


def samples_of(design: Design, outputs: Outputs, outcomes: slice | NDArray[np.intp]) -> Array:
    """Return the values of some outcomes, shape (base, row of sample, outcome)."""
    return outputs.columns(outcomes).reshape(design.n_base, design.rows_of_sample, -1)


def _chunks(design: Design, outputs: Outputs, chunk: int) -> Iterator[Array]:
    for start in range(0, len(outputs.outcomes), chunk):
        yield samples_of(design, outputs, slice(start, start + chunk))


def _failed(values: Array) -> Flags:
    """Return which base samples have a row that is not finite, shape (base, outcome)."""
    return np.asarray(~np.isfinite(values).all(axis=1))


def _reasons(values: Array) -> NDArray[np.object_]:
    """Return why each outcome has no index, empty where it has one."""
    ends = values[:, [0, -1]]
    ends = np.where(np.isfinite(ends), ends, 0.0)  # not finite in outcomes left out already
    middle = np.median(ends, axis=(0, 1))
    leaves = np.abs(ends - middle) > ROUNDING * np.abs(ends).max(axis=(0, 1))
    varying = leaves.any(axis=1).sum(axis=0)
    reasons = np.full(values.shape[2], "", dtype=object)
    reasons[varying < LEAST_VARYING] = "off its median in too few base samples"
    reasons[varying == 0] = "constant"
    return reasons


def _too_many(n: int, design: Design) -> RunError:
    message = f"{n} of {design.n_base} base samples have a failed run, more than "
    message += f"{MOST_DROPPED:.0%}: indices of the rest would be those of another problem. "
    return RunError(message + "Narrow the ranges of the inputs.")
