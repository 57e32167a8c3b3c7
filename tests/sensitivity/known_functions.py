"""Functions whose Sobol indices are known in closed form, on factors on [0, 1]."""

from collections.abc import Mapping
from functools import cache
from itertools import combinations

import numpy as np

from simdyn.arrays import Array

G_COEFFICIENTS = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
"""Of Saltelli's G: 0 makes the first factor matter most, 99 the last ones not at all."""
MORRIS_BENT = [2, 4, 6]


def ishigami(rows: Array) -> Array:
    """Return Ishigami's function of three factors, shape (row, 1)."""
    x, y, z = np.pi * (2 * rows.T - 1)
    return np.asarray(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))[:, None]


def ishigami_indices() -> tuple[Array, Array, Array]:
    """Return first, total and second order (pairs 01, 02, 12)."""
    alone = 0.5 * (1 + np.pi**4 / 50) ** 2
    second = 49 / 8
    crossed = np.pi**8 * (1 / 18 - 1 / 50) / 100
    variance = alone + second + crossed
    first = np.array([alone, second, 0])
    total = first + np.array([crossed, 0, crossed])
    return first / variance, total / variance, np.array([0, crossed, 0]) / variance


def g_function(rows: Array) -> Array:
    """Return Saltelli's G of eight factors, shape (row, 1)."""
    factors = (np.abs(4 * rows - 2) + G_COEFFICIENTS) / (1 + G_COEFFICIENTS)
    return np.asarray(np.prod(factors, axis=1, keepdims=True))


def g_indices() -> tuple[Array, Array]:
    """Return first and total order."""
    own = 1 / (3 * (1 + G_COEFFICIENTS) ** 2)
    variance = np.prod(1 + own) - 1
    return own / variance, own * np.prod(1 + own) / (1 + own) / variance


@cache
def morris_coefficients() -> Mapping[tuple[int, ...], float]:
    """Return the coefficients of products of w in the function of Morris (1991), section 4.

    Those that he draws at random alternate in sign here.
    """
    single = {(i,): 20.0 if i < 10 else (-1.0) ** (i + 1) for i in range(20)}
    pairs = {(i, j): -15.0 if j < 6 else (-1.0) ** (i + j) for i, j in combinations(range(20), 2)}
    triples = dict.fromkeys(combinations(range(5), 3), -10.0)
    return {**single, **pairs, **triples, (0, 1, 2, 3): 5.0}


def morris_function(rows: Array) -> Array:
    """Return Morris' function of twenty factors, shape (row, 1)."""
    w = 2 * (rows - 0.5)
    bent = rows[:, MORRIS_BENT]
    w[:, MORRIS_BENT] = 2 * (1.1 * bent / (bent + 0.1) - 0.5)
    columns = np.ascontiguousarray(w.T)
    value = np.zeros(len(rows))
    for factors, coefficient in morris_coefficients().items():
        value += coefficient * np.prod([columns[i] for i in factors], axis=0)
    return value[:, None]


def morris_indices() -> tuple[Array, Array]:
    """Return first and total order: a polynomial in independent w, each at most to power one."""
    mean, variance = np.zeros(20), np.full(20, 1 / 3)
    ratio = 1 - 0.1 * np.log(11)
    square = 1 - 0.2 * np.log(11) + 0.01 * (10 - 1 / 1.1)
    mean[MORRIS_BENT] = 2 * (1.1 * ratio - 0.5)
    variance[MORRIS_BENT] = 4 * 1.1**2 * (square - ratio**2)
    centred: dict[tuple[int, ...], float] = {}
    for factors, coefficient in morris_coefficients().items():
        for n in range(1, len(factors) + 1):
            for kept in combinations(factors, n):
                rest = np.prod([mean[i] for i in factors if i not in kept])
                centred[kept] = centred.get(kept, 0.0) + coefficient * rest
    parts = {key: c**2 * np.prod(variance[list(key)]) for key, c in centred.items()}
    whole = sum(parts.values())
    first = np.array([parts[i,] for i in range(20)])
    total = np.array([sum(v for key, v in parts.items() if i in key) for i in range(20)])
    return first / whole, total / whole
