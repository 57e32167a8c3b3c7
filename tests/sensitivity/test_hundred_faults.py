"""A hundred faults planted at random places: each is refused, or excluded by name."""

from collections.abc import Callable

import numpy as np
import pytest

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.designed import Design, Indices, Problem, analyse, outputs_of, saltelli

NAMES = tuple("abcde")
OUTCOMES = ("first", "second", "third")
PROBLEM = Problem(NAMES)

Rng = np.random.Generator


@pytest.fixture(scope="module")
def design() -> Design:
    return saltelli(PROBLEM, 128, 11)


def _values(rows: Array) -> Array:
    return np.stack(
        [rows @ np.arange(1, 6), (rows**2).sum(axis=1), rows[:, 0] * rows[:, 4]], axis=1
    )


def _analysed(design: Design, rows: Array, values: Array, problem: Problem = PROBLEM) -> Indices:
    return analyse(design, outputs_of(problem, rows, values, OUTCOMES))


def _not_a_number(design: Design, rng: Rng) -> Indices:
    values = _values(design.rows)
    place = rng.integers(len(values)), rng.integers(3)
    values[place] = rng.choice([np.nan, np.inf, -np.inf])
    return _analysed(design, design.rows, values)


def _many_fail(design: Design, rng: Rng) -> Indices:
    values = _values(design.rows)
    lost = rng.choice(len(values), size=len(values) // 5, replace=False)
    values[lost, rng.integers(3)] = np.nan
    return _analysed(design, design.rows, values)


def _constant(design: Design, rng: Rng) -> Indices:
    values = _values(design.rows)
    values[:, rng.integers(3)] = rng.normal()
    return _analysed(design, design.rows, values)


def _lost_run(design: Design, rng: Rng) -> Indices:
    values = _values(design.rows)
    return _analysed(design, design.rows, np.delete(values, rng.integers(len(values)), axis=0))


def _lost_row(design: Design, rng: Rng) -> Indices:
    rows = np.delete(design.rows, rng.integers(len(design.rows)), axis=0)
    return _analysed(design, rows, _values(rows))


def _lost_outcome(design: Design, rng: Rng) -> Indices:
    values = np.delete(_values(design.rows), rng.integers(3), axis=1)
    return _analysed(design, design.rows, values)


def _shuffled(design: Design, rng: Rng) -> Indices:
    order = np.arange(len(design.rows))
    first, second = rng.choice(len(order), size=2, replace=False)
    order[[first, second]] = order[[second, first]]
    rows = design.rows[order]
    return _analysed(design, rows, _values(rows))


def _foreign_seed(design: Design, rng: Rng) -> Indices:
    other = saltelli(PROBLEM, 128, int(rng.integers(12, 10**6)))
    return _analysed(design, other.rows, _values(other.rows))


def _foreign_names(design: Design, rng: Rng) -> Indices:
    names = list(NAMES)
    while tuple(names) == NAMES:
        rng.shuffle(names)
    return _analysed(design, design.rows, _values(design.rows), Problem(tuple(names)))


def _changed_number(design: Design, rng: Rng) -> Indices:
    rows = design.rows.copy()
    place = rng.integers(len(rows)), rng.integers(5)
    rows[place] = np.nextafter(rows[place], 2)
    return _analysed(design, rows, _values(rows))


def _twice(_: Design, rng: Rng) -> Indices:
    names = list(NAMES)
    first, second = rng.choice(5, size=2, replace=False)
    names[first] = names[second]
    problem = Problem(tuple(names))
    made = saltelli(problem, 128, 1)
    return _analysed(made, made.rows, _values(made.rows), problem)


def _no_number(design: Design, rng: Rng) -> Indices:
    values = _values(design.rows).astype(object)
    values[rng.integers(len(values)), rng.integers(3)] = rng.choice([None, "n/a", 1j])
    return _analysed(design, design.rows, values)


def _no_seed(_: Design, rng: Rng) -> Indices:
    made = saltelli(PROBLEM, 128, rng.choice([-1.0, 0.5, np.nan, -7.0]))
    return _analysed(made, made.rows, _values(made.rows))


TOLD = (_not_a_number, _many_fail, _constant)
"""Faults that leave something to tell of: an outcome is left out by name, or a sample dropped."""
FAULTS: tuple[Callable[[Design, Rng], Indices], ...] = (
    *TOLD, _lost_run, _lost_row, _lost_outcome, _shuffled, _foreign_seed, _foreign_names,
    _changed_number, _twice, _no_number, _no_seed,
)  # fmt: skip


@pytest.mark.parametrize("number", range(100))
def test_a_planted_fault_is_caught(number: int, design: Design) -> None:
    fault, rng = FAULTS[number % len(FAULTS)], np.random.default_rng(number)
    if fault not in TOLD:
        with pytest.raises(RunError):
            fault(design, rng)
        return
    found = fault(design, rng)
    assert found.excluded or found.n_dropped == 1
    assert (found.total.max(axis=1) > 0.1).all()


def test_without_a_fault_nothing_is_left_out(design: Design) -> None:
    found = _analysed(design, design.rows, _values(design.rows))
    assert not found.excluded
    assert found.n_dropped == 0
