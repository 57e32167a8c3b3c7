"""The fit recovers planted parameters, leaves untouched ones alone and finds the known fit."""

import numpy as np
import pytest

from simdyn.calibrate.fit import fit
from simdyn.calibrate.priors import parameter, parameters
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.tables import prior_interval
from simdyn.engine.model import Model
from simdyn.regions import (
    Basis,
    Distribution,
    Likelihood,
    Observation,
    Operator,
    Prior,
    Region,
    RegionFile,
    Scope,
)


def _prior(name: str, distribution: Distribution, centre: float, spread: float) -> Prior:
    return Prior(
        parameter=name, distribution=distribution, centre=centre, spread=spread, unit="Dmnl",
        applies_to=Scope.MODEL, source="test",
    )  # fmt: skip


def _observe(operator: Operator, variable: str, start: int, end: int, sd: float) -> Observation:
    return Observation(
        label=f"{variable} {operator}", operator=operator, variable=variable, start=start,
        end=end, facts="test", likelihood=Likelihood.GAUSSIAN, sd=sd,
    )  # fmt: skip


PRIORS = (
    _prior("initial GDP", Distribution.LOGNORMAL, 300, 0.3),
    _prior("technology growth trend", Distribution.NORMAL, 0.01, 0.02),
    _prior("market investment rate", Distribution.LOGNORMAL, 0.5, 0.3),
    _prior("old death rate", Distribution.NORMAL, 0.04, 0.004),
)
UNTOUCHED = 3
OBSERVATIONS = (
    _observe(Operator.LEVEL, "nominal GDP", 2020, 2020, 0.05),
    _observe(Operator.AVERAGE_GROWTH, "GDP", 2016, 2020, 0.005),
    _observe(Operator.SUM, "fixed asset investment", 2016, 2020, 0.5),
)
PLANTED = np.array([0.5, -0.8, 1.0, 0.0])
REGION = Region(
    "test",
    RegionFile(name="Test", name_zh="测试", basis=Basis.FITTED, basis_note="synthetic"),
    PRIORS,
    OBSERVATIONS,
    (),
)
# A spending rule that does not look at the population: the old death rate then moves no figure.
FIXED = {"public spending per head": 0.0, "migration response": 0.0}


@pytest.fixture(scope="module")
def problem(growth_model: Model) -> Problem:
    blank = Problem(REGION, growth_model, FIXED, np.zeros(3))
    return Problem(REGION, growth_model, FIXED, blank.answers(PLANTED[:, None])[:, 0])


def test_planted_parameters_are_recovered(problem: Problem) -> None:
    found = fit(problem, 3, np.random.default_rng(1))
    assert found.n_agreeing == 3
    # The figures are nearly exact, so the prior pulls by less than a twentieth of its spread.
    np.testing.assert_allclose(found.z, PLANTED, atol=0.05)


def test_untouched_parameter_keeps_its_prior(problem: Problem) -> None:
    found = fit(problem, 1, np.random.default_rng(1))
    assert found.z[UNTOUCHED] == pytest.approx(0, abs=1e-9)
    variance = np.diag(found.covariance)
    assert variance[UNTOUCHED] == pytest.approx(1, abs=1e-9)
    assert np.all(variance[:UNTOUCHED] < 0.1)
    assert found.effective_figures == pytest.approx(3, abs=0.1)


def test_same_seed_same_fit(problem: Problem) -> None:
    first, second = (fit(problem, 2, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first.z, second.z)


def test_a_region_without_figures_stays_at_its_prior(growth_model: Model) -> None:
    bare = Region("bare", REGION.file, PRIORS, (), ())
    found = fit(Problem(bare, growth_model, {}, np.empty(0)), 4, np.random.default_rng(1))
    np.testing.assert_array_equal(found.z, 0)
    np.testing.assert_array_equal(found.covariance, np.eye(4))


def test_priors_have_their_stated_spread() -> None:
    z = np.random.default_rng(3).standard_normal((3, 200_000))
    normal = _prior("a", Distribution.NORMAL, 2, 0.5)
    lognormal = _prior("b", Distribution.LOGNORMAL, 2, 0.5)
    folded = _prior("c", Distribution.HALF_NORMAL, 0, 0.5)
    drawn = parameters([normal, lognormal, folded], z)
    for prior in (normal, lognormal, folded):
        percentiles = np.percentile(drawn[prior.parameter], [5, 50, 95])
        np.testing.assert_allclose(percentiles, prior_interval(prior), rtol=0.02)
    assert parameter(folded, np.array([-1.0])) == parameter(folded, np.array([1.0]))
