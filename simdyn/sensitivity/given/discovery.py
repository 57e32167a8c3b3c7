"""Scenario discovery: in which ranges of the inputs a target fails, and how sure that is.

The measures are those of Bryant and Lempert (2010), Technological Forecasting and Social Change
77, 34-49. The box is grown on all draws; how good it is stands beside how good boxes grown on one
half of the draws are in the other half, for a box fits the draws it was grown on best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binom

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.given.data import Excluded, Rows, given
from simdyn.sensitivity.given.half_samples import halves
from simdyn.sensitivity.given.prim import Box, Cases, pasted, trajectory

LEAST_CASES = 20
"""Cases, and others, below which no box is looked for."""
SIGNIFICANT = 0.05
"""Quasi-p-value above which a restriction is dropped."""
N_RESAMPLE = 20


@dataclass(frozen=True)
class Discovery:
    """A box in which a target fails.

    limits : input, low, high (in the input's unit, nan where that end is free), quasi_p: chance of
        as many cases in the box were the input no matter, not corrected for having searched;
        stability: share of halves of the draws whose box restricts this input, too; every input,
        restricted ones first
    path : the boxes on the way: step, n_restricted, coverage, density, mass, chosen
    n_draw, n_case : sound draws, and those in which the target fails
    n_dropped, excluded : see `GivenData`
    base : share of draws in which the target fails
    coverage : share of those that lie in the box
    density : share of draws in the box in which the target fails
    mass : share of draws in the box
    coverage_left_out, density_left_out : of boxes grown on half the draws, in the other half: means
    """

    limits: pd.DataFrame
    path: pd.DataFrame
    n_draw: int
    n_case: int
    n_dropped: int
    excluded: tuple[Excluded, ...]
    base: float
    coverage: float
    density: float
    mass: float
    coverage_left_out: float
    density_left_out: float

    @property
    def n_restricted(self) -> int:
        """Inputs that the box restricts."""
        return int(self.limits[["low", "high"]].notna().any(axis=1).sum())


@dataclass(frozen=True)
class Quality:
    """How much of the cases a box holds, and how much of it they are."""

    coverage: float
    density: float
    mass: float

    @property
    def balance(self) -> float:
        """Harmonic mean of coverage and density."""
        both = self.coverage + self.density
        return 2 * self.coverage * self.density / both if both else 0.0


def discover(
    inputs: ArrayLike,
    fails: ArrayLike,
    input_names: Sequence[str],
    rng: np.random.Generator,
    n_resample: int = N_RESAMPLE,
) -> Discovery:
    """Return the box in which the target fails most.

    Of the boxes on the way the one with the largest harmonic mean of coverage and density is taken;
    restrictions that chance explains are then dropped, the least sure one first.

    Parameters
    ----------
    inputs : values (draw, input); scenarios may come in as levers' strengths
    fails : 1 or True where the target fails, 0 or False where it is met, nan where the run failed

    Raises
    ------
    RunError : values other than these, or fewer than `LEAST_CASES` draws that fail or that do not
    """
    outcome = np.asarray(fails, dtype=np.float64)
    if outcome.ndim != 1 or not np.isin(outcome[np.isfinite(outcome)], (0, 1)).all():
        message = f"whether a target fails has shape {outcome.shape} or other values than 0 and 1."
        raise RunError(f"{message} Pass one truth value for each draw.")
    _enough_cases(outcome)
    data = given(inputs, outcome[:, None], input_names, ["target fails"])
    cases = data.outcomes[:, 0] > 0.5
    _enough_cases(data.outcomes[:, 0])
    boxes = trajectory(data.inputs, cases)
    chosen = _chosen(boxes, data.inputs, cases)
    box = _finished(boxes[chosen], data.inputs, cases)
    restricted, left_out = _resampled(data.inputs, cases, halves(data.n_draw, n_resample, rng))
    found = quality(box, data.inputs, cases)
    return Discovery(
        limits=_limit_table(box, data.inputs, cases, data.input_names, restricted),
        path=_path_table(boxes, data.inputs, cases, chosen),
        n_draw=data.n_draw,
        n_case=int(cases.sum()),
        n_dropped=data.n_dropped,
        excluded=data.excluded,
        base=float(cases.mean()),
        coverage=found.coverage,
        density=found.density,
        mass=found.mass,
        coverage_left_out=float(left_out[:, 0].mean()),
        density_left_out=float(left_out[:, 1].mean()),
    )


def _enough_cases(outcome: Array) -> None:
    n_case = int(np.count_nonzero(outcome == 1))
    n_other = int(np.count_nonzero(outcome == 0))
    if min(n_case, n_other) < LEAST_CASES:
        message = f"the target fails in {n_case} draws and is met in {n_other}; at least"
        raise RunError(f"{message} {LEAST_CASES} of each are needed. Run more draws.")


def quality(box: Box, inputs: Array, cases: Cases) -> Quality:
    """Return coverage, density and mass of a box; density is zero in an empty one."""
    inside = box.holds(inputs)
    n_inside, n_hit, n_case = (int(each.sum()) for each in (inside, cases & inside, cases))
    return Quality(n_hit / max(n_case, 1), n_hit / max(n_inside, 1), n_inside / len(cases))


def _chosen(boxes: list[Box], inputs: Array, cases: Cases) -> int:
    """Return the position of the box with the best balance; the first one has no limits."""
    return int(np.argmax([quality(box, inputs, cases).balance for box in boxes]))


def quasi_p(box: Box, n: int, inputs: Array, cases: Cases) -> float:
    """Return the chance of as many cases in the box, were the limits of input `n` of no matter.

    Cases would then be as frequent as in the box without these limits (a binomial test).
    """
    wider, inside = box.without(n).holds(inputs), box.holds(inputs)
    n_hit = np.count_nonzero(cases[inside])
    return float(binom.sf(n_hit - 1, np.count_nonzero(inside), cases[wider].mean()))


def _trimmed(box: Box, inputs: Array, cases: Cases) -> Box:
    while True:
        limited = np.flatnonzero(box.restricted)
        chances = [quasi_p(box, int(n), inputs, cases) for n in limited]
        if not chances or max(chances) <= SIGNIFICANT:
            return box
        box = box.without(int(limited[np.argmax(chances)]))


def _finished(box: Box, inputs: Array, cases: Cases) -> Box:
    return _trimmed(pasted(box, inputs, cases), inputs, cases)


def _resampled(inputs: Array, cases: Cases, rows: Rows) -> tuple[Array, Array]:
    """Return how often each input is restricted (input,), and quality in other halves (half, 2)."""
    restricted, left_out = [], []
    for half in rows:
        boxes = trajectory(inputs[half], cases[half])
        best = boxes[_chosen(boxes, inputs[half], cases[half])]
        box = _finished(best, inputs[half], cases[half])
        other = np.setdiff1d(np.arange(len(inputs)), half)
        seen = quality(box, inputs[other], cases[other])
        restricted.append(box.restricted)
        left_out.append([seen.coverage, seen.density])
    return np.mean(restricted, axis=0), np.array(left_out)


def _limit_table(
    box: Box, inputs: Array, cases: Cases, names: Sequence[str], stability: Array
) -> pd.DataFrame:
    limited = box.restricted
    chances = [
        quasi_p(box, n, inputs, cases) if limited[n] else np.nan for n in range(len(limited))
    ]
    table = pd.DataFrame(
        {
            "input": list(names),
            "low": np.where(np.isfinite(box.low), box.low, np.nan),
            "high": np.where(np.isfinite(box.high), box.high, np.nan),
            "quasi_p": chances,
            "stability": stability,
        }
    )
    return table.sort_values("quasi_p", kind="stable", ignore_index=True, na_position="last")


def _path_table(boxes: list[Box], inputs: Array, cases: Cases, chosen: int) -> pd.DataFrame:
    found = [quality(box, inputs, cases) for box in boxes]
    return pd.DataFrame(
        {
            "step": np.arange(len(boxes)),
            "n_restricted": [int(box.restricted.sum()) for box in boxes],
            "coverage": [each.coverage for each in found],
            "density": [each.density for each in found],
            "mass": [each.mass for each in found],
            "chosen": np.arange(len(boxes)) == chosen,
        }
    )
