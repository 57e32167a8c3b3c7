"""Sobol indices from a design and its outputs: how much of each outcome's variance is whose.

The estimates are those of `SALib.analyze.sobol`; with one scramble the intervals are too.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.bootstrap import bootstrap
from simdyn.sensitivity.design import Design
from simdyn.sensitivity.estimators import estimate
from simdyn.sensitivity.guards import Flags, check_match, chunks, sort_out
from simdyn.sensitivity.indices import Indices
from simdyn.sensitivity.jackknife import jackknife
from simdyn.sensitivity.outputs import Outputs
from simdyn.sensitivity.replicates import Replicates

N_RESAMPLE = 200
CHUNK_BYTES = 2**24
"""Size of a chunk of outcomes; part of the result's last bits, so no setting of the machine."""


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
    parts = [
        _part(_standardised(values, sound.samples), design, replicates, wanted)
        for values in _sound_chunks(design, outputs, chunk, sound.outcomes)
    ]
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


def _sound_chunks(design: Design, outputs: Outputs, chunk: int, sound: Flags) -> Iterator[Array]:
    for start, values in enumerate(chunks(design, outputs, chunk)):
        kept = sound[start * chunk : (start + 1) * chunk]
        if kept.any():
            yield values[:, :, kept]


def _standardised(values: Array, samples: Flags) -> Array:
    """Return the values of the samples kept, of mean zero and deviation one over all rows."""
    values = values[samples]
    values -= values.mean(axis=(0, 1))
    values /= values.std(axis=(0, 1))
    return values


def _part(
    values: Array, design: Design, replicates: Replicates, second_order: bool
) -> dict[str, Array]:
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
