"""The fit recovers planted parameters, leaves untouched ones alone and finds the known fit."""

import numpy as np
import pytest
from small_region import PLANTED, PRIORS, UNTOUCHED, make_region

from simdyn.calibrate.fit import fit
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.problem import Problem
from simdyn.engine.model import Model


def test_planted_parameters_are_recovered(problem: Problem) -> None:
    found = fit(Posterior({"test": problem}), 3, np.random.default_rng(1))
    assert found.n_agreeing == 3
    # The figures are nearly exact, so the prior pulls by less than a twentieth of its spread.
    np.testing.assert_allclose(found.point, PLANTED, atol=0.05)


def test_untouched_parameter_keeps_its_prior(problem: Problem) -> None:
    found = fit(Posterior({"test": problem}), 1, np.random.default_rng(1))
    assert found.point[UNTOUCHED] == pytest.approx(0, abs=1e-9)
    variance = np.diag(found.covariance)
    assert variance[UNTOUCHED] == pytest.approx(1, abs=1e-9)
    assert np.all(variance[:UNTOUCHED] < 0.1)


def test_same_seed_same_fit(problem: Problem) -> None:
    posterior = Posterior({"test": problem})
    first, second = (fit(posterior, 2, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first.point, second.point)


def test_a_region_without_figures_stays_at_its_prior(growth_model: Model) -> None:
    bare = Problem(make_region("bare", PRIORS, ()), growth_model, {}, np.empty(0))
    found = fit(Posterior({"bare": bare}), 4, np.random.default_rng(1))
    np.testing.assert_allclose(found.point, 0, atol=1e-9)
    np.testing.assert_array_equal(found.covariance, np.eye(4))
