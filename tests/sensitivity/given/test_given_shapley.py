"""Shapley effects against sums over all orders, worked out from known covariances."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from simdyn.errors import RunError
from simdyn.sensitivity.given import given, shapley

COVARIANCE = np.array([[1, 0.8, 0.3], [0.8, 1, 0], [0.3, 0, 1]])
WEIGHTS = np.array([1.0, 0.0, 2.0])


def _closed_form(covariance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the variance each input adds, mean over all orders, for a linear normal model."""
    towards = covariance @ weights
    effects = np.zeros(len(weights))
    orders = list(permutations(range(len(weights))))
    for order in orders:
        before = 0.0
        for place, i in enumerate(order):
            known = list(order[: place + 1])
            part = covariance[np.ix_(known, known)]
            now = float(towards[known] @ np.linalg.solve(part, towards[known]))
            effects[i] += (now - before) / len(orders)
            before = now
    return effects


def _effects(x: np.ndarray, y: np.ndarray, **options: object) -> pd.DataFrame:
    data = given(x, y[:, None], [f"x{n}" for n in range(x.shape[1])], ["y"])
    found = shapley(data, np.random.default_rng(0), n_half=10, **options)  # type: ignore[arg-type]
    assert found.effects["effect"].sum() == pytest.approx(found.fits["explained"][0], abs=1e-9)
    return found.effects.set_index("input").sort_index()


def _normal(covariance: np.ndarray, n_draw: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    return rng.multivariate_normal(np.zeros(len(covariance)), covariance, n_draw)


def test_linear_model_with_correlated_inputs_has_the_closed_form() -> None:
    x = _normal(COVARIANCE, 20_000)
    y = x @ WEIGHTS + 0.5 * np.random.default_rng(6).standard_normal(20_000)
    total = WEIGHTS @ COVARIANCE @ WEIGHTS + 0.25
    expected = _closed_form(COVARIANCE, WEIGHTS) / total
    np.testing.assert_allclose(_effects(x, y)["effect"], expected, atol=0.01)


def test_sampled_orders_of_many_inputs_come_near_the_closed_form() -> None:
    covariance = np.eye(7) + 0.4 * (1 - np.eye(7))
    weights = np.array([2, 1, 1, 0, 0, -1, 0.5])
    x = _normal(covariance, 20_000)
    effects = _effects(x, x @ weights)["effect"]
    expected = _closed_form(covariance, weights) / (weights @ covariance @ weights)
    np.testing.assert_allclose(effects, expected, atol=0.02)


def test_inputs_of_a_product_share_it_alike_at_any_correlation() -> None:
    x = _normal(np.array([[1, 0.6], [0.6, 1]]), 20_000)
    effects = _effects(x, x[:, 0] * x[:, 1])
    np.testing.assert_allclose(effects["effect"], 0.5, atol=0.01)


def test_cube_of_one_of_two_correlated_inputs() -> None:
    x = _normal(np.array([[1, 0.6], [0.6, 1]]), 20_000)
    # Var E[x^3 | other] / 15 by its Hermite terms: 9 r^2 of the linear, 6 r^6 of the cubic one.
    other = (9 * 0.6**2 + 6 * 0.6**6) / 15
    effects = _effects(x, x[:, 0] ** 3)["effect"]
    np.testing.assert_allclose(effects, [1 - other / 2, other / 2], atol=0.015)


def test_inputs_of_any_distribution_are_told_by_their_ranks() -> None:
    z = _normal(COVARIANCE, 4000)
    y = z @ WEIGHTS
    skewed = np.stack([np.exp(z[:, 0]), norm.cdf(z[:, 1]), z[:, 2] ** 3], axis=1)
    pd.testing.assert_frame_equal(_effects(skewed, y), _effects(z, y))


def test_groups_add_up_whole_blocks_of_inputs() -> None:
    covariance = np.kron(np.eye(2), np.array([[1, 0.7], [0.7, 1]]))
    x = _normal(covariance, 4000)
    groups = {"x0": "north", "x1": "north", "x2": "south", "x3": "south"}
    effects = _effects(x, x @ [1, 1, 1, 0], groups=groups)["effect"]
    # Blocks are independent: each has its own variance, 3.4 and 1.
    np.testing.assert_allclose(effects, [3.4 / 4.4, 1 / 4.4], atol=0.02)


def test_a_copy_of_an_input_takes_half_of_its_effect() -> None:
    x = _normal(np.eye(2), 1000)
    x = np.column_stack([x[:, 0], x[:, 0], x[:, 1]])
    effects = _effects(x, x[:, 0] + x[:, 2])["effect"]
    assert effects["x0"] == pytest.approx(effects["x1"], abs=1e-3)
    assert effects["x0"] == pytest.approx(0.25, abs=0.03)


def test_an_outcome_that_nothing_moves_is_left_unexplained() -> None:
    rng = np.random.default_rng(8)
    data = given(rng.random((400, 20)), rng.random((400, 3)), [f"x{n}" for n in range(20)], "uvw")
    found = shapley(data, rng, n_half=10)
    assert (found.fits["explained"].abs() < 0.1).all()
    assert not found.effects["above_noise"].any()


def test_an_outcome_no_polynomial_follows_is_said_to_be_unexplained() -> None:
    x = _normal(np.eye(2), 2000)
    data = given(x, np.sin(20 * x[:, :1]), ["a", "b"], ["y"])
    fits = shapley(data, np.random.default_rng(0), n_half=5).fits
    assert fits["unexplained"][0] > 0.95


def test_too_few_draws_and_unknown_groups_are_refused() -> None:
    rng = np.random.default_rng(9)
    wide = given(rng.random((120, 30)), rng.random((120, 1)), [f"x{n}" for n in range(30)], ["y"])
    with pytest.raises(RunError, match="120 sound draws, at least 150"):
        shapley(wide, rng)
    data = given(rng.random((120, 2)), rng.random((120, 1)), ["rate", "ratio"], ["y"])
    with pytest.raises(RunError, match=r"'ratio' has no group. Did you mean 'ration'\?"):
        shapley(data, rng, {"rate": "one", "ration": "two"})


def test_same_seed_same_effects() -> None:
    x = _normal(np.eye(7), 300)
    data = given(x, x[:, :1] ** 2, list("abcdefg"), ["y"])
    first, second = (shapley(data, np.random.default_rng(4), n_half=5) for _ in range(2))
    pd.testing.assert_frame_equal(first.effects, second.effects, check_exact=True)
