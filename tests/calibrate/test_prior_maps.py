"""Priors have their stated spread, and their maps the stated slopes."""

import numpy as np
from small_region import prior

from simdyn.calibrate.priors import Transform, parameter, parameters, shrinkage
from simdyn.calibrate.tables import prior_interval
from simdyn.regions import Distribution

PRIORS = (
    prior("a", Distribution.NORMAL, 2, 0.5),
    prior("b", Distribution.LOGNORMAL, 2, 0.5),
    prior("c", Distribution.HALF_NORMAL, 0, 0.5),
)


def test_priors_have_their_stated_spread() -> None:
    z = np.random.default_rng(3).standard_normal((3, 200_000))
    drawn = parameters(PRIORS, z)
    for each in PRIORS:
        percentiles = np.percentile(drawn[each.parameter], [5, 50, 95])
        np.testing.assert_allclose(percentiles, prior_interval(each), rtol=0.02)
    np.testing.assert_allclose(drawn["c"].std(), 0.5 * np.sqrt(1 - 2 / np.pi), rtol=0.01)
    assert drawn["c"].min() > 0


def test_one_map_of_all_priors_with_slopes() -> None:
    transform = Transform(PRIORS)
    for z in (np.zeros(3), np.array([1.5, -2.0, -4.0]), np.array([-8.0, 8.0, 8.0])):
        values, slopes = transform(z)
        alone = [float(parameter(p, np.asarray(x))) for p, x in zip(PRIORS, z, strict=True)]
        np.testing.assert_allclose(values, alone, rtol=1e-14)
        differences = (transform(z + 1e-6)[0] - transform(z - 1e-6)[0]) / 2e-6
        np.testing.assert_allclose(slopes, differences, rtol=1e-6, atol=1e-12)


def test_shrinkage_is_the_share_of_variance_that_is_gone() -> None:
    z = np.random.default_rng(4).standard_normal((2, 100_000))
    np.testing.assert_allclose(shrinkage(z), 0, atol=0.02)
    np.testing.assert_allclose(shrinkage(z / 2), 0.75, atol=0.01)
