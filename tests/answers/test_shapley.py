"""Shapley values: against the definition over all orders, and their axioms."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest

from simdyn.answers.shapley import Worth, exact, sampled
from simdyn.arrays import Array


def _table(values: Array) -> Worth:
    return lambda sets: values[list(sets)]


def _bits(sets: Sequence[int], n_part: int) -> Array:
    return np.array([[float(s >> part & 1) for part in range(n_part)] for s in sets])


def _random_game(n_part: int, n_draw: int) -> Array:
    return np.random.default_rng(n_part).standard_normal((1 << n_part, n_draw))


def test_it_is_the_mean_over_all_orders() -> None:
    values = _random_game(4, 3)
    orders = list(permutations(range(4)))
    wanted = np.zeros((4, 3))
    for order in orders:
        reached = 0
        for part in order:
            wanted[part] += values[reached | 1 << part] - values[reached]
            reached |= 1 << part
    np.testing.assert_allclose(exact(_table(values), 4), wanted / len(orders))


@pytest.mark.parametrize("n_part", [1, 2, 5, 8])
def test_parts_add_up_to_the_total_in_every_draw(n_part: int) -> None:
    values = _random_game(n_part, 7)
    total = values[-1] - values[0]
    np.testing.assert_allclose(exact(_table(values), n_part).sum(axis=0), total)
    pairs = sampled(_table(values), n_part, 3, np.random.default_rng(0))
    np.testing.assert_allclose(pairs.sum(axis=1), np.broadcast_to(total, (3, 7)))


def test_parts_that_do_the_same_get_the_same_and_one_that_does_nothing_gets_nothing() -> None:
    def worth(sets: Sequence[int]) -> Array:
        first, second, _, other = _bits(sets, 4).T
        return (first + second + first * second * (1 + other)) ** 2

    one, same, null, other = exact(worth, 4)
    assert one == pytest.approx(same)
    assert null == pytest.approx(0, abs=1e-12)
    assert other > 0


def test_in_a_linear_model_each_part_gets_its_own_effect() -> None:
    effects = np.array([2.0, -1.0, 0.5])
    game: Worth = lambda sets: 10 + _bits(sets, 3) @ effects  # noqa: E731
    np.testing.assert_allclose(exact(game, 3), effects)
    np.testing.assert_allclose(sampled(game, 3, 2, np.random.default_rng(0)), [effects] * 2)


def test_values_of_a_sum_of_games_add_up() -> None:
    one, other = _random_game(5, 2), _random_game(5, 2)[::-1] ** 2
    both = exact(_table(one + 3 * other), 5)
    np.testing.assert_allclose(both, exact(_table(one), 5) + 3 * exact(_table(other), 5))


def test_an_interaction_of_two_is_shared_in_halves() -> None:
    def product(sets: Sequence[int]) -> Array:
        return _bits(sets, 2).prod(axis=1)

    np.testing.assert_allclose(exact(product, 2), [0.5, 0.5])


def test_random_orders_come_near_within_their_error() -> None:
    values = _random_game(6, 1)
    pairs = sampled(_table(values), 6, 400, np.random.default_rng(5))[..., 0]
    error = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
    z = (pairs.mean(axis=0) - exact(_table(values), 6)[:, 0]) / error
    assert np.abs(z).max() < 4
    assert np.abs(z).max() > 0.1
