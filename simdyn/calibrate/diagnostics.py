"""Whether draws can be relied on: ArviZ's diagnostics, on plain arrays."""

from __future__ import annotations

import warnings
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from simdyn.arrays import Array

NAME = "point"
METHODS = ("bulk", "tail")
"""Kinds of effective size."""


@lru_cache(maxsize=1)
def arviz() -> Any:
    """Return ArviZ, which takes a second to import, and announces its next version when it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return import_module("arviz")


def diagnose(points: Array) -> pd.DataFrame:
    """Return rank-normalised R-hat, bulk and tail effective size of each column.

    `points` has shape (chain, draw, column).

    Source: Vehtari and others (2021), Bayesian Analysis 16(2), 667-718.
    """
    library = arviz()
    draws = _dataset(points)
    rhat = library.rhat(draws)[NAME].to_pandas()
    bulk, tail = (library.ess(draws, method=method)[NAME].to_pandas() for method in METHODS)
    return pd.DataFrame({"rhat": rhat, "ess_bulk": bulk, "ess_tail": tail})


def effective_size(points: Array) -> Array:
    """Return the smaller of bulk and tail effective size of each column, as of `diagnose`."""
    library = arviz()
    draws = _dataset(points)
    sizes = [library.ess(draws, method=method)[NAME].to_numpy() for method in METHODS]
    return np.minimum(*sizes)


def _dataset(points: Array) -> xr.Dataset:
    return xr.Dataset({NAME: (("chain", "draw", "column"), points)})


def smoothed_weights(log_weights: Array) -> tuple[Array, float]:
    """Return Pareto-smoothed logarithms of weights (draw,) and their tail index k.

    Weights that are not finite are nil; if all are, k is infinite. Source: Vehtari and others
    (2024), JMLR 25(72).
    """
    sound = np.isfinite(log_weights)
    smoothed = np.full(len(log_weights), -np.inf)
    if not sound.any():
        return smoothed, float("inf")
    found, k = arviz().psislw(log_weights[sound])
    smoothed[sound] = found
    return smoothed, float(k)
