"""Indices of single inputs beside what noise reaches: PAWN and RBD-FAST in one table."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from simdyn.arrays import Array
from simdyn.sensitivity.given.data import GivenData, Rows
from simdyn.sensitivity.given.half_samples import N_HALF, WIDTH, halves, standard_error
from simdyn.sensitivity.given.pawn import pawn
from simdyn.sensitivity.given.rbd_fast import rbd_fast

Method = Callable[[Array, Array], Array]
METHODS: dict[str, Method] = {"PAWN": pawn, "RBD-FAST": rbd_fast}
"""From (draw, input) and (draw, outcome) to indices (outcome, input)."""
N_DUMMY = 1000
"""Inputs without effect that the noise floor is taken from."""
CHANCE = 0.05
"""Chance that any one of the inputs stands above the noise floor though none has an effect."""


def indices(data: GivenData, rng: np.random.Generator, n_half: int = N_HALF) -> pd.DataFrame:
    """Return the indices of every input for every outcome, largest first.

    Returns
    -------
    pandas.DataFrame
        outcome, method, rank, input, index, low, high: 95 percent, of the index from as many
        draws, by_chance: mean index of inputs without effect, noise_floor: what the largest of as
        many inputs without effect stays below in 95 of 100 cases, above_noise. PAWN's index, unlike
        that of RBD-FAST, has chance in it: hold it against by_chance and noise_floor, not zero.
    """
    rows = halves(data.n_draw, n_half, rng)
    dummies = np.argsort(rng.random((data.n_draw, N_DUMMY)), axis=0).astype(np.float64)
    tables = []
    for name, method in METHODS.items():
        index = method(data.inputs, data.outcomes)
        error = _error(data, method, rows)
        level = 1 - CHANCE / len(data.input_names)
        idle = method(dummies, data.outcomes)
        chance, floor = idle.mean(axis=1), np.quantile(idle, level, axis=1)
        tables += [
            _ranked(data, name, outcome, index[n], error[n], float(chance[n]), float(floor[n]))
            for n, outcome in enumerate(data.outcome_names)
        ]
    return pd.concat(tables, ignore_index=True)


def _error(data: GivenData, method: Method, rows: Rows) -> Array:
    return standard_error(
        lambda half: method(data.inputs[half], data.outcomes[half]), rows, data.n_draw
    )


def _ranked(
    data: GivenData,
    method: str,
    outcome: str,
    index: Array,
    error: Array,
    chance: float,
    floor: float,
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "outcome": outcome,
            "method": method,
            "input": data.input_names,
            "index": index,
            "low": index - WIDTH * error,
            "high": index + WIDTH * error,
            "by_chance": chance,
            "noise_floor": floor,
            "above_noise": index > floor,
        }
    )
    table = table.sort_values("index", ascending=False, kind="stable", ignore_index=True)
    table.insert(2, "rank", np.arange(1, len(table) + 1))
    return table
