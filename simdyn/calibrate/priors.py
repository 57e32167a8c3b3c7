"""Priors as monotone maps from standard normal coordinates z to parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

from simdyn.arrays import Array
from simdyn.regions import Distribution, Prior


def parameter(prior: Prior, z: Array) -> Array:
    """Return the parameter at standard normal coordinate `z`, any shape, in the prior's unit."""
    return _MAPS[prior.distribution](prior, z)


def parameters(priors: Sequence[Prior], z: Array) -> dict[str, Array]:
    """Return each parameter by name, shape (member,), for `z` of shape (parameter, member)."""
    return {prior.parameter: parameter(prior, row) for prior, row in zip(priors, z, strict=True)}


def _half_normal(z: Array) -> Array:
    """Return the standard half-normal with the probability of `z`: -ndtri(ndtr(-z) / 2)."""
    return -np.asarray(ndtri_exp(log_ndtr(-z) - np.log(2)))


_MAPS: Mapping[Distribution, Callable[[Prior, Array], Array]] = {
    Distribution.NORMAL: lambda prior, z: prior.centre + prior.spread * z,
    Distribution.LOGNORMAL: lambda prior, z: prior.centre * np.exp(prior.spread * z),
    Distribution.HALF_NORMAL: lambda prior, z: prior.spread * _half_normal(z),
}


def coordinate(prior: Prior, value: Array) -> Array:
    """Return the standard normal coordinate of a parameter, any shape: `parameter` turned round.

    Values that the prior excludes are at minus infinity.
    """
    return _INVERSES[prior.distribution](prior, value)


def _logarithm(value: Array) -> Array:
    return np.log(value, where=value > 0, out=np.full(value.shape, -np.inf))


_INVERSES: Mapping[Distribution, Callable[[Prior, Array], Array]] = {
    Distribution.NORMAL: lambda prior, value: (value - prior.centre) / prior.spread,
    Distribution.LOGNORMAL: lambda prior, value: _logarithm(value / prior.centre) / prior.spread,
    Distribution.HALF_NORMAL: lambda prior, value: (
        -ndtri(np.minimum(2 * ndtr(-value / prior.spread), 1))
    ),
}


class Transform:
    """The priors of a region as one map from z to parameters, for those who call it often."""

    def __init__(self, priors: Sequence[Prior]) -> None:
        self._centre = np.array([prior.centre for prior in priors])
        self._spread = np.array([prior.spread for prior in priors])
        self._logarithmic = _are(priors, Distribution.LOGNORMAL)
        self._half = _are(priors, Distribution.HALF_NORMAL)

    def __call__(self, z: Array) -> tuple[Array, Array]:
        """Return the parameters at `z` (parameter,), and d(parameter)/dz."""
        values, slopes = self._centre + self._spread * z, self._spread.copy()
        log = self._logarithmic
        values[log] = self._centre[log] * np.exp(self._spread[log] * z[log])
        slopes[log] *= values[log]
        if self._half.any():
            half, own = _half_normal(z[self._half]), z[self._half]
            values[self._half] = self._spread[self._half] * half
            # The ratio of the two densities at points of equal probability.
            slopes[self._half] *= np.exp((half**2 - own**2) / 2) / 2
        return values, slopes


def _are(priors: Sequence[Prior], distribution: Distribution) -> NDArray[np.bool_]:
    return np.array([prior.distribution is distribution for prior in priors], dtype=bool)


def shrinkage(z: Array) -> Array:
    """Return 1 - posterior variance / prior variance of each parameter, shape (parameter,).

    `z` are draws in prior standard deviations, shape (parameter, draw).
    """
    return 1 - z.var(axis=1)
