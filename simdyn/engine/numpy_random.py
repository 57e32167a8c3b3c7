"""Random numbers without a generator: each draw is a hash of where and for whom it is made.

A draw depends on the seed, the place in the model, the label of the member and the number of the
step, so that neither the other members nor their order nor the block changes a bit. The hash is
the finalizer of splitmix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
generators"); distributions follow by inverse transform, one draw one number.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from simdyn.engine.numpy_functions import Function, Value

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
ROUNDS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
LAST_SHIFT = np.uint64(31)
DROPPED_BITS = np.uint64(11)
UNIT = 2.0**-53


def uniform(seed: Value, stream: Value, member: Value, step: Value) -> NDArray[np.float64]:
    """Return numbers above 0 and below 1, (member,)."""
    hashed = _mixed(word(seed))
    for part in (stream, member, step):
        hashed = _mixed(hashed ^ _mixed(word(part)))
    return ((hashed >> DROPPED_BITS).astype(float) + 0.5) * UNIT


def word(value: Value | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return whole numbers, negative ones too, as 64 bits."""
    return np.atleast_1d(np.asarray(value)).astype(np.uint64)


def _mixed(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    word = word + GOLDEN
    for shift, factor in ROUNDS:
        word = (word ^ (word >> shift)) * factor
    return word ^ (word >> LAST_SHIFT)


def _floats(value: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(value, dtype=float)


def _between(u: Value, low: Value, high: Value) -> Value:
    return low + u * (high - low)


def _normal(u: Value, low: Value, high: Value, mean: Value, deviation: Value) -> Value:
    first = special.ndtr((low - mean) / deviation)
    last = special.ndtr((high - mean) / deviation)
    drawn = mean + deviation * special.ndtri(_between(u, first, last))
    bounded: Value = np.minimum(np.maximum(drawn, low), high)
    return np.where(np.equal(deviation, 0), mean, bounded)


def _exponential(u: Value, low: Value, high: Value, shift: Value, scale: Value) -> Value:
    first = np.maximum(low, shift)
    share = -np.expm1(-(high - first) / scale)
    return first - scale * np.log1p(-u * share)


def _triangular(u: Value, low: Value, high: Value, start: Value, peak: Value, stop: Value) -> Value:
    share = (peak - start) / (stop - start)
    rising = start + np.sqrt(u * (stop - start) * (peak - start))
    falling = stop - np.sqrt((1 - u) * (stop - start) * (stop - peak))
    return np.clip(np.where(u < share, rising, falling), low, high)


def _weibull(u: Value, low: Value, high: Value, shape: Value, shift: Value, scale: Value) -> Value:
    return np.clip(shift + scale * (-np.log1p(-u)) ** (1 / shape), low, high)


def _gamma(u: Value, low: Value, high: Value, order: Value, shift: Value, scale: Value) -> Value:
    return np.clip(shift + scale * special.gammaincinv(_floats(order), _floats(u)), low, high)


def _beta(
    u: Value, low: Value, high: Value, alpha: Value, beta: Value, shift: Value, scale: Value
) -> Value:
    return np.clip(shift + scale * special.betaincinv(alpha, beta, u), low, high)


def _poisson(u: Value, low: Value, high: Value, mean: Value, shift: Value, scale: Value) -> Value:
    # The continuous inverse lies within one of the smallest count whose share reaches u.
    near = np.maximum(np.ceil(special.pdtrik(_floats(u), _floats(mean))), 0.0)
    below = np.maximum(near - 1, 0.0)
    count = np.where(special.pdtr(below, _floats(mean)) >= u, below, near)
    return np.clip(shift + scale * count, low, high)


_DISTRIBUTIONS: dict[str, Function] = {
    "uniform": _between,
    "normal": _normal,
    "exponential": _exponential,
    "triangular": _triangular,
    "weibull": _weibull,
    "gamma": _gamma,
    "beta": _beta,
    "poisson": _poisson,
}


@cache
def draw(distribution: str) -> Function:
    """Return the function of (seed, stream, member, step, *arguments) that draws."""
    inverse: Callable[..., Value] = _DISTRIBUTIONS[distribution]

    def function(
        seed: Value, stream: Value, member: Value, step: Value, *arguments: Value
    ) -> Value:
        return inverse(uniform(seed, stream, member, step), *arguments)

    return function
