"""The sampler gives back densities that are known."""

import numpy as np
import pytest
from scipy import integrate

from simdyn.calibrate.fit import Fit
from simdyn.calibrate.priors import shrinkage
from simdyn.calibrate.sample import sample
from simdyn.regions import Distribution, Prior, Scope


class Kinked:
    """A standard normal prior in each direction and one figure that only pulls on one side."""

    def __init__(self, n_parameter: int) -> None:
        self.n_parameter = n_parameter

    def residuals(self, z: np.ndarray) -> np.ndarray:
        return np.vstack([4 * np.maximum(z[0] - 0.5, 0) ** 2, z])


def _fit(n_parameter: int, variance: float = 1.0) -> Fit:
    covariance = np.eye(n_parameter)
    covariance[0, 0] = variance
    return Fit(np.zeros(n_parameter), covariance, 0.0, (0.0,), 0.0)


def test_a_kinked_posterior_that_no_gaussian_has() -> None:
    drawn = sample(Kinked(1), _fit(1), 4000, 4, np.random.default_rng(1)).pooled[0]

    def density(z: float) -> float:
        return float(np.exp(-0.5 * (16 * max(z - 0.5, 0) ** 4 + z**2)))

    mass = integrate.quad(density, -8, 8)[0]
    for limit in (-1.0, 0.0, 0.5, 1.0):
        expected = integrate.quad(density, -8, limit)[0] / mass
        assert np.mean(drawn < limit) == pytest.approx(expected, abs=0.02)


def test_negative_controls_keep_their_prior_in_many_dimensions() -> None:
    n_parameter = 40
    drawn = sample(Kinked(n_parameter), _fit(n_parameter, 0.6), 400, 10, np.random.default_rng(2))
    spread = drawn.pooled[1:].std(axis=1)
    # 400 independent chains: each standard deviation is known to 3.5 percent, their mean to 0.6.
    assert np.mean(spread) == pytest.approx(1, abs=0.015)
    assert np.all(np.abs(spread - 1) < 0.12)


def test_same_seed_same_draws() -> None:
    first, second = (
        sample(Kinked(3), _fit(3), 20, 2, np.random.default_rng(5)).draws for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)


def test_shrinkage_of_a_folded_parameter_is_nil_at_its_prior() -> None:
    kinds = (Distribution.NORMAL, Distribution.HALF_NORMAL)
    priors = [
        Prior(
            parameter=kind,
            distribution=kind,
            centre=0,
            spread=1,
            unit="Dmnl",
            applies_to=Scope.MEASUREMENT,
            source="test",
        )
        for kind in kinds
    ]
    z = np.random.default_rng(4).standard_normal((2, 100_000))
    np.testing.assert_allclose(shrinkage(priors, z), 0, atol=0.02)
    np.testing.assert_allclose(shrinkage(priors, z / 2), 0.75, atol=0.01)
