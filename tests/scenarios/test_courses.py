"""Courses are linear between knots, and jump where a scenario says so."""

import numpy as np
import pytest

from simdyn.scenarios import Change, Course, LeverEntry

JUMP = 2.0**-20


def _course(**setting: object) -> Course:
    course = LeverEntry.model_validate({**setting, "source": "assumption"}).course
    assert course is not None
    return course


def _at(course: Course, *years: float) -> list[float]:
    """Read a course as the engine does: linear between the knots, held outside."""
    assert np.all(np.diff(course.times) > 0)
    return [float(np.interp(year, course.times, course.values)) for year in years]


def test_a_path_is_nothing_before_its_first_year_and_held_after_its_last() -> None:
    course = _course(path={"2025": 0.006, "2022": 0.002})
    years = (2015, 2021.875, 2022, 2023.5, 2025, 2036)
    np.testing.assert_allclose(_at(course, *years), [0, 0, 0.002, 0.004, 0.006, 0.006])


def test_a_path_from_nothing_does_not_jump() -> None:
    assert _course(path={"2022": 0.0, "2025": 0.3}) == Course((2022.0, 2025.0), (0.0, 0.3))


def test_a_path_of_one_year_is_a_step() -> None:
    assert _at(_course(path={"2030": 0.1}), 2029.999, 2030, 2036) == [0, 0.1, 0.1]


def test_a_ramp_rises_and_is_held() -> None:
    course = _course(ramp={"from": 2023, "to": 2028, "value": 0.02})
    np.testing.assert_allclose(
        _at(course, 2015, 2023, 2025.5, 2028, 2036), [0, 0, 0.01, 0.02, 0.02]
    )


def test_a_switch_is_on_from_the_start_of_a_year_to_the_start_of_another() -> None:
    course = _course(switch={"from": 2024, "until": 2030, "value": 0.01})
    assert _at(course, 2023.875, 2024, 2029.875, 2030, 2036) == [0, 0.01, 0.01, 0, 0]
    assert course.times == (2024 - JUMP, 2024.0, 2030 - JUMP, 2030.0)
    lasting = _course(switch={"from": 2024, "value": 0.01})
    assert _at(lasting, 2023.875, 2024, 2036) == [0, 0.01, 0.01]


def test_a_switch_of_one_year() -> None:
    course = _course(switch={"from": 2024, "until": 2025, "value": 0.01})
    assert _at(course, 2023.875, 2024, 2024.875, 2025) == [0, 0.01, 0.01, 0]


def test_a_value_has_no_course() -> None:
    assert LeverEntry(value=0.1, source="assumption").course is None


@pytest.mark.parametrize("parts", [{}, {"value": 1.0, "plus": 1.0}, {"plus": 1.0, "times": 0.0}])
def test_a_change_is_exactly_one(parts: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Change(**parts)


def test_a_change_keeps_the_shape_of_draws() -> None:
    draws = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(Change(value=5.0).apply(draws), np.full((2, 2), 5.0))
    np.testing.assert_array_equal(Change(plus=-1.0).apply(draws), draws - 1)
    np.testing.assert_array_equal(Change(times=0.0).apply(draws), np.zeros((2, 2)))
