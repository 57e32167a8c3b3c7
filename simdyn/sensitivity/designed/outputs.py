"""What a model gave on a design: values by row and outcome, tied to the rows by their digest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.designed.design import Design
from simdyn.sensitivity.designed.digest import Digest, digest_of
from simdyn.sensitivity.designed.problem import Problem, check_names

Run = Callable[[Array], Array]
"""Runs a model on rows (row, factor), read only, and returns its values (row, outcome).

A row that fails gives nan.
"""


@dataclass(frozen=True)
class Outputs:
    """Values of all outcomes on all rows of a design.

    outcomes : names of the outcomes
    blocks : consecutive rows, each (row, outcome), float64; a block may be mapped from a file
    digest : of the problem and the rows that were run
    """

    outcomes: tuple[str, ...]
    blocks: tuple[Array, ...]
    digest: Digest

    @property
    def n_row(self) -> int:
        """Rows that were run."""
        return sum(len(block) for block in self.blocks)

    def columns(self, outcomes: slice | NDArray[np.intp]) -> Array:
        """Return the values of some outcomes, shape (row, outcome)."""
        return np.concatenate([block[:, outcomes] for block in self.blocks])


def outputs_of(problem: Problem, rows: Array, values: Array, outcomes: Sequence[str]) -> Outputs:
    """Return the outputs that a model gave on `rows`, in the order in which these were run.

    Parameters
    ----------
    rows : the very rows that were run, shape (row, factor)
    values : shape (row, outcome)

    Raises
    ------
    RunError : outcomes named twice, not one value for each row and outcome, values that are no
        real numbers
    """
    check_names("outcome", outcomes)
    checked = _checked(values, len(rows), outcomes)
    return Outputs(tuple(outcomes), (checked,), digest_of(problem, rows))


def evaluate(run: Run, design: Design, outcomes: Sequence[str]) -> Outputs:
    """Run all rows of a design.

    Raises
    ------
    RunError : as `outputs_of`
    """
    check_names("outcome", outcomes)
    values = _checked(run(design.rows), len(design.rows), outcomes)
    return Outputs(tuple(outcomes), (values,), design.digest)


def extend(run: Run, design: Design, outputs: Outputs) -> Outputs:
    """Run those rows of a longer design that `outputs` lack, and add them.

    Raises
    ------
    RunError : the outputs are not those of the design's first rows; as `outputs_of`
    """
    if outputs.digest != digest_of(design.problem, design.rows[: outputs.n_row]):
        message = "The outputs at hand are not those of the first rows of the longer design. "
        raise RunError(message + "Extend them with the same problem, seed and scrambles.")
    rows = design.rows[outputs.n_row :]
    values = _checked(run(rows), len(rows), outputs.outcomes)
    return Outputs(outputs.outcomes, (*outputs.blocks, values), design.digest)


def _checked(values: Array, n_row: int, outcomes: Sequence[str]) -> Array:
    """Return values as float64, missing ones nan; float64 values are not copied."""
    if np.ma.isMaskedArray(values):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    values = np.asarray(values)
    if values.dtype.kind not in "fiub":
        message = f"The model gave values of type '{values.dtype}', not real numbers. "
        raise RunError(message + "Let it give nan where a row has no value.")
    if values.shape != (n_row, len(outcomes)):
        message = f"The model gave values of shape {values.shape} for {n_row} rows and "
        message += f"{len(outcomes)} outcomes. Let it give one row of values for each row it is "
        raise RunError(message + "given, one column an outcome.")
    return values.astype(np.float64, copy=False)
