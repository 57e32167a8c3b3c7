"""Shapley values: how a total splits among parts that act together.

The value of part i is the mean, over all orders in which the parts may come, of what it adds to
those before it (Shapley 1953, Contributions to the Theory of Games II, 307-317):

    sum over the sets S without i of |S|! (n - |S| - 1)! / n! (v(S with i) - v(S)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array

Worth = Callable[[Sequence[int]], Array]
"""Values (set, ...) of sets of parts, each a number whose bit i says whether part i is in."""


def exact(worth: Worth, n_part: int) -> Array:
    """Return the Shapley value of each part, (part, ...), from the values of all 2^n sets.

    They add up to the value of all parts less that of none.
    """
    values = worth(range(1 << n_part))
    return np.array([_of_part(values, part, n_part) for part in range(n_part)])


def _of_part(values: Array, part: int, n_part: int) -> Array:
    without = np.array([s for s in range(1 << n_part) if not s >> part & 1])
    weights = np.array(
        [
            factorial(size) * factorial(n_part - size - 1) / factorial(n_part)
            for size in (int(s).bit_count() for s in without)
        ]
    )
    added = values[without | 1 << part] - values[without]
    return np.tensordot(weights, added, axes=1)


def sampled(worth: Worth, n_part: int, n_pair: int, rng: np.random.Generator) -> Array:
    """Return independent estimates of the Shapley values from random orders, (pair, part, ...).

    Each is the mean of an order and its reverse, whose errors offset each other in part (Mitchell,
    Cooper, Frank and Holmes 2022, JMLR 23(43)). In every order the parts add up to the total, so
    each estimate does, and so does their mean.

    Parameters
    ----------
    n_pair : of orders; with two or more the spread of the estimates gives the error of their mean
    """
    forward = [rng.permutation(n_part) for _ in range(n_pair)]
    orders = [order for one in forward for order in (one, one[::-1])]
    chains = [_chain(order) for order in orders]
    sets = sorted({each for chain in chains for each in chain})
    values, place = worth(sets), {each: n for n, each in enumerate(sets)}
    added = np.empty((len(orders), n_part, *values.shape[1:]))
    for n, (order, chain) in enumerate(zip(orders, chains, strict=True)):
        added[n, order] = np.diff(values[[place[each] for each in chain]], axis=0)
    pairs: Array = added.reshape(n_pair, 2, *added.shape[1:]).mean(axis=1)
    return pairs


def _chain(order: NDArray[np.int64]) -> list[int]:
    """Return the sets that an order passes through, from none to all."""
    sets = [0]
    for part in order.tolist():
        sets.append(sets[-1] | 1 << part)
    return sets
