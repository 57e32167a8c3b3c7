"""The one-at-a-time ranking on the real model against effects that are known."""

import numpy as np
import pytest

from simdyn.calibrate.problem import Problem
from simdyn.engine.model import Model
from simdyn.errors import RunError
from simdyn.regions import Basis, Distribution, Prior, Region, RegionFile, Scope
from simdyn.sensitivity import Inputs, inputs_of, screen


def _prior(name: str, centre: float, spread: float) -> Prior:
    return Prior(
        parameter=name, distribution=Distribution.NORMAL, centre=centre, spread=spread,
        unit="Dmnl", applies_to=Scope.MODEL, source="test",
    )  # fmt: skip


PRIORS = (_prior("initial population", 60, 6), _prior("research return", 0.1, 0.01))
FILE = RegionFile(name="Test", name_zh="测试", basis=Basis.ILLUSTRATIVE, basis_note="synthetic")
LEVERS = {"migration lever": 0.01, "integration lever": 0.0}


@pytest.fixture(scope="module")
def problem(growth_model: Model) -> Problem:
    # Without a response to income, population is proportional to its initial value.
    fixed = {"migration response": 0.0}
    return Problem(Region("test", FILE, PRIORS, (), ()), growth_model, fixed, np.empty(0))


def test_inputs_cover_the_middle_of_the_draws(problem: Problem) -> None:
    draws = np.random.default_rng(1).standard_normal((2, 100_000))
    inputs = inputs_of(problem, draws, LEVERS, {})
    np.testing.assert_allclose(inputs.low, -1.2816, atol=0.02)
    np.testing.assert_allclose(inputs.high, 1.2816, atol=0.02)
    assert inputs.names == ["initial population", "research return", *LEVERS]


def test_effects_on_population(problem: Problem) -> None:
    inputs = Inputs(PRIORS, np.array([-1.0, -1.0]), np.array([1.0, 1.0]), LEVERS, {})
    table = screen(problem, inputs, 10, seed=3)
    rows = table[table["outcome"] == "Resident population 2035"].set_index("input")
    # From 54 to 66 around 60: a fifth of the mean, up to the lever's own effect on it.
    assert rows.loc["initial population", "effect"] == pytest.approx(20, rel=0.1)
    assert rows.loc["migration lever", "direction"] > 0
    # Nothing depends on the return to research while nothing is spent on it.
    assert rows.loc["research return", "effect"] == 0
    assert rows.loc["integration lever", "effect"] == 0
    assert rows["rank"].to_dict()["initial population"] == 1
    assert (rows["effect_low"] <= rows["effect"]).all()


@pytest.mark.parametrize("seed", [0, 5])
def test_same_seed_same_table(problem: Problem, seed: int) -> None:
    inputs = Inputs(PRIORS, np.array([-1.0, -1.0]), np.array([1.0, 1.0]), LEVERS, {})
    assert screen(problem, inputs, 4, seed=seed).equals(screen(problem, inputs, 4, seed=seed))


def test_a_design_that_fails_everywhere_is_refused(growth_model: Model) -> None:
    hopeless = (_prior("initial primary share", 2.0, 0.1),)
    region = Region("test", FILE, hopeless, (), ())
    problem = Problem(region, growth_model, {}, np.empty(0))
    inputs = Inputs(hopeless, np.array([-1.0]), np.array([1.0]), {}, {})
    with pytest.raises(RunError, match="too few sound runs"):
        screen(problem, inputs, 4, seed=1)
