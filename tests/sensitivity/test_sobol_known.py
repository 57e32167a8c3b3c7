"""Sobol indices against closed forms; intervals that hold; groups."""

import known_functions as known
import numpy as np
import pytest

from simdyn.arrays import Array
from simdyn.sensitivity.designed import Indices, Problem, Run, analyse, evaluate, saltelli


def found(run: Run, n_factor: int, n_base: int, seed: int, **options: int) -> Indices:
    problem = Problem(tuple(f"x{i}" for i in range(n_factor)))
    design = saltelli(problem, n_base, seed, **options)
    return analyse(design, evaluate(run, design, ["y"]))


def test_ishigami() -> None:
    first, total, second = known.ishigami_indices()
    indices = found(known.ishigami, 3, 2**14, 1)
    np.testing.assert_allclose(indices.first[0], first, atol=0.01)
    np.testing.assert_allclose(indices.total[0], total, atol=0.01)
    np.testing.assert_allclose(indices.second[0], second, atol=0.02)


def test_g_function() -> None:
    first, total = known.g_indices()
    indices = found(known.g_function, 8, 2**14, 2, second_order=False)
    np.testing.assert_allclose(indices.first[0], first, atol=0.01)
    np.testing.assert_allclose(indices.total[0], total, atol=0.01)


def test_morris_function() -> None:
    first, total = known.morris_indices()
    indices = found(known.morris_function, 20, 2**13, 3, second_order=False)
    np.testing.assert_allclose(indices.first[0], first, atol=0.03)
    np.testing.assert_allclose(indices.total[0], total, atol=0.03)


@pytest.mark.parametrize("n_scramble", [4, 8, 16])
def test_intervals_of_scrambles_hold(n_scramble: int) -> None:
    truth = np.concatenate(known.ishigami_indices()[:2])
    held = []
    for seed in range(200):
        indices = found(known.ishigami, 3, 512, seed, second_order=False, n_scramble=n_scramble)
        estimate = np.concatenate([indices.first[0], indices.total[0]])
        half = np.concatenate([indices.first_half[0], indices.total_half[0]])
        held.append(np.abs(estimate - truth) <= half)
    assert 0.93 <= np.mean(held) <= 0.98
    assert np.mean(held, axis=0).min() >= 0.89


def test_levers_against_uncertainties() -> None:
    def run(rows: Array) -> Array:
        lever, rate, other, shock = rows.T
        return (3 * lever + other + 2 * rate * shock)[:, None]

    groups = ("levers", "uncertainties", "levers", "uncertainties")
    problem = Problem(("lever", "rate", "other", "shock"), groups)
    design = saltelli(problem, 2**12, 1)
    indices = analyse(design, evaluate(run, design, ["y"]))
    levers, uncertainties = 10 / 12, 4 * (1 / 9 - 1 / 16)
    shares = np.array([levers, uncertainties]) / (levers + uncertainties)
    assert indices.inputs == ("levers", "uncertainties")
    np.testing.assert_allclose(indices.first[0], shares, atol=0.01)
    np.testing.assert_allclose(indices.total[0], shares, atol=0.01)
    np.testing.assert_allclose(indices.second[0], 0, atol=0.01)


def test_many_outcomes_at_once_are_as_each_alone() -> None:
    def many(rows: Array) -> Array:
        return known.g_function(rows) * np.linspace(0.1, 1, 300) + rows[:, :1] * np.arange(300)

    problem = Problem(tuple(f"x{i}" for i in range(8)))
    design = saltelli(problem, 512, 5)
    names = [f"y{i}" for i in range(300)]
    together = analyse(design, evaluate(many, design, names))
    for i in (0, 137, 299):
        alone = analyse(design, evaluate(lambda r, i=i: many(r)[:, [i]], design, [names[i]]))
        np.testing.assert_allclose(together.total[i], alone.total[0], rtol=0, atol=1e-12)
        np.testing.assert_allclose(together.second_half[i], alone.second_half[0], atol=1e-12)
