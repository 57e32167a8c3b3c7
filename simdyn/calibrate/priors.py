"""Priors as maps from standard normal coordinates z to parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.stats import norm

from simdyn.arrays import Array
from simdyn.regions import Distribution, Prior


def parameter(prior: Prior, z: Array) -> Array:
    """Return the parameter at standard normal coordinate `z`, any shape, in the prior's unit.

    The half-normal folds: both signs of `z` give the same parameter, so a Gaussian over `z`
    needs no boundary.
    """
    return _MAPS[prior.distribution](prior, z)


def parameters(priors: Sequence[Prior], z: Array) -> dict[str, Array]:
    """Return each parameter by name, shape (member,), for `z` of shape (parameter, member)."""
    return {prior.parameter: parameter(prior, row) for prior, row in zip(priors, z, strict=True)}


def median_point(priors: Sequence[Prior]) -> Array:
    """Return the z of the prior medians, shape (parameter,); a folded prior's is not zero."""
    folded = [prior.distribution is Distribution.HALF_NORMAL for prior in priors]
    return np.where(folded, norm.ppf(0.75), 0.0)


def unfolded(priors: Sequence[Prior], z: Array) -> Array:
    """Return z with the sign of folded parameters dropped, shape (parameter, draw)."""
    folded = np.array([prior.distribution is Distribution.HALF_NORMAL for prior in priors])
    return np.where(folded[:, None], np.abs(z), z)


_MAPS: Mapping[Distribution, Callable[[Prior, Array], Array]] = {
    Distribution.NORMAL: lambda prior, z: prior.centre + prior.spread * z,
    Distribution.LOGNORMAL: lambda prior, z: prior.centre * np.exp(prior.spread * z),
    Distribution.HALF_NORMAL: lambda prior, z: prior.spread * np.abs(z),
}


def shrinkage(priors: Sequence[Prior], z: Array) -> Array:
    """Return 1 - posterior variance / prior variance of each parameter, shape (parameter,).

    Parameters
    ----------
    priors : of the parameters
    z : draws in prior standard deviations, shape (parameter, draw)
    """
    folded = [prior.distribution is Distribution.HALF_NORMAL for prior in priors]
    prior_variance = np.where(folded, 1 - 2 / np.pi, 1.0)
    return 1 - unfolded(priors, z).var(axis=1) / prior_variance
