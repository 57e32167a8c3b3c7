"""Sampling that knows when it is done: twice as many base samples until the indices are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.designed.design import Design, saltelli
from simdyn.sensitivity.designed.indices import Indices
from simdyn.sensitivity.designed.memory import check_runs
from simdyn.sensitivity.designed.outputs import Outputs, Run, evaluate, extend
from simdyn.sensitivity.designed.problem import Problem
from simdyn.sensitivity.designed.sobol import analyse

FIRST_BASE = 128
"""Base samples of the first stage."""


@dataclass(frozen=True)
class Precision:
    """What is asked of the indices of every outcome.

    half_width : of the 95 percent intervals of first and total order, at most
    matters : total order from which an input matters. Those that matter must rank as in the stage
        before; inputs nearer to each other than `half_width` may change places.

    Raises
    ------
    RunError : not between zero and one
    """

    half_width: float = 0.05
    matters: float = 0.05

    def __post_init__(self) -> None:
        if not (0 < self.half_width < 1 and 0 < self.matters < 1):
            message = f"The precision (half-width {self.half_width}, matters from {self.matters}) "
            raise RunError(message + "is not between 0 and 1. Indices are shares of a variance.")


@dataclass(frozen=True)
class Stage:
    """One stage: first and total order of all base samples so far.

    n_run : runs so far
    n_change : pairs of inputs that matter and changed places since the stage before; None in the
        first stage
    more : runs that are about still wanting, 0 when the asked precision is met
    """

    indices: Indices
    n_run: int
    n_change: int | None
    more: int

    @property
    def verdict(self) -> str:
        """One sentence: done, or about how many runs more it takes."""
        if self.more == 0:
            return f"Settled after {self.n_run:,} runs."
        return f"Not yet settled after {self.n_run:,} runs: about {self.more:,} more."


@dataclass(frozen=True)
class Staged:
    """Stages, and what the last one rests on.

    indices : of the last stage, with second order if the design has it
    """

    design: Design
    outputs: Outputs
    indices: Indices
    stages: tuple[Stage, ...]

    @property
    def done(self) -> bool:
        """Whether the asked precision is met."""
        return self.stages[-1].more == 0

    @property
    def verdict(self) -> str:
        """That of the last stage."""
        return self.stages[-1].verdict

    @property
    def verdicts(self) -> list[str]:
        """Verdict of each stage."""
        return [stage.verdict for stage in self.stages]

    def table(self) -> pd.DataFrame:
        """Return the stages.

        Returns
        -------
        pandas.DataFrame
            stage, n_base, n_dropped, n_run, order, half_width (the widest of all), outcome, input
            (whose it is), n_change, more
        """
        return pd.DataFrame([_row(i, stage) for i, stage in enumerate(self.stages, start=1)])

    def paths(self) -> pd.DataFrame:
        """Return the table of indices of every stage, with columns stage and n_run before it."""
        tables = []
        for i, stage in enumerate(self.stages, start=1):
            table = stage.indices.table()
            table.insert(0, "stage", i)
            table.insert(1, "n_run", stage.n_run)
            tables.append(table)
        return pd.concat(tables, ignore_index=True)


def sample_until(
    problem: Problem,
    run: Run,
    outcomes: Sequence[str],
    precision: Precision,
    *,
    seed: int,
    most_runs: int,
    first_base: int = FIRST_BASE,
    second_order: bool = False,
) -> Staged:
    """Run stages, each twice as long as the one before, until the asked precision is met.

    Every stage keeps the runs of those before. Half-widths shrink at least about as one over the
    root of the number of runs, which tells how many more runs it takes.

    Parameters
    ----------
    most_runs : runs in all that may be spent
    second_order : whether second order is estimated too; the precision asked is that of first and
        total order

    Raises
    ------
    RunError : as `simdyn.sensitivity.designed.memory.check_runs`, `saltelli` and `analyse`
    """
    check_runs(problem, len(outcomes), most_runs, first_base, second_order=second_order)
    design = saltelli(problem, first_base, seed, second_order=second_order)
    outputs = evaluate(run, design, outcomes)
    stages = [_stage(design, outputs, precision, None)]
    while stages[-1].more > 0 and 2 * len(design.rows) <= most_runs:
        design = saltelli(problem, 2 * design.n_base, seed, second_order=second_order)
        outputs = extend(run, design, outputs)
        stages.append(_stage(design, outputs, precision, stages[-1].indices))
    indices = analyse(design, outputs) if second_order else stages[-1].indices
    return Staged(design, outputs, indices, tuple(stages))


def _stage(design: Design, outputs: Outputs, precision: Precision, before: Indices | None) -> Stage:
    indices = analyse(design, outputs, second_order=False)
    n_change = None if before is None else n_changed(before, indices, precision)
    more = _wanting(indices, n_change, precision) * design.rows_of_sample
    return Stage(indices, len(design.rows), n_change, more)


def n_changed(before: Indices, now: Indices, precision: Precision) -> int:
    """Return how many pairs of inputs that matter changed places, over all outcomes.

    An outcome that has indices now and had none before counts as one change.
    """
    place = {name: i for i, name in enumerate(before.outcomes)}
    known = [(place[name], i) for i, name in enumerate(now.outcomes) if name in place]
    changes = sum(_changed_pairs(before.total[i], now.total[k], precision) for i, k in known)
    return changes + len(now.outcomes) - len(known)


def _changed_pairs(before: Array, now: Array, precision: Precision) -> int:
    ahead = now[:, None] - now
    apart = (ahead > precision.half_width) & (now[:, None] >= precision.matters)
    return int(np.count_nonzero(apart & (before[:, None] <= before)))


def _wanting(indices: Indices, n_change: int | None, precision: Precision) -> int:
    """Return the base samples still wanting, in whole doublings."""
    widest = np.maximum(indices.first_half, indices.total_half).max()
    ratio = widest / precision.half_width
    if np.isnan(ratio):  # an interval is not known: a replicate has no variance
        doublings = 1
    else:
        doublings = max(int(np.ceil(2 * np.log2(max(ratio, 1)))), int(n_change != 0))
    return (2**doublings - 1) * indices.n_base


def _row(number: int, stage: Stage) -> dict[str, object]:
    indices = stage.indices
    halves = np.stack([indices.first_half, indices.total_half])
    order, outcome, name = np.unravel_index(int(np.argmax(halves)), halves.shape)
    return {
        "stage": number,
        "n_base": indices.n_base,
        "n_dropped": indices.n_dropped,
        "n_run": stage.n_run,
        "order": ("first", "total")[order],
        "half_width": halves.max(),
        "outcome": indices.outcomes[outcome],
        "input": indices.inputs[name],
        "n_change": stage.n_change,
        "more": stage.more,
    }
