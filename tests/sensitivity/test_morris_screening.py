"""Screening one at a time on functions whose effects are known."""

import numpy as np
import pytest

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.designed import Outputs, Problem, outputs_of
from simdyn.sensitivity.designed.morris import screened, trajectories

PROBLEM = Problem(("steep", "gentle", "idle", "bent"))
SEED = 3


def _linear(rows: Array) -> Array:
    return np.stack([3 * rows[:, 0] - rows[:, 1], rows[:, 3] ** 2], axis=1)


def _outputs(rows: Array, values: Array) -> Outputs:
    return outputs_of(PROBLEM, rows, values, [f"y{n}" for n in range(values.shape[1])])


def test_effects_of_a_straight_line_are_its_slopes() -> None:
    rows = trajectories(PROBLEM, 10, SEED)
    table = screened(PROBLEM, rows, _outputs(rows, _linear(rows)), SEED)
    line = table[table["outcome"] == "y0"].set_index("input")
    np.testing.assert_allclose(line.loc[["steep", "gentle", "idle"], "effect"], [3, 1, 0])
    np.testing.assert_allclose(line.loc[["steep", "gentle"], "direction"], [3, -1])
    np.testing.assert_allclose(line["spread"], 0, atol=1e-12)
    assert list(line["rank"]) == [1, 2, 3, 4]
    assert (table["n_trajectory"] == 10).all()


def test_a_bend_has_a_spread() -> None:
    rows = trajectories(PROBLEM, 200, SEED)
    table = screened(PROBLEM, rows, _outputs(rows, _linear(rows)), SEED)
    bend = table[(table["outcome"] == "y1") & (table["input"] == "bent")].iloc[0]
    # From x to x + 2/3 the square rises by 2/3 (2x + 2/3); x is 0 or 1/3.
    assert bend["effect"] == pytest.approx(1, abs=0.1)
    assert bend["spread"] == pytest.approx(1 / 3, abs=0.02)
    assert bend["effect_low"] < 1 < bend["effect_high"]


@pytest.mark.parametrize("seed", [0, 5])
def test_same_seed_same_table(seed: int) -> None:
    rows = trajectories(PROBLEM, 4, seed)
    np.testing.assert_array_equal(rows, trajectories(PROBLEM, 4, seed))
    outputs = _outputs(rows, _linear(rows) + np.sin(9 * rows).sum(axis=1, keepdims=True))
    assert screened(PROBLEM, rows, outputs, seed).equals(screened(PROBLEM, rows, outputs, seed))


def test_a_failed_run_takes_its_trajectory_along() -> None:
    rows = trajectories(PROBLEM, 10, SEED)
    values = _linear(rows)
    values[[0, 7]] = np.nan
    table = screened(PROBLEM, rows, _outputs(rows, values), SEED)
    assert (table["n_trajectory"] == 8).all()
    assert table.loc[0, "effect"] == pytest.approx(3)


def test_an_outcome_that_nothing_moves_has_no_rows() -> None:
    rows = trajectories(PROBLEM, 4, SEED)
    values = np.column_stack([_linear(rows)[:, 0], np.full(len(rows), 7.0)])
    table = screened(PROBLEM, rows, _outputs(rows, values), SEED)
    assert set(table["outcome"]) == {"y0"}


@pytest.mark.parametrize("fault", ["shuffled", "foreign", "other problem", "all fail", "constant"])
def test_what_has_no_effects_is_refused(fault: str) -> None:
    rows = trajectories(PROBLEM, 4, SEED)
    values = _linear(rows)
    told, expected = rows, "were not run on these rows"
    match fault:
        case "shuffled":
            told = rows[::-1]
        case "foreign":
            told = trajectories(PROBLEM, 4, SEED + 1)
        case "all fail":
            values, expected = np.full_like(values, np.nan), "0 of 4 trajectories"
        case "constant":
            values, expected = np.ones_like(values), "No input moves any outcome"
    problem = Problem(("a", "b", "c", "d")) if fault == "other problem" else PROBLEM
    with pytest.raises(RunError, match=expected):
        screened(problem, rows, _outputs(told, values), SEED)


def test_groups_are_refused() -> None:
    with pytest.raises(RunError, match="one by one"):
        trajectories(Problem(("a", "b"), ("x", "y")), 4, SEED)
