"""Errors of figures: residuals squared are deviances."""

import numpy as np
import pytest
from scipy import stats

from simdyn.calibrate.likelihoods import Errors, report, z_score
from simdyn.regions import Likelihood, Observation, Operator

MODELLED = np.linspace(-20, 20, 41)


def _observation(likelihood: Likelihood, sd_above: float | None = None) -> Observation:
    return Observation(
        label="x", operator=Operator.LEVEL, variable="GDP", start=2020, end=2020, facts="f",
        likelihood=likelihood, sd=2.0, sd_above=sd_above,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("likelihood", "distribution"),
    [(Likelihood.GAUSSIAN, stats.norm(3, 2)), (Likelihood.STUDENT, stats.t(4, 3, 2))],
)
def test_squared_residual_is_the_deviance(likelihood: Likelihood, distribution) -> None:
    observation = _observation(likelihood)
    errors = Errors([observation] * len(MODELLED), np.full(len(MODELLED), 3.0))
    r, slope = errors(MODELLED)
    differences = (errors(MODELLED + 1e-6)[0] - errors(MODELLED - 1e-6)[0]) / 2e-6
    np.testing.assert_allclose(slope, differences, rtol=1e-6)
    deviance = 2 * (distribution.logpdf(3.0) - distribution.logpdf(MODELLED))
    np.testing.assert_allclose(r**2, deviance, atol=1e-12)
    assert np.all(np.sign(r) == np.sign(MODELLED - 3))


def test_split_has_two_widths() -> None:
    observation = _observation(Likelihood.SPLIT, sd_above=25.0)
    np.testing.assert_allclose(z_score(observation, 10.0, np.array([8.0, 35.0])), [-1.0, 1.0])
    errors = Errors([observation, observation], np.array([10.0, 10.0]))
    np.testing.assert_allclose(errors(np.array([8.0, 35.0])), [[-1, 1], [1 / 2, 1 / 25]])


@pytest.mark.parametrize(
    ("likelihood", "sd_above"),
    [(Likelihood.GAUSSIAN, None), (Likelihood.SPLIT, 7.0), (Likelihood.STUDENT, None)],
)
def test_made_up_reports_have_the_density_of_their_likelihood(
    likelihood: Likelihood, sd_above: float | None
) -> None:
    observation = _observation(likelihood, sd_above)
    n, modelled = 20_000, 3.0
    reports = report([observation] * n, np.full(n, modelled), np.random.default_rng(1))
    grid = np.linspace(-150, 150, 30_001)
    residuals = [Errors([observation], np.array([r]))(np.array([modelled]))[0][0] for r in grid]
    density = np.exp(-0.5 * np.square(residuals))
    expected = np.cumsum(density) / density.sum()
    assert stats.kstest(reports, lambda x: np.interp(x, grid, expected)).pvalue > 0.01
