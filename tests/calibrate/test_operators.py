"""Each observation operator against paths whose answer is known by hand."""

import numpy as np
import pytest

from simdyn.calibrate.operators import answer
from simdyn.regions import Operator, Reading
from simdyn.years import Years

GROWTH = np.array([0.03, 0.10])
MEASUREMENT = {"half": np.array([0.5, 0.5]), "scope": np.array([0.0, 1.0])}


def _years(growth: np.ndarray = GROWTH) -> Years:
    path = 100 * (1 + growth) ** np.arange(7)[:, None]
    flat = np.ones((7, 2))
    sectors = {
        "primary output": 10 * flat,
        "industry output": 30 * flat,
        "services output": 60 * flat,
    }
    return Years(2015, {"path": path, **sectors}, np.array([True, True]))


def _answer(operator: Operator, start: int, end: int, variable: str = "path", **extra: str):
    reading = Reading(
        label="x", operator=operator, variable=variable, start=start, end=end, facts="f", **extra
    )
    return answer(reading, _years(), MEASUREMENT)


@pytest.mark.parametrize(
    ("operator", "start", "end", "expected"),
    [
        (Operator.LEVEL, 2020, 2020, 100 * (1 + GROWTH) ** 5),
        (Operator.GROWTH, 2020, 2020, 100 * GROWTH),
        (Operator.AVERAGE_GROWTH, 2016, 2020, 100 * GROWTH),
        (Operator.RATIO, 2015, 2020, (1 + GROWTH) ** 5),
        (Operator.SUM, 2016, 2020, 100 * ((1 + GROWTH) ** 6 - (1 + GROWTH)) / GROWTH),
    ],
)
def test_closed_forms(operator: Operator, start: int, end: int, expected: np.ndarray) -> None:
    np.testing.assert_allclose(_answer(operator, start, end), expected, rtol=1e-12)


def test_share_with_a_wider_scope_of_industry() -> None:
    secondary = _answer(Operator.SHARE, 2016, 2016, "industry output", scope="scope")
    services = _answer(Operator.SHARE, 2016, 2016, "services output", scope="scope")
    np.testing.assert_allclose(secondary, [30, 6000 / 130])
    np.testing.assert_allclose(services, [60, 6000 / 130])


def test_measurement_parameters_multiply_and_divide() -> None:
    level = _answer(Operator.LEVEL, 2015, 2015)
    np.testing.assert_allclose(_answer(Operator.LEVEL, 2015, 2015, times="half"), level / 2)
    growth = _answer(Operator.GROWTH, 2016, 2016)
    np.testing.assert_allclose(_answer(Operator.GROWTH, 2016, 2016, over="half"), 2 * growth)


@pytest.mark.parametrize("operator", [o for o in Operator if o is not Operator.SHARE])
def test_a_complex_step_gives_the_derivative(operator: Operator) -> None:
    reading = Reading(
        label="x", operator=operator, variable="path", start=2016, end=2020, times="half", facts="f"
    )

    def at(growth: np.ndarray) -> np.ndarray:
        return answer(reading, _years(growth), MEASUREMENT)

    differences = (at(GROWTH + 1e-6) - at(GROWTH - 1e-6)) / 2e-6
    np.testing.assert_allclose(at(GROWTH + 1e-30j).imag / 1e-30, differences, rtol=1e-7)


def test_a_complex_step_goes_through_shares_and_their_scope() -> None:
    reading = Reading(
        label="x", operator=Operator.SHARE, variable="industry output", start=2016, end=2016,
        scope="scope", facts="f",
    )  # fmt: skip
    scope = {"scope": MEASUREMENT["scope"] + 1e-30j}
    derivative = answer(reading, _years(), scope).imag / 1e-30
    np.testing.assert_allclose(derivative, 100 * 30 * 70 / np.array([100.0, 130.0]) ** 2)
