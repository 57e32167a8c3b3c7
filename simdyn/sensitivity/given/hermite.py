"""A polynomial of an outcome in the normal scores of the inputs, fitted to given draws.

Each input is replaced by its normal score, which changes nothing about what knowing it tells. The
terms are Hermite polynomials: every input once; its square and cube, and the product of each pair,
where the extended criterion of Bayes (Chen and Chen 2008, Biometrika 95(3), 759-771) takes them in.
Products and squares are less their mean, so that for jointly normal scores terms of different order
are uncorrelated (Janson 1997, Gaussian Hilbert Spaces, chapter 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from simdyn.arrays import Array

Term = tuple[int, ...]
"""Inputs that a term is the product of: (i,), (i, i), (i, j) or (i, i, i)."""
MOST_TERMS_SHARE = 0.1
"""Terms beyond the linear ones, as a share of the draws, at the most."""
LEAST_SHARE = 1e-9
"""Added to the diagonal of products and correlations, relative to it."""


@dataclass(frozen=True)
class Fit:
    """A polynomial of one outcome, in units of its standard deviation.

    terms : of the polynomial, the linear one of every input first
    coefficients : (term,)
    r2 : share of the outcome's variance that it explains in the draws it is fitted to
    r2_adjusted : the same without what as many terms explain by chance
    r2_left_out : share that it foretells of draws left out one by one, with these terms
    """

    terms: tuple[Term, ...]
    coefficients: Array
    r2: float
    r2_adjusted: float
    r2_left_out: float


def normal_scores(inputs: Array) -> Array:
    """Return inputs (draw, input) as normal scores with mean zero and variance one."""
    ranks = rankdata(inputs, axis=0)
    scores = ndtri((ranks - 0.5) / len(inputs))
    standard: Array = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    return standard


def candidates(n_input: int) -> list[Term]:
    """Return the terms beyond the linear ones: squares, products of pairs, cubes."""
    return [*combinations_with_replacement(range(n_input), 2), *((i,) * 3 for i in range(n_input))]


def columns(scores: Array, terms: Sequence[Term]) -> Array:
    """Return the terms (draw, term) of normal scores (draw, input), with mean zero."""
    values = np.stack([_value(scores, term) for term in terms], axis=1)
    return values - values.mean(axis=0)


def _value(scores: Array, term: Term) -> Array:
    value: Array = scores[:, list(term)].prod(axis=1)
    return value - 3 * scores[:, term[0]] if len(term) == 3 else value


def chosen_terms(scores: Array, outcomes: Array) -> list[tuple[Term, ...]]:
    """Return the terms for each outcome, taken in one by one; outcomes have shape (draw, outcome).

    Selection is on the products of columns: the draws are gone through once for all outcomes.
    """
    n_draw, n_input = scores.shape
    linear = [(i,) for i in range(n_input)]
    more = candidates(n_input)
    base = columns(scores, linear)
    both = np.concatenate([columns(scores, more), outcomes - outcomes.mean(axis=0)], axis=1)
    rest = both - base @ np.linalg.lstsq(base, both, rcond=None)[0]
    products = rest.T @ rest
    n_more = len(more)
    gram, towards = products[:n_more, :n_more], products[:n_more, n_more:]
    left = np.diag(products)[n_more:]
    return [
        (*linear, *(more[n] for n in _forward(gram, towards[:, k], left[k], n_draw, n_input)))
        for k in range(outcomes.shape[1])
    ]


def _forward(gram: Array, towards: Array, left: float, n_draw: int, n_input: int) -> list[int]:
    """Return the candidates that lower the criterion, the one that explains most first.

    Parameters
    ----------
    gram, towards : products of candidates with each other and with the outcome, linear terms out
    left : sum of squares of the outcome that the linear terms leave
    """
    alone, towards = np.diag(gram), towards.copy()
    size = alone.copy()
    price = np.log(n_draw) + 2 * np.log(len(towards))
    most = min(int(MOST_TERMS_SHARE * n_draw), n_draw - n_input - 2)
    taken: list[int] = []
    # Rows of the root of the products, of the candidates taken: what is left of all others follows.
    root = np.empty((most, len(towards)))
    while len(taken) < most:
        # A candidate that those taken already make up has nothing of its own left.
        own = size > 1e-6 * alone
        gain = np.where(own, towards**2 / np.where(own, size, 1), 0)
        best = int(np.argmax(gain))
        if n_draw * np.log1p(-min(gain[best] / left, 1 - 1e-12)) + price >= 0:
            break
        known = root[: len(taken)]
        row = (gram[best] - known[:, best] @ known) / np.sqrt(size[best])
        towards -= row * (towards[best] / row[best])
        size -= row**2
        root[len(taken)] = row
        taken.append(best)
        left -= gain[best]
    return taken


def fit(scores: Array, outcome: Array, terms: tuple[Term, ...]) -> Fit:
    """Return the least-squares polynomial with these terms of an outcome (draw,)."""
    n_draw, n_term = len(outcome), len(terms)
    standard = (outcome - outcome.mean()) / outcome.std()
    table = columns(scores, terms)
    products = table.T @ table
    # The least share keeps inputs that copy each other from stopping the root.
    products[np.diag_indices(n_term)] *= 1 + LEAST_SHARE
    root = np.linalg.cholesky(products)
    basis = table @ np.linalg.inv(root).T
    along = basis.T @ standard
    residual = standard - basis @ along
    left = residual @ residual / n_draw
    influence = np.einsum("dt,dt->d", basis, basis) + 1 / n_draw
    left_out = np.square(residual / (1 - influence)).mean()
    return Fit(
        terms,
        np.linalg.solve(root.T, along),
        float(1 - left),
        float(1 - left * (n_draw - 1) / (n_draw - 1 - n_term)),
        float(1 - left_out),
    )
