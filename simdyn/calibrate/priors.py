"""Priors as maps from standard normal coordinates z to parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from simdyn.regions import Distribution, Prior

Array = NDArray[np.float64]


def parameter(prior: Prior, z: Array) -> Array:
    """Return the parameter at standard normal coordinate `z`, any shape, in the prior's unit.

    The half-normal folds: both signs of `z` give the same parameter, so a Gaussian over `z`
    needs no boundary.
    """
    return _MAPS[prior.distribution](prior, z)


def parameters(priors: Sequence[Prior], z: Array) -> dict[str, Array]:
    """Return each parameter by name, shape (member,), for `z` of shape (parameter, member)."""
    return {prior.parameter: parameter(prior, row) for prior, row in zip(priors, z, strict=True)}


_MAPS: Mapping[Distribution, Callable[[Prior, Array], Array]] = {
    Distribution.NORMAL: lambda prior, z: prior.centre + prior.spread * z,
    Distribution.LOGNORMAL: lambda prior, z: prior.centre * np.exp(prior.spread * z),
    Distribution.HALF_NORMAL: lambda prior, z: prior.spread * np.abs(z),
}
