"""PAWN: how far fixing an input in a slice of its range shifts the distribution of an outcome.

Pianosi and Wagener (2018), Environmental Modelling and Software 108, 197-207: the draws are cut
into slices of as many draws each by the input; the index is the mean over slices of the distance of
Kolmogorov and Smirnov between the outcome in the slice and in all draws. The mean, not the median,
so that an input that acts at one end of its range alone is seen. Chance alone lifts it above zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array

N_SLICE = 10
"""Slices, the choice of Pianosi and Wagener."""


def pawn(inputs: Array, outcomes: Array, n_slice: int = N_SLICE) -> Array:
    """Return the indices (outcome, input) of inputs (draw, input) and outcomes (draw, outcome)."""
    n_draw = len(inputs)
    order = np.argsort(outcomes, axis=0, kind="stable").T
    ordered = np.take_along_axis(outcomes.T, order, axis=1)
    below, upto = (
        np.array([np.searchsorted(row, row, side=side) for row in ordered]) / n_draw
        for side in ("left", "right")
    )
    columns = (_slices(column, n_slice) for column in inputs.T)
    return np.stack([_index(slices[order], below, upto) for slices in columns], axis=1)


def _slices(column: Array, n_slice: int) -> NDArray[np.uint8]:
    edges = np.quantile(column, np.arange(1, n_slice) / n_slice)
    return np.searchsorted(edges, column, side="right").astype(np.uint8)


def _index(slices: NDArray[np.uint8], below: Array, upto: Array) -> Array:
    """Return the mean distance (outcome,) of slices (outcome, draw), in the order of outcomes.

    `below` and `upto` are the shares of draws with a smaller outcome, and with none larger.
    """
    by_slice = np.argsort(slices, axis=1, kind="stable")
    size = np.bincount(slices[0])
    size = size[size > 0]
    start = np.cumsum(size) - size
    place = np.arange(slices.shape[1]) - np.repeat(start, size)
    width = np.repeat(size, size)
    # Both distributions are steps: they are furthest apart at a draw of the slice, or just before.
    above = (place + 1) / width - np.take_along_axis(upto, by_slice, axis=1)
    under = np.take_along_axis(below, by_slice, axis=1) - place / width
    distance = np.maximum.reduceat(np.maximum(above, under), start, axis=1)
    return distance.mean(axis=1)
