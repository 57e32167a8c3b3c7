"""What a polynomial of jointly normal scores is expected to be, once the first inputs are known.

Let C be the covariance of the scores' means given the known inputs. By Wick's theorem the variance
of the polynomial's mean given them is the sum over orders of

    b' C b,    2 tr(Q C Q C),    6 t' (C * C * C) t

for linear coefficients b, the symmetric matrix Q of squares and products, and cubes t (* by
element; Janson 1997, theorem 3.9). With the inputs in the order in which they become known and
their correlations R = L L', C is L_k L_k' with L_k the first k columns of L.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.sensitivity.given.hermite import LEAST_SHARE, Fit


@dataclass(frozen=True)
class Polynomial:
    """Coefficients by order.

    linear : (input,)
    curved, quadratic : inputs with a square or product, and the symmetric matrix among them
    cubed, cubic : inputs with a cube, and their coefficients
    """

    linear: Array
    curved: NDArray[np.int64]
    quadratic: Array
    cubed: NDArray[np.int64]
    cubic: Array


def polynomial(fit: Fit, n_input: int) -> Polynomial:
    """Return the coefficients of a fit by order."""
    linear, cubic = np.zeros(n_input), np.zeros(n_input)
    quadratic = np.zeros((n_input, n_input))
    for term, value in zip(fit.terms, fit.coefficients, strict=True):
        if len(term) == 1:
            linear[term[0]] = value
        elif len(term) == 2:
            quadratic[term] += value / 2
            quadratic[term[::-1]] += value / 2
        else:
            cubic[term[0]] = value
    curved, cubed = np.flatnonzero(quadratic.any(axis=0)), np.flatnonzero(cubic)
    return Polynomial(linear, curved, quadratic[np.ix_(curved, curved)], cubed, cubic[cubed])


def roots(correlations: Array, orders: NDArray[np.int64]) -> Array:
    """Return L with its rows back in the order of the inputs, (order, input, place)."""
    ordered = correlations[orders[:, :, None], orders[:, None, :]]
    root = np.linalg.cholesky(ordered + LEAST_SHARE * np.eye(correlations.shape[0]))
    places = np.argsort(orders, axis=1)
    return np.take_along_axis(root.astype(np.float64), places[:, :, None], axis=1)


def known(poly: Polynomial, root: Array) -> Array:
    """Return the variance explained by the first inputs of each order, (order, place).

    `root` is from `roots`.
    """
    linear = np.square(np.einsum("i,oik->ok", poly.linear, root)).cumsum(axis=1)
    return linear + _quadratic(poly, root) + _cubic(poly, root)


def _quadratic(poly: Polynomial, root: Array) -> Array:
    part = root[:, poly.curved]
    between = np.swapaxes(part, 1, 2) @ (poly.quadratic @ part)
    squares = np.square(between)
    # The leading k x k block's sum grows by row and column k, less the corner counted twice.
    upto = np.tril(squares).sum(axis=2) * 2 - np.einsum("okk->ok", squares)
    return 2 * upto.cumsum(axis=1)


def _cubic(poly: Polynomial, root: Array) -> Array:
    part = root[:, poly.cubed]
    covariance = np.cumsum(part[:, :, None] * part[:, None], axis=3)
    return 6 * np.einsum("i,oijk,j->ok", poly.cubic, covariance**3, poly.cubic)
