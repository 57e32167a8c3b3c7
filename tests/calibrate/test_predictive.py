"""Scores and draws of predictions against closed forms."""

import numpy as np
import pytest
from scipy import integrate, stats
from small_region import observe

from simdyn.calibrate.likelihoods import Errors, report
from simdyn.calibrate.predictive import Normal, Weighted, covers
from simdyn.regions import Likelihood, Operator


@pytest.mark.parametrize("reported", [-1.0, 2.0, 6.0])
def test_score_of_a_normal_is_its_definition(reported: float) -> None:
    normal = Normal(2.0, 1.5)

    def squared(x: float) -> float:
        return float((stats.norm.cdf(x, 2.0, 1.5) - (x >= reported)) ** 2)

    points = [reported]
    expected = integrate.quad(squared, -15, 20, points=points, limit=200)[0]
    assert normal.crps(reported) == pytest.approx(expected, abs=1e-6)


def test_weighted_draws_are_the_distribution_they_are_weighted_to() -> None:
    draws = np.random.default_rng(1).normal(0, 2, 200_000)
    logs = stats.norm.logpdf(draws, 1, 1) - stats.norm.logpdf(draws, 0, 2)
    found, exact = Weighted.of(draws, logs), Normal(1.0, 1.0)
    assert found.mean == pytest.approx(1, abs=0.02)
    assert found.sd == pytest.approx(1, abs=0.02)
    assert found.quantile(0.9) == pytest.approx(exact.quantile(0.9), abs=0.03)
    assert found.crps(2.5) == pytest.approx(exact.crps(2.5), abs=0.02)
    assert covers(found, 2.5, 0.9)
    assert not covers(found, 2.5, 0.8)


def test_score_of_few_draws_and_of_a_point() -> None:
    draws, weights = np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.5, 0.3])
    pairs = np.abs(draws[:, None] - draws)
    expected = weights @ np.abs(draws - 1.7) - weights @ pairs @ weights / 2
    assert Weighted(draws, weights).crps(1.7) == pytest.approx(expected)
    point = Weighted.of(np.array([4.0, np.nan]))
    assert point.crps(1.5) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("likelihood", "above"),
    [(Likelihood.GAUSSIAN, None), (Likelihood.SPLIT, 6.0), (Likelihood.STUDENT, None)],
)
def test_error_of_report_has_the_density_of_the_residuals(
    likelihood: Likelihood, above: float | None
) -> None:
    one = observe(Operator.LEVEL, "GDP", 2020, 2020, 2.0, likelihood=likelihood, sd_above=above)
    drawn = -report([one], np.zeros((200_000, 1)), np.random.default_rng(2))[:, 0]
    grid = np.linspace(-200, 200, 400_001)
    residuals, _ = Errors([one], np.zeros(1))(grid[:, None])
    density = np.exp(-(residuals[:, 0] ** 2) / 2)
    share = np.cumsum(density) / density.sum()
    for probability in (0.1, 0.3, 0.5, 0.9):
        limit = grid[np.searchsorted(share, probability)]
        assert np.mean(drawn < limit) == pytest.approx(probability, abs=0.01)
