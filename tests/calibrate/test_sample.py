"""The sampler gives back densities that are known."""

import numpy as np
import pytest
from scipy import integrate
from small_region import UNTOUCHED

from simdyn.calibrate.calibration import Effort, calibrate
from simdyn.calibrate.diagnostics import diagnose
from simdyn.calibrate.fit import Fit
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.sample import Plan, sample_here, thinned


class Kinked:
    """A standard normal in each direction and one figure that only pulls on one side."""

    def __init__(self, n_coordinate: int) -> None:
        self.n_coordinate = n_coordinate

    def log_density(self, point: np.ndarray) -> tuple[float, np.ndarray]:
        pull = max(point[0] - 0.5, 0.0)
        gradient = -point
        gradient[0] -= 32 * pull**3
        return float(-0.5 * (16 * pull**4 + point @ point)), gradient


def _fit(n: int, information: float = 0.0) -> Fit:
    known = np.zeros((n, n))
    known[0, 0] = information
    return Fit(np.zeros(n), known, 0.0, (0.0,))


def test_a_kinked_posterior_that_no_gaussian_has() -> None:
    drawn = sample_here(Kinked(1), _fit(1), Plan(4000, 1, n_tuning=300)).pooled[0]  # type: ignore[arg-type]

    def density(z: float) -> float:
        return float(np.exp(-0.5 * (16 * max(z - 0.5, 0) ** 4 + z**2)))

    mass = integrate.quad(density, -8, 8)[0]
    for limit in (-1.0, 0.0, 0.5, 1.0):
        expected = integrate.quad(density, -8, limit)[0] / mass
        assert np.mean(drawn < limit) == pytest.approx(expected, abs=0.02)


def test_negative_controls_keep_their_prior_in_many_dimensions() -> None:
    drawn = sample_here(Kinked(40), _fit(40, 0.7), Plan(1000, 2, n_tuning=300))  # type: ignore[arg-type]
    spread = drawn.pooled[1:].std(axis=1)
    # An ensemble sampler that shrinks untouched directions, as stretch moves do, misses by 10 %.
    assert np.mean(spread) == pytest.approx(1, abs=0.01)
    assert np.all(np.abs(spread - 1) < 0.06)
    table = diagnose(drawn.points)
    assert table["rhat"].max() < 1.01
    assert table["ess_bulk"].min() > 400
    assert drawn.n_diverging < 10


class Cliff(Kinked):
    """A density that has no value beyond a cliff."""

    def log_density(self, point: np.ndarray) -> tuple[float, np.ndarray]:
        if point[1] > 1.5:
            return float("nan"), np.full_like(point, np.nan)
        return super().log_density(point)


def test_impossible_runs_are_the_divergences() -> None:
    drawn = sample_here(Cliff(3), _fit(3), Plan(1000, 4, n_tuning=300))  # type: ignore[arg-type]
    assert drawn.points[..., 1].max() <= 1.5
    assert drawn.n_impossible > 100
    # All others are those that the kink of the figure makes.
    assert 0 <= drawn.n_diverging - drawn.n_impossible < 10


def test_calibration_has_the_same_bits_in_processes_and_here(problem: Problem) -> None:
    problems = {"test": problem}
    found = calibrate(problems, Effort(starts=2, draws=80), seed=3)
    here = sample_here(found.posterior, found.fit, Plan(20, 3, n_tuning=20))
    np.testing.assert_array_equal(found.sample.points, here.points)
    region = found.regions["test"]
    assert region.draws.shape == (4, 80)
    np.testing.assert_array_equal(region.points[1, 0], region.draws[:, 20])
    assert found.untouched == [("old death rate", "test")]
    assert region.effective_figures == pytest.approx(3, abs=0.1)
    assert region.shrinkage[UNTOUCHED] < 0.5 < region.shrinkage[:UNTOUCHED].min()


def test_thinned_draws_are_spread_evenly() -> None:
    assert thinned(np.arange(10.0)[None], 5).tolist() == [[0, 2, 4, 6, 8]]
    with pytest.raises(ValueError, match="11 draws asked of 10"):
        thinned(np.arange(10.0)[None], 11)
