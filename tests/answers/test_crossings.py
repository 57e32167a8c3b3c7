"""Crossings of a level: closed forms, several at once, none."""

import numpy as np
import pytest

from simdyn.answers.crossings import Function, crossings
from simdyn.arrays import Array

GRID = np.linspace(-2.0, 2.0, 33)
RESOLUTION = 4.0 / 32 / 8**4


def _found(function: Function, level: float) -> list[tuple[float, bool]]:
    return [(each.at, each.rising) for each in crossings(function, GRID, function(GRID), level)]


def test_a_rising_and_a_falling_line() -> None:
    ((at, rising),) = _found(lambda x: 3 * x, 1.0)
    assert at == pytest.approx(1 / 3, abs=RESOLUTION)
    assert rising
    ((at, rising),) = _found(lambda x: -3 * x, 1.0)
    assert at == pytest.approx(-1 / 3, abs=RESOLUTION)
    assert not rising


def test_a_hump_is_crossed_twice() -> None:
    (left, right) = _found(lambda x: 1 - x**2, 0.5)
    assert left == (pytest.approx(-np.sqrt(0.5), abs=RESOLUTION), True)
    assert right == (pytest.approx(np.sqrt(0.5), abs=RESOLUTION), False)


def test_a_wave_is_crossed_as_often_as_it_is() -> None:
    found = _found(lambda x: np.sin(4 * x), 0.0)
    np.testing.assert_allclose([at for at, _ in found], np.pi / 4 * np.arange(-2, 3), atol=0.001)
    assert [rising for _, rising in found] == [True, False, True, False, True]


def test_the_point_reported_is_at_or_above_the_level() -> None:
    def steps(x: Array) -> Array:
        return np.floor(10 * x) / 10

    for level in (-1.3, 0.05, 1.7):
        ((at, _),) = _found(steps, level)
        assert steps(np.array([at]))[0] >= level
        assert steps(np.array([at - 2 * RESOLUTION]))[0] < level


def test_no_crossing_and_no_value() -> None:
    assert _found(lambda x: x, 5.0) == []
    ((at, rising),) = _found(lambda x: np.where(x < 1, np.nan, 1.0), 0.5)
    assert (at, rising) == (pytest.approx(1.0, abs=RESOLUTION), True)
