"""The joint posterior: its coordinates, its residuals and its derivatives."""

from dataclasses import replace

import numpy as np
import pytest
from small_region import FIXED, OBSERVATIONS, PLANTED, PRIORS, make_region, observe, prior

from simdyn.calibrate.fit import fit
from simdyn.calibrate.likelihoods import z_score
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.problem import Problem
from simdyn.engine.model import Model
from simdyn.regions import Distribution, Likelihood, Operator, Scope

SHARE = 0.6
POOLED = tuple(
    p.model_copy(update={"pooling": SHARE}) if p.parameter == "technology growth trend" else p
    for p in PRIORS
)
MEASURED = (
    prior("pass-through", Distribution.NORMAL, 0.7, 0.1, applies_to=Scope.MEASUREMENT),
    prior("wider scope", Distribution.HALF_NORMAL, 0, 1.0, applies_to=Scope.MEASUREMENT),
)
EVERY_KIND = (
    *OBSERVATIONS,
    observe(Operator.GROWTH, "industry output", 2019, 2019, 1.0, over="pass-through"),
    observe(Operator.SHARE, "industry output", 2016, 2016, 1.0, scope="wider scope"),
    observe(Operator.RATIO, "budget revenue", 2015, 2020, 0.1, times="pass-through"),
    observe(
        Operator.LEVEL, "population", 2018, 2018, 4.0, likelihood=Likelihood.SPLIT, sd_above=9.0
    ),
    observe(Operator.LEVEL, "services output", 2018, 2018, 4.0, likelihood=Likelihood.STUDENT),
)


@pytest.fixture(scope="module")
def two(growth_model: Model, problem: Problem) -> Posterior:
    """One region with figures of every kind and one without any, with one pooled parameter."""
    region = make_region("full", (*POOLED, *MEASURED), EVERY_KIND)
    full = Problem(region, growth_model, FIXED, np.zeros(len(EVERY_KIND)))
    reported = full.answers(np.zeros((len(region.priors), 1)))[:, 0] * 1.01
    bare = Problem(make_region("bare", POOLED, ()), growth_model, {}, np.empty(0))
    return Posterior({"full": replace(full, reported=reported), "bare": bare})


def test_every_region_keeps_its_prior_and_shares_the_pooled_part(two: Posterior) -> None:
    first, second = two.maps["full"], two.maps["bare"]
    np.testing.assert_allclose(first @ first.T, np.eye(6), atol=1e-15)
    np.testing.assert_allclose(second @ second.T, np.eye(4), atol=1e-15)
    expected = np.zeros((6, 4))
    expected[1, 1] = SHARE
    np.testing.assert_allclose(first @ second.T, expected, atol=1e-15)
    assert two.names[0] == ("technology growth trend", "")


def test_residuals_are_those_of_the_answers(two: Posterior) -> None:
    point = 0.5 * np.random.default_rng(1).standard_normal(two.n_coordinate)
    found, _ = two.residuals(point)
    problem = two.problems["full"]
    modelled = problem.answers((two.maps["full"] @ point)[:, None])[:, 0]
    for residual, o, r, m in zip(
        found, problem.region.observations, problem.reported, modelled, strict=True
    ):
        z = z_score(o, float(r), np.asarray(m))
        if o.likelihood is Likelihood.STUDENT:
            assert abs(residual) < abs(z) * 1.2
            assert np.sign(residual) == np.sign(z)
        else:
            assert residual == pytest.approx(float(z), rel=1e-9)


def test_derivatives_agree_with_central_differences(two: Posterior) -> None:
    point = 0.5 * np.random.default_rng(2).standard_normal(two.n_coordinate)
    _, jacobian = two.residuals(point)
    for n in range(two.n_coordinate):
        step = 1e-5 * np.eye(two.n_coordinate)[n]
        high, low = two.residuals(point + step)[0], two.residuals(point - step)[0]
        scale = 1e-6 * np.abs(jacobian).max(axis=1)
        np.testing.assert_array_less(np.abs((high - low) / 2e-5 - jacobian[:, n]), scale + 1e-9)
    value, gradient = two.log_density(point)
    residuals = two.residuals(point)[0]
    assert value == pytest.approx(-0.5 * (residuals @ residuals + point @ point))
    np.testing.assert_allclose(gradient, -(residuals @ jacobian + point))


def test_other_reported_figures_change_nothing_else(two: Posterior) -> None:
    reported = two.problems["full"].reported * 1.1
    point = np.full(two.n_coordinate, 0.1)
    before = two.residuals(point)
    other = two.reporting({"full": reported})
    fresh = Posterior({**two.problems, "full": replace(two.problems["full"], reported=reported)})
    for found, expected in zip(other.residuals(point), fresh.residuals(point), strict=True):
        np.testing.assert_array_equal(found, expected)
    for found, expected in zip(two.residuals(point), before, strict=True):
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(other.problems["full"].reported, reported)


def test_a_figure_of_one_region_moves_the_pooled_parameter_of_another(
    growth_model: Model, problem: Problem
) -> None:
    known = replace(problem, region=make_region("known", POOLED, OBSERVATIONS))
    bare = Problem(make_region("bare", POOLED, ()), growth_model, {}, np.empty(0))
    posterior = Posterior({"known": known, "bare": bare})
    found = fit(posterior, 1, np.random.default_rng(1))
    z = posterior.regions(found.point)
    # What is known exactly of one region is known of the other by the correlation between them.
    assert z["known"][1] == pytest.approx(PLANTED[1], abs=0.05)
    assert z["bare"][1] == pytest.approx(SHARE * z["known"][1], abs=1e-6)
    np.testing.assert_allclose(z["bare"][[0, 2, 3]], 0, atol=1e-9)
