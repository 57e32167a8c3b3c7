"""Scenario discovery finds a planted box, and none where there is none."""

import numpy as np
import pandas as pd
import pytest

from simdyn.errors import RunError
from simdyn.sensitivity.given import Discovery, discover
from simdyn.sensitivity.given.discovery import quasi_p
from simdyn.sensitivity.given.prim import everywhere, trajectory

NAMES = [f"input {n}" for n in range(10)]


def _planted(n_draw: int, mistaken: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """Inputs from 0 to 20; the target fails where input 3 is above 12 and input 7 below 10."""
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 20, (n_draw, 10))
    fails = (x[:, 3] > 12) & (x[:, 7] < 10)
    return x, np.where(rng.random(n_draw) < mistaken, ~fails, fails)


@pytest.fixture(scope="module")
def found() -> Discovery:
    return discover(*_planted(2000), NAMES, np.random.default_rng(2))


def test_the_planted_box_is_found_in_the_unit_of_the_inputs(found: Discovery) -> None:
    limits = found.limits.set_index("input")
    assert found.n_restricted == 2
    assert limits.loc["input 3", "low"] == pytest.approx(12, abs=0.6)
    assert limits.loc["input 7", "high"] == pytest.approx(10, abs=0.6)
    assert np.isnan(limits.loc["input 3", "high"])
    assert np.isnan(limits.loc["input 7", "low"])


def test_a_box_of_restricted_inputs_is_sure_and_stable(found: Discovery) -> None:
    restricted = found.limits.head(2)
    assert (restricted["quasi_p"] < 1e-6).all()
    assert (restricted["stability"] == 1).all()
    assert found.limits["stability"][2:].max() < 0.3


def test_measures_are_those_of_the_box(found: Discovery) -> None:
    x, fails = _planted(2000)
    low = found.limits.set_index("input").loc["input 3", "low"]
    high = found.limits.set_index("input").loc["input 7", "high"]
    inside = (x[:, 3] >= low) & (x[:, 7] <= high)
    assert found.n_case == fails.sum()
    assert found.base == fails.mean()
    assert found.coverage == fails[inside].sum() / fails.sum()
    assert found.density == fails[inside].mean()
    assert found.mass == inside.mean()
    # 95 of 100 draws in the box fail, and so do 5 of 100 of the four fifths outside.
    assert found.density_left_out == pytest.approx(0.95, abs=0.05)
    assert found.coverage_left_out == pytest.approx(0.19 / 0.23, abs=0.05)


def test_peels_only_shrink_the_box(found: Discovery) -> None:
    assert found.path["mass"].is_monotonic_decreasing
    assert found.path["mass"].iloc[0] == 1
    assert found.path["chosen"].sum() == 1


def test_without_a_box_to_find_none_is_found() -> None:
    rng = np.random.default_rng(3)
    restricted = [
        discover(rng.random((400, 20)), rng.random(400) < 0.3, [f"i{n}" for n in range(20)], rng, 2)
        for _ in range(20)
    ]
    assert sum(each.n_restricted > 0 for each in restricted) <= 4


def test_quasi_p_is_the_chance_of_a_binomial_draw() -> None:
    x = np.arange(10.0)[:, None]
    cases = np.arange(10) >= 5
    box = everywhere(1).between(0, 7, np.inf)
    # Three draws in the box, each a case with chance one half without it.
    assert quasi_p(box, 0, x, cases) == pytest.approx(1 / 8)


def test_levels_of_a_lever_are_peeled_whole() -> None:
    rng = np.random.default_rng(4)
    x = np.stack([rng.integers(0, 3, 600), rng.random(600)], axis=1)
    fails = x[:, 0] == 2
    box = trajectory(x, fails)[-1]
    assert box.low.tolist() == [2, -np.inf]


def test_draws_that_failed_are_left_out_and_counted() -> None:
    x, fails = _planted(400, mistaken=0)
    outcome = fails.astype(float)
    outcome[:10] = np.nan
    found = discover(x, outcome, NAMES, np.random.default_rng(2), n_resample=2)
    assert (found.n_draw, found.n_dropped) == (390, 10)


def test_targets_that_never_or_always_fail_are_refused() -> None:
    x, fails = _planted(400)
    rng = np.random.default_rng(2)
    with pytest.raises(RunError, match="fails in 0 draws and is met in 400"):
        discover(x, np.zeros(400), NAMES, rng)
    with pytest.raises(RunError, match="other values than 0 and 1"):
        discover(x, 2 * fails, NAMES, rng)


def test_same_seed_same_box(found: Discovery) -> None:
    again = discover(*_planted(2000), NAMES, np.random.default_rng(2))
    pd.testing.assert_frame_equal(again.limits, found.limits, check_exact=True)
