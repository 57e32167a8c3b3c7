"""Designs and indices against SALib's own, and what must hold whatever SALib does."""

import numpy as np
import pytest
from SALib.analyze import sobol as analyze_sobol
from SALib.sample import sobol as sample_sobol

from simdyn.arrays import Array
from simdyn.sensitivity.designed import (
    Indices,
    Problem,
    analyse,
    evaluate,
    extend,
    outputs_of,
    saltelli,
)

NAMES = ("a", "b", "c", "d")
GROUPS = ("lever", "nature", "lever", "other")


def model(rows: Array) -> Array:
    a, b, c, d = rows.T
    curved = np.sin(6 * a) + 7 * b**2 + a * c
    return np.stack([curved, 1e3 + d * curved, np.exp(a * d)], axis=1)


def salib_problem(groups: tuple[str, ...] | None) -> dict[str, object]:
    problem: dict[str, object] = {"num_vars": 4, "names": list(NAMES), "bounds": [[0, 1]] * 4}
    return problem if groups is None else problem | {"groups": list(groups)}


def indices(n_base: int = 64, seed: int = 4, n_scramble: int = 1) -> Indices:
    design = saltelli(Problem(NAMES), n_base, seed, n_scramble=n_scramble)
    return analyse(design, evaluate(model, design, ("x", "y", "z")))


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize("groups", [None, GROUPS])
def test_designs_are_those_of_salib(
    seed: int, second_order: bool, groups: tuple[str, ...] | None
) -> None:
    theirs = sample_sobol.sample(
        salib_problem(groups), 64, calc_second_order=second_order, seed=np.random.default_rng(seed)
    )
    ours = saltelli(Problem(NAMES, groups), 64, seed, second_order=second_order, n_scramble=1)
    np.testing.assert_array_equal(ours.rows, theirs)


@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize("groups", [None, GROUPS])
def test_indices_and_intervals_are_those_of_salib(
    second_order: bool, groups: tuple[str, ...] | None
) -> None:
    design = saltelli(Problem(NAMES, groups), 256, 3, second_order=second_order, n_scramble=1)
    values = model(design.rows)
    ours = analyse(design, outputs_of(design.problem, design.rows, values, ("x", "y", "z")))
    for i, column in enumerate(values.T):
        theirs = analyze_sobol.analyze(
            salib_problem(groups), column, second_order, num_resamples=200, seed=3
        )
        pairs = np.triu_indices(len(ours.inputs), 1)
        same = {"S1": ours.first, "S1_conf": ours.first_half, "ST": ours.total}
        same["ST_conf"] = ours.total_half
        for key, found in same.items():
            np.testing.assert_allclose(found[i], theirs[key], rtol=0, atol=1e-12)
        if second_order:
            np.testing.assert_allclose(ours.second[i], theirs["S2"][pairs], rtol=0, atol=1e-12)
            conf = theirs["S2_conf"][pairs]
            np.testing.assert_allclose(ours.second_half[i], conf, rtol=0, atol=1e-12)


def test_first_order_rows_are_enough_for_a_second_order_design() -> None:
    design = saltelli(Problem(NAMES), 64, 4, n_scramble=1)
    outputs = evaluate(model, design, ("x", "y", "z"))
    both, first = analyse(design, outputs), analyse(design, outputs, second_order=False)
    # Standardised over all rows either way, so the very same numbers.
    np.testing.assert_array_equal(first.total, both.total)
    assert first.second_table().empty


@pytest.mark.parametrize("n_scramble", [1, 4, 8])
def test_a_design_begins_with_the_design_of_half_its_size(n_scramble: int) -> None:
    short, long = (saltelli(Problem(NAMES), n, 9, n_scramble=n_scramble) for n in (64, 128))
    np.testing.assert_array_equal(long.rows[: len(short.rows)], short.rows)


@pytest.mark.parametrize("n_scramble", [1, 8])
def test_extended_outputs_give_the_indices_of_one_run(n_scramble: int) -> None:
    short, long = (saltelli(Problem(NAMES), n, 9, n_scramble=n_scramble) for n in (64, 128))
    extended = extend(model, long, evaluate(model, short, ("x", "y", "z")))
    once = evaluate(model, long, ("x", "y", "z"))
    assert analyse(long, extended).table().equals(analyse(long, once).table())


@pytest.mark.parametrize("n_scramble", [1, 8])
def test_same_seed_same_bits(n_scramble: int) -> None:
    one, other = (indices(seed=5, n_scramble=n_scramble) for _ in range(2))
    assert one.table().equals(other.table())
    assert one.second_table().equals(other.second_table())
    assert not one.table().equals(indices(seed=6, n_scramble=n_scramble).table())


def test_seed_zero_is_a_seed() -> None:
    assert indices(seed=0).table().equals(indices(seed=0).table())


def test_indices_do_not_move_with_unit_or_origin() -> None:
    design = saltelli(Problem(NAMES), 64, 1)
    values = model(design.rows)
    moved = 1e3 * values - 5e4
    one, other = (
        analyse(design, outputs_of(design.problem, design.rows, v, "xyz")) for v in (values, moved)
    )
    np.testing.assert_allclose(one.total, other.total, rtol=0, atol=1e-7)
    np.testing.assert_allclose(one.second, other.second, rtol=0, atol=1e-7)


def test_tables_name_what_they_hold() -> None:
    found = indices(n_scramble=8)
    table, second = found.table(), found.second_table()
    row = table[(table["outcome"] == "y") & (table["input"] == "c")].iloc[0]
    assert row["first"] == found.first[1, 2]
    assert row["total_high"] == found.total[1, 2] + found.total_half[1, 2]
    pair = second[
        (second["outcome"] == "z") & (second["input"] == "b") & (second["other"] == "d")
    ].iloc[0]
    assert pair["second_low"] == found.second[2, 4] - found.second_half[2, 4]
