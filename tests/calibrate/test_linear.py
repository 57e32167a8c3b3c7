"""Leaving figures out by linear algebra agrees with fitting without them."""

from dataclasses import replace

import numpy as np
import pytest
from small_region import UNTOUCHED

from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.fit import fit
from simdyn.calibrate.linear import Linear
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.refit import keep
from simdyn.calibrate.sample import Sample

NO_DRAWS = Sample(np.zeros((1, 1, 4)), np.zeros((1, 1), dtype=bool), 0, 0)


@pytest.fixture(scope="module")
def off(problem: Problem) -> Problem:
    """Figures that are all a little off, with errors wide enough for the prior to speak."""
    wide = [
        o.model_copy(update={"sd": sd}) for o, sd in zip(_of(problem), (9, 0.4, 50), strict=True)
    ]
    region = replace(problem.region, observations=tuple(wide))
    return replace(problem, region=region, reported=problem.reported * [1.02, 1.05, 0.98])


def _of(problem: Problem):
    return problem.region.observations


def _calibration(problem: Problem) -> Calibration:
    posterior = Posterior({"test": problem})
    return Calibration(posterior, fit(posterior, 1, np.random.default_rng(1)), NO_DRAWS)


def test_variance_without_a_figure(off: Problem) -> None:
    linear = Linear.of(_calibration(off))
    gains = linear.gains(np.eye(4))
    for n in range(3):
        rest = np.delete(linear.jacobian, n, axis=0)
        without = np.linalg.inv(np.eye(4) + rest.T @ rest)
        both = np.linalg.inv(np.eye(4) + linear.jacobian.T @ linear.jacobian)
        np.testing.assert_allclose(gains[:, n], np.diag(without - both), atol=1e-9)
    np.testing.assert_allclose(gains[UNTOUCHED], 0, atol=1e-12)


def test_z_without_one_figure_and_without_two() -> None:
    rng = np.random.default_rng(4)
    jacobian, figures = rng.standard_normal((6, 3)), rng.standard_normal(6)

    def left_out(n: int, *others: int) -> float:
        rows = [m for m in range(6) if m not in (n, *others)]
        covariance = np.linalg.inv(np.eye(3) + jacobian[rows].T @ jacobian[rows])
        point = covariance @ jacobian[rows].T @ figures[rows]
        variance = 1 + jacobian[n] @ covariance @ jacobian[n]
        return float((jacobian[n] @ point - figures[n]) / np.sqrt(variance))

    point = np.linalg.solve(np.eye(3) + jacobian.T @ jacobian, jacobian.T @ figures)
    apart = np.linalg.inv(np.eye(6) + jacobian @ jacobian.T)
    linear = Linear((), jacobian @ point - figures, jacobian, apart)
    np.testing.assert_allclose(linear.z, [left_out(n) for n in range(6)], atol=1e-12)
    expected = [[np.nan if i == j else left_out(i, j) for j in range(6)] for i in range(6)]
    np.testing.assert_allclose(linear.z_without, expected, atol=1e-12)


def test_z_of_the_model_is_nearly_that_of_a_new_fit(off: Problem) -> None:
    linear = Linear.of(_calibration(off))
    for n in range(3):
        fitted = _calibration(keep(off, [m for m in range(3) if m != n]))
        assert linear.z[n] == pytest.approx(_z(fitted, off, n), abs=0.15)


def _z(fitted: Calibration, whole: Problem, n: int) -> float:
    """The prediction of a figure at a fit that did not see it, in standard deviations."""
    residuals, jacobian = Posterior({"test": whole}).residuals(fitted.fit.point)
    variance = 1 + jacobian[n] @ fitted.fit.covariance @ jacobian[n]
    return float(residuals[n] / np.sqrt(variance))
