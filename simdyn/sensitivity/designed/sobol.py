"""Sobol indices from a design and its outputs: how much of each outcome's variance is whose.

The estimates are those of `SALib.analyze.sobol`; with one scramble the intervals are too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_limits

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.processes import n_processor
from simdyn.sensitivity.designed.bootstrap import bootstrap
from simdyn.sensitivity.designed.design import Design
from simdyn.sensitivity.designed.estimators import estimate
from simdyn.sensitivity.designed.guards import Flags, check_match, samples_of, sort_out
from simdyn.sensitivity.designed.indices import Indices
from simdyn.sensitivity.designed.jackknife import jackknife
from simdyn.sensitivity.designed.outputs import Outputs
from simdyn.sensitivity.designed.replicates import Replicates

N_RESAMPLE = 200
CHUNK_BYTES = 2**24
"""Size of a chunk of outcomes; it moves the last bits, so it is the same on every machine."""

Part = dict[str, Array]


def analyse(
    design: Design,
    outputs: Outputs,
    *,
    second_order: bool | None = None,
    n_resample: int = N_RESAMPLE,
    seed: int | None = None,
) -> Indices:
    """Return the Sobol indices of all outcomes, a chunk of outcomes at a time.

    Parameters
    ----------
    second_order : by default if the design has the rows for it
    n_resample, seed : of the bootstrap of a design of one scramble; the seed is by default the
        design's. Designs of several scrambles have intervals without chance.

    Raises
    ------
    RunError : outputs of another design; too many failed runs; no outcome has indices; second
        order from a design without the rows for it; fewer than two resamples
    """
    wanted = design.second_order if second_order is None else second_order
    if wanted and not design.second_order:
        message = "The design has no rows for second order. Make it with second_order=True."
        raise RunError(message)
    check_match(design, outputs)
    chunk = _outcomes_at_once(design)
    sound = sort_out(design, outputs, chunk)
    replicates = _replicates(design, sound.samples, n_resample, seed)
    kept = np.flatnonzero(sound.outcomes)

    def part(start: int) -> Part:
        values = samples_of(design, outputs, kept[start : start + chunk])
        return _part(_standardised(values, sound.samples), design, replicates, wanted)

    parts = _in_threads(part, range(0, len(kept), chunk))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Indices(
        inputs=design.problem.inputs,
        outcomes=tuple(name for name in outputs.outcomes if name not in sound.excluded),
        **columns,
        excluded=sound.excluded,
        method=replicates.method,
        n_base=design.n_base,
        n_dropped=int(np.count_nonzero(~sound.samples)),
    )


def _outcomes_at_once(design: Design) -> int:
    return max(1, CHUNK_BYTES // (8 * len(design.rows)))


def _replicates(design: Design, samples: Flags, n_resample: int, seed: int | None) -> Replicates:
    if design.n_scramble > 1:
        return jackknife(design.scramble_of()[samples])
    if n_resample < 2:
        raise RunError(f"{n_resample} resamples give no interval. Take {N_RESAMPLE}.")
    n_kept = int(np.count_nonzero(samples))
    return bootstrap(n_kept, n_resample, design.seed if seed is None else seed)


def _in_threads(part: Callable[[int], Part], starts: Iterable[int]) -> list[Part]:
    # A thread a chunk: the linear algebra library's own threads wait for each other, for long where
    # others use the processors, and the last bits would depend on their number.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(n_processor()) as pool:
        return list(pool.map(part, starts))


def _standardised(values: Array, samples: Flags) -> Array:
    """Return the values of the samples kept, of mean zero and deviation one over all rows."""
    values = values[samples]
    values -= values.mean(axis=(0, 1))
    values /= values.std(axis=(0, 1))
    return values


def _part(values: Array, design: Design, replicates: Replicates, second_order: bool) -> Part:
    """Return the indices of a chunk of outcomes and their half-widths, (outcome, input or pair)."""
    if design.second_order and not second_order:
        n_input = len(design.problem.inputs)
        values = np.concatenate([values[:, : n_input + 1], values[:, -1:]], axis=1)
    whole = np.full((1, len(values)), 1 / len(values))
    estimates = estimate(values, np.concatenate([whole, replicates.weights]), second_order)
    part = {}
    for order, estimated in vars(estimates).items():
        part[order] = estimated[0].T
        part[f"{order}_half"] = replicates.half_width(estimated[1:]).T
    return part
