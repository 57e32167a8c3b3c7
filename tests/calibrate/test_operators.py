"""Each observation operator against paths whose answer is known by hand."""

import numpy as np
import pytest

from simdyn.calibrate.operators import Answers, answer
from simdyn.regions import Operator, Reading
from simdyn.years import Years

GROWTH = np.array([0.03, 0.10])
MEASUREMENT = {"half": np.array([0.5, 0.5]), "scope": np.array([0.0, 1.0])}


def _years() -> Years:
    path = 100 * (1 + GROWTH) ** np.arange(7)[:, None]
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


@pytest.mark.parametrize("operator", list(Operator))
def test_all_readings_at_once_give_the_answers_of_each_with_derivatives(operator: Operator) -> None:
    variable = "industry output" if operator is Operator.SHARE else "path"
    extra = (
        {"scope": "wider"} if operator is Operator.SHARE else {"times": "half", "over": "double"}
    )
    reading = Reading(
        label="x", operator=operator, variable=variable, start=2016, end=2020, facts="f", **extra
    )
    names = ["path", "primary output", "industry output", "services output"]
    parameters = ["growth", "half", "double", "wider"]
    answers = Answers([reading], names, 7, parameters)
    flat = [np.full(7, value) for value in (10.0, 30.0, 60.0)]

    def at(theta: np.ndarray) -> float:
        values = np.array([100 * (1 + theta[0]) ** np.arange(7), *flat])
        years = Years(2015, dict(zip(names, values[..., None], strict=True)), np.array([True]))
        measured = {name: theta[n : n + 1] for n, name in enumerate(parameters)}
        return float(answer(reading, years, measured)[0])

    theta, slopes = np.array([0.03, 0.5, 2.0, 0.4]), np.array([0.01, 0.1, 0.3, 1.0])
    values = np.array([100 * (1 + theta[0]) ** np.arange(7), *flat])
    by = np.zeros((4, 7, 4))
    by[0, :, 0] = slopes[0] * 100 * np.arange(7) * (1 + theta[0]) ** (np.arange(7) - 1.0)
    found, derivatives = answers(values, by, theta, slopes)
    assert found[0] == pytest.approx(at(theta), rel=1e-12)
    for n, slope in enumerate(slopes):
        step = 1e-6 * np.eye(4)[n]
        difference = slope * (at(theta + step) - at(theta - step)) / 2e-6
        assert derivatives[0, n] == pytest.approx(difference, rel=1e-6, abs=1e-8)
