"""Runs equal what can be written down without a computer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simdyn.engine.model import Model, load

Build = Callable[..., Model]


@pytest.fixture
def features(root: Path) -> Path:
    return root / "tests" / "features"


@pytest.mark.parametrize("rate", [0.03, -0.2])
def test_euler_growth_is_a_power(features: Path, rate: float) -> None:
    run = load(features / "growth.mdl").run({"growth rate": rate})
    steps = np.arange(len(run))
    assert len(run) == 321
    np.testing.assert_allclose(run["stock"], 100 * (1 + rate * 0.125) ** steps, rtol=1e-12)


def test_halved_step_halves_the_error(features: Path) -> None:
    model = load(features / "growth.mdl")
    exact = 100 * np.exp(0.03 * 40)
    errors = [
        exact - model.run({"TIME STEP": step, "SAVEPER": 1})["stock"].iloc[-1]
        for step in (0.125, 0.0625, 0.03125)
    ]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.01)
    assert errors[1] / errors[2] == pytest.approx(2, rel=0.01)


def test_logistic_growth(features: Path) -> None:
    run = load(features / "logistic.mdl").run(variables=["population"])
    exact = 50 / (1 + (50 / 2 - 1) * np.exp(-0.4 * run.index.to_numpy()))
    np.testing.assert_allclose(run["population"], exact, rtol=5e-3)


def test_rates_come_before_updates(model: Build) -> None:
    built = model("A = INTEG(B, 1)", "B = INTEG(-A, 0)")
    expected = [(1.0, 0.0)]
    for _ in range(8):
        a, b = expected[-1]
        expected.append((a + 0.5 * b, b - 0.5 * a))
    run = built.run(variables=["A", "B"], save="step")
    assert list(run.itertuples(index=False, name=None)) == expected


def test_flow_that_is_another_stock_is_not_shared(model: Build) -> None:
    built = model("A = INTEG(B, 0)", "B = INTEG(1, 0)", "C = INTEG(B, 0)")
    assert built.run()["A"].tolist() == [0, 0.25, 1.5, 3.75, 7.0]
    assert built.run()["A"].equals(built.run()["C"].rename("A"))
