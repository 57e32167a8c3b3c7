"""Sobol indices of many outcomes under many weightings of the base samples at once.

First and total order after Saltelli and others (2010), Computer Physics Communications 181(2),
259-270, second order after Saltelli (2002), ibid. 145(2), 280-297, as SALib has them. Every index
is a ratio of means over base samples, so that all weightings are one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simdyn.arrays import Array


@dataclass(frozen=True)
class Estimates:
    """Indices under each weighting, shapes (weighting, input or pair, outcome).

    Pairs run (0, 1), (0, 2) ... (1, 2) ..., none without second order.
    """

    first: Array
    total: Array
    second: Array


def estimate(values: Array, weights: Array, second_order: bool) -> Estimates:
    """Return the indices under each of the `weights` (weighting, base).

    Parameters
    ----------
    values : shape (base, row of sample, outcome), standardised; with rows for second order if asked
    """
    first_input, n_input = 1, (values.shape[1] - 2) // (2 if second_order else 1)
    a, b = values[:, :1], values[:, -1:]
    ab = values[:, first_input : first_input + n_input]
    moments = _means(weights, np.concatenate([a, b, a * a, b * b, a * b], axis=1))
    variance = _variance(moments)
    first = _means(weights, b * (ab - a)) / variance
    total = _means(weights, 0.5 * (a - ab) ** 2) / variance
    if not second_order:
        return Estimates(first, total, first[:, :0])
    ba = values[:, first_input + n_input : -1]
    second = _crossed(weights, ab, ba) - moments[:, 4:]
    second /= variance
    j, k = np.triu_indices(n_input, 1)
    second -= first[:, j] + first[:, k]
    return Estimates(first, total, second)


def _variance(moments: Array) -> Array:
    """Return the variance over A and B together, nan where there is none."""
    mean = (moments[:, :1] + moments[:, 1:2]) / 2
    variance = (moments[:, 2:3] + moments[:, 3:4]) / 2 - mean**2
    return np.where(variance > 0, variance, np.nan)


def _crossed(weights: Array, ab: Array, ba: Array) -> Array:
    """Return the means of BA_j AB_k over all pairs j < k."""
    n_input = ab.shape[1]
    out = np.empty((len(weights), n_input * (n_input - 1) // 2, ab.shape[2]))
    start = 0
    for j in range(n_input - 1):
        end = start + n_input - 1 - j
        out[:, start:end] = _means(weights, ba[:, j : j + 1] * ab[:, j + 1 :])
        start = end
    return out


def _means(weights: Array, products: Array) -> Array:
    """Return the weighted means of (base, product, outcome): (weighting, product, outcome)."""
    n_base, *shape = products.shape
    return (weights @ products.reshape(n_base, -1)).reshape(-1, *shape)
