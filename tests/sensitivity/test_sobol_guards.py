"""Planted faults: each is refused, or left out by name and counted; never a silent zero."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from SALib.sample import latin

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.designed import (
    Design,
    Indices,
    Outputs,
    Problem,
    analyse,
    evaluate,
    extend,
    outputs_of,
    saltelli,
)

PROBLEM = Problem(("a", "b", "c"))
OUTCOMES = ("smooth", "bent")


def model(rows: Array) -> Array:
    a, b, c = rows.T
    return np.stack([a + 2 * b + a * c, np.exp(a) * b], axis=1)


@pytest.fixture(scope="module")
def design() -> Design:
    return saltelli(PROBLEM, 256, 1)


@pytest.fixture(scope="module")
def outputs(design: Design) -> Outputs:
    return evaluate(model, design, OUTCOMES)


def with_values(design: Design, change: Callable[[Array], None]) -> Outputs:
    values = model(design.rows)
    change(values)
    return outputs_of(design.problem, design.rows, values, OUTCOMES)


# Names, groups, seeds and sizes.


@pytest.mark.parametrize(
    ("names", "groups", "message"),
    [
        (("a", "b", "a"), None, "More than one factor is named 'a'"),
        (("a", "", "c"), None, "blank name"),
        (("a", "  ", "c"), None, "blank name"),
        ((), None, "no factor"),
        (("a",), None, "only input"),
        (("a", "b"), ("levers", "levers"), "'levers' is the only input"),
        (("a", "b"), ("levers",), "1 groups for 2 factors"),
        (("a", "b"), ("levers", "nature", "nature"), "3 groups for 2 factors"),
        (("a", "b"), ("levers", ""), "group has a blank name"),
    ],
)
def test_wrong_problems(
    names: tuple[str, ...], groups: tuple[str, ...] | None, message: str
) -> None:
    with pytest.raises(RunError, match=message):
        Problem(names, groups)


@pytest.mark.parametrize("seed", [None, -1, 1.5, True, "1", np.random.default_rng(1)])
def test_seeds_that_are_none(seed: int) -> None:
    with pytest.raises(RunError, match="seed of a design"):
        saltelli(PROBLEM, 64, seed)


@pytest.mark.parametrize("n_base", [-4, 0, 1, 16, 100, 1000, 1025])
def test_numbers_of_base_samples_that_unbalance_a_sequence(n_base: int) -> None:
    with pytest.raises(RunError, match="power of two of base samples"):
        saltelli(PROBLEM, n_base, 1)


@pytest.mark.parametrize("n_scramble", [-1, 0, 2, 3, 12])
def test_numbers_of_scrambles(n_scramble: int) -> None:
    with pytest.raises(RunError, match="scrambles"):
        saltelli(PROBLEM, 64, 1, n_scramble=n_scramble)


def test_too_few_base_samples_for_the_scrambles() -> None:
    with pytest.raises(RunError, match="Take 64 or more"):
        saltelli(PROBLEM, 32, 1, n_scramble=16)


def test_more_factors_than_a_sequence_has_columns() -> None:
    with pytest.raises(RunError, match="20000 factors"):
        saltelli(Problem(tuple(map(str, range(20_000)))), 64, 1)


# Outputs that do not belong to the design.


def test_rows_run_in_another_order(design: Design) -> None:
    rows = np.random.default_rng(1).permutation(design.rows)
    with pytest.raises(RunError, match="in another order"):
        analyse(design, outputs_of(PROBLEM, rows, model(rows), OUTCOMES))


def test_two_rows_exchanged(design: Design) -> None:
    rows = design.rows.copy()
    rows[[3, 90]] = rows[[90, 3]]
    with pytest.raises(RunError, match="in another order"):
        analyse(design, outputs_of(PROBLEM, rows, model(rows), OUTCOMES))


@pytest.mark.parametrize(
    "other",
    [
        saltelli(PROBLEM, 256, 2),
        saltelli(PROBLEM, 512, 1),
        saltelli(PROBLEM, 256, 1, n_scramble=1),
        saltelli(PROBLEM, 256, 1, second_order=False),
        saltelli(Problem(("a", "b", "c", "d")), 256, 1),
        saltelli(Problem(("a", "b", "c"), ("x", "y", "x")), 256, 1),
        saltelli(Problem(("b", "a", "c")), 256, 1),
    ],
    ids=["seed", "size", "scrambles", "order", "factors", "groups", "names"],
)
def test_outputs_of_another_design(other: Design, outputs: Outputs) -> None:
    with pytest.raises(RunError, match="not run on this design"):
        analyse(other, outputs)


def test_one_number_of_the_design_changed(design: Design) -> None:
    rows = design.rows.copy()
    rows[77, 1] = np.nextafter(rows[77, 1], 1)
    with pytest.raises(RunError, match="not run on this design"):
        analyse(design, outputs_of(PROBLEM, rows, model(rows), OUTCOMES))


def foreign(change: Callable[[Array], Array], design: Design) -> None:
    """Analyse a design whose own rows are changed, with outputs that were run on them."""
    changed = replace(design, rows=change(design.rows.copy()))
    analyse(changed, evaluate(model, changed, OUTCOMES))


def shuffled(rows: Array) -> Array:
    return np.random.default_rng(1).permutation(rows)


def by_blocks(rows: Array) -> Array:
    """All A, then all AB ..., as some programs lay a design out."""
    return rows.reshape(256, 8, 3).swapaxes(0, 1).reshape(-1, 3)


def beyond(rows: Array) -> Array:
    return 2 * rows


def missing(rows: Array) -> Array:
    rows[0] = np.nan
    return rows


def hypercube(rows: Array) -> Array:
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    return np.asarray(latin.sample(problem, len(rows), seed=1))


def cut(rows: Array) -> Array:
    return rows[:-8]


def half_a_sample(rows: Array) -> Array:
    return rows[:-4]


@pytest.mark.parametrize(
    "change", [shuffled, by_blocks, beyond, missing, hypercube, cut, half_a_sample]
)
def test_rows_that_are_no_design(change: Callable[[Array], Array], design: Design) -> None:
    with pytest.raises(RunError, match="not laid out as Saltelli's"):
        foreign(change, design)


def test_outputs_cannot_be_extended_by_another_design(outputs: Outputs) -> None:
    with pytest.raises(RunError, match="not those of the first rows"):
        extend(model, saltelli(PROBLEM, 512, 2), outputs)


def test_second_order_without_its_rows() -> None:
    design = saltelli(PROBLEM, 64, 1, second_order=False)
    with pytest.raises(RunError, match="no rows for second order"):
        analyse(design, evaluate(model, design, OUTCOMES), second_order=True)


@pytest.mark.parametrize("n_resample", [-1, 0, 1])
def test_too_few_resamples(n_resample: int) -> None:
    design = saltelli(PROBLEM, 64, 1, n_scramble=1)
    with pytest.raises(RunError, match="give no interval"):
        analyse(design, evaluate(model, design, OUTCOMES), n_resample=n_resample)


# Models that give something else than a number a row and outcome.


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda rows: model(rows)[:, 0], "of shape"),
        (lambda rows: model(rows).T, "of shape"),
        (lambda rows: model(rows)[:-1], "of shape"),
        (lambda rows: model(rows)[:, :1], "of shape"),
        (lambda _: 1.0, "of shape"),
        (lambda _: None, "type 'object'"),
        (lambda rows: model(rows).astype(str), "not real numbers"),
        (lambda rows: model(rows).astype(complex), "type 'complex128'"),
        (lambda rows: np.where(model(rows) > 1, model(rows), None), "type 'object'"),
    ],
)
def test_models_that_give_no_numbers(
    run: Callable[[Array], Array], message: str, design: Design
) -> None:
    with pytest.raises(RunError, match=message):
        evaluate(run, design, OUTCOMES)


@pytest.mark.parametrize("outcomes", [("y", "y"), (), ("y", " ")])
def test_wrong_names_of_outcomes(outcomes: tuple[str, ...], design: Design) -> None:
    with pytest.raises(RunError, match="outcome"):
        evaluate(model, design, outcomes)


def test_a_model_cannot_change_the_design(design: Design) -> None:
    def careless(rows: Array) -> Array:
        rows *= 2
        return model(rows)

    with pytest.raises(ValueError, match="read-only"):
        evaluate(careless, design, OUTCOMES)


# Values that are not finite, or do not vary.


def refused_or_left_out(design: Design, change: Callable[[Array], None]) -> Indices:
    return analyse(design, with_values(design, change))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, 1, 5, 7], ids=["A", "AB", "BA", "B"])
def test_a_failed_run_drops_its_base_sample(bad: float, row: int, design: Design) -> None:
    def fail(values: Array) -> None:
        values[8 * 17 + row, 1] = bad
        values[8 * 90 + row] = bad

    found = refused_or_left_out(design, fail)
    whole = analyse(design, evaluate(model, design, OUTCOMES))
    assert found.n_dropped == 2
    assert found.outcomes == OUTCOMES
    assert np.isfinite(found.total_half).all()
    np.testing.assert_allclose(found.total, whole.total, atol=0.05)


def test_what_a_dropped_sample_held_is_of_no_account(design: Design) -> None:
    def fail(values: Array, others: float) -> None:
        values[8 * 17 : 8 * 18] = others
        values[8 * 17] = np.nan

    one, other = (refused_or_left_out(design, lambda v, o=o: fail(v, o)) for o in (1.0, 1e9))
    assert one.table().equals(other.table())


def test_a_masked_value_is_a_failed_run(design: Design) -> None:
    values = np.ma.masked_array(model(design.rows))
    values[3, 0] = np.ma.masked
    assert analyse(design, outputs_of(design.problem, design.rows, values, OUTCOMES)).n_dropped == 1


def test_too_many_failed_runs(design: Design) -> None:
    def fail(values: Array) -> None:
        values[:: 8 * 5] = np.nan

    with pytest.raises(RunError, match="52 of 256 base samples have a failed run"):
        refused_or_left_out(design, fail)


def test_failed_runs_that_are_too_many_together(design: Design) -> None:
    def fail(values: Array) -> None:
        values[: 8 * 20, 0] = np.nan
        values[8 * 20 : 8 * 40, 1] = np.inf

    with pytest.raises(RunError, match="40 of 256"):
        refused_or_left_out(design, fail)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (np.nan, "not finite in 256 of 256 base samples"),
        (np.inf, "not finite in 256 of 256 base samples"),
        (0.0, "constant"),
        (-7e12, "constant"),
    ],
)
def test_an_outcome_of_one_value_is_left_out_by_name(
    column: float, reason: str, design: Design
) -> None:
    def flatten(values: Array) -> None:
        values[:, 0] = column

    found = refused_or_left_out(design, flatten)
    assert found.outcomes == ("bent",)
    assert found.excluded == {"smooth": reason}
    assert found.n_dropped == 0
    assert set(found.table()["outcome"]) == {"bent"}


def test_rounding_is_no_variation(design: Design) -> None:
    def barely(values: Array) -> None:
        values[:, 0] = 1e9 + 1e-4 * values[:, 0]

    assert refused_or_left_out(design, barely).excluded == {"smooth": "constant"}


def test_a_small_outcome_is_not_constant(design: Design) -> None:
    def small(values: Array) -> None:
        values[:, 0] *= 1e-30

    whole = analyse(design, evaluate(model, design, OUTCOMES))
    np.testing.assert_allclose(refused_or_left_out(design, small).total, whole.total, atol=1e-9)


def test_an_outcome_that_hardly_ever_moves(design: Design) -> None:
    def rare(values: Array) -> None:
        values[:, 1] = 0.0
        values[8 * 5] = 1.0

    reason = "off its median in too few base samples"
    assert refused_or_left_out(design, rare).excluded == {"bent": reason}


def test_often_missing_and_seldom_failing_are_told_apart(design: Design) -> None:
    def both(values: Array) -> None:
        values[: 8 * 100, 0] = np.nan
        values[8 * 200, 1] = np.nan

    found = refused_or_left_out(design, both)
    assert found.excluded == {"smooth": "not finite in 100 of 256 base samples"}
    assert found.n_dropped == 1


def test_no_outcome_left(design: Design) -> None:
    def flatten(values: Array) -> None:
        values[:] = 3.0

    with pytest.raises(RunError, match="No outcome has indices: 'smooth' is constant"):
        refused_or_left_out(design, flatten)
