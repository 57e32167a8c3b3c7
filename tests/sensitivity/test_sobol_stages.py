"""Sampling in stages: stops when settled, keeps what it ran, says what is wanting."""

import re

import known_functions as known
import numpy as np
import pytest

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.designed import (
    Precision,
    Problem,
    Staged,
    analyse,
    evaluate,
    saltelli,
    sample_until,
)
from simdyn.sensitivity.designed.memory import check_runs

PROBLEM = Problem(("x", "y", "z"))


def staged(half_width: float, most_runs: int, **options: bool) -> Staged:
    precision = Precision(half_width=half_width)
    return sample_until(
        PROBLEM, known.ishigami, ["out"], precision, seed=2, most_runs=most_runs, **options
    )


def test_stops_when_the_asked_precision_is_met() -> None:
    ended = staged(0.05, 200_000)
    truth = known.ishigami_indices()
    table = ended.table()
    assert ended.done
    assert f"{table['n_run'].iloc[-1]:,}" in ended.verdict
    assert table["half_width"].iloc[-1] <= 0.05
    assert (table["more"].iloc[:-1] > 0).all()
    assert table["n_run"].iloc[-1] < 200_000
    np.testing.assert_allclose(ended.indices.total[0], truth[1], atol=0.05)


def test_every_row_is_run_once_and_counts() -> None:
    seen: list[Array] = []

    def run(rows: Array) -> Array:
        seen.append(rows)
        return known.ishigami(rows)

    precision = Precision(half_width=0.1)
    ended = sample_until(PROBLEM, run, ["out"], precision, seed=2, most_runs=200_000)
    assert len(seen) == len(ended.stages) > 1
    np.testing.assert_array_equal(np.concatenate(seen), ended.design.rows)
    whole = saltelli(PROBLEM, ended.design.n_base, 2, second_order=False)
    once = analyse(whole, evaluate(known.ishigami, whole, ["out"]))
    assert once.table().equals(ended.indices.table())


def test_says_about_how_many_runs_are_wanting() -> None:
    short = staged(0.02, 10_000)
    assert not short.done
    more = short.stages[-1].more
    assert short.verdict.endswith(f"about {more:,} more.")
    assert short.stages[-1].n_run <= 10_000
    # What it says to be enough is enough, up to a doubling.
    assert staged(0.02, 2 * (short.stages[-1].n_run + more)).done


def test_twice_the_precision_takes_at_least_as_many_runs() -> None:
    runs = [staged(width, 10**6).stages[-1].n_run for width in (0.2, 0.1, 0.05)]
    assert runs == sorted(runs)


def test_second_order_comes_with_the_last_stage() -> None:
    ended = staged(0.1, 200_000, second_order=True)
    assert ended.indices.pairs == [("x", "y"), ("x", "z"), ("y", "z")]
    assert ended.stages[-1].indices.pairs == []


def test_paths_hold_every_stage() -> None:
    ended = staged(0.1, 200_000)
    paths = ended.paths()
    assert paths.groupby("stage").size().tolist() == [3] * len(ended.stages)
    last = paths[paths["stage"] == len(ended.stages)]
    np.testing.assert_array_equal(last["total"], ended.indices.total[0])


def test_equal_inputs_settle() -> None:
    # Their order never settles, and need not: they are nearer than the asked width.
    precision = Precision(half_width=0.1)
    ended = sample_until(
        PROBLEM, lambda r: r.sum(axis=1, keepdims=True), ["sum"], precision,
        seed=3, most_runs=100_000,
    )  # fmt: skip
    assert ended.done


def test_an_outcome_that_cannot_be_settled_is_named() -> None:
    def run(rows: Array) -> Array:
        jumps = np.floor(rows * 997) % 2
        return np.stack([rows[:, 0] + rows[:, 1], jumps.prod(axis=1)], axis=1)

    precision = Precision(half_width=0.05)
    ended = sample_until(PROBLEM, run, ["easy", "hard"], precision, seed=1, most_runs=3_000)
    assert set(ended.table()["outcome"]) == {"hard"}


def test_runs_beyond_the_memory_are_refused_before_any_is_run() -> None:
    with pytest.raises(RunError, match="Allow at most") as refused:
        staged(0.1, 10**15)
    fitting = int(re.sub(r".*at most ([\d,]+) runs.*", r"\1", str(refused.value)).replace(",", ""))
    check_runs(PROBLEM, 1, fitting, 128, second_order=False)
    with pytest.raises(RunError, match="of memory"):
        check_runs(PROBLEM, 1, fitting + 1, 128, second_order=False)


def test_each_stage_has_its_own_verdict() -> None:
    ended = staged(0.1, 200_000)
    assert [verdict.startswith("Settled") for verdict in ended.verdicts] == [
        stage.more == 0 for stage in ended.stages
    ]
    assert ended.verdicts[-1] == ended.verdict


def test_a_first_stage_beyond_the_budget_is_refused() -> None:
    with pytest.raises(RunError, match="first stage takes 640 runs, more than 600"):
        staged(0.1, 600)


@pytest.mark.parametrize("wrong", [{"half_width": 0.0}, {"half_width": 5.0}, {"matters": -0.1}])
def test_a_precision_that_is_no_share_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(RunError, match="between 0 and 1"):
        Precision(**wrong)


def test_an_interval_that_is_not_known_is_not_settled() -> None:
    # All variation stands in the samples of one scramble: without it there is no variance.
    problem = Problem(("x", "y"))
    scramble = saltelli(problem, 256, 1, second_order=False)
    turn = np.repeat(scramble.scramble_of() == 0, scramble.rows_of_sample)

    def run(rows: Array) -> Array:
        return np.where(turn, rows.sum(axis=1), 0.0)[:, None]

    ended = sample_until(
        problem, run, ["y"], Precision(), seed=1, first_base=256, most_runs=len(scramble.rows)
    )
    assert not ended.done
    assert np.isnan(ended.table()["half_width"].iloc[0])
