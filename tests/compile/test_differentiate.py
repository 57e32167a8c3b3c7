"""Tangents against central differences, and against derivatives that are known."""

from pathlib import Path

import numpy as np
import pytest

from simdyn.compile.differentiate import _CALLS, differentiate, tangent_of
from simdyn.compile.functions import BUILTINS
from simdyn.compile.lower import lower
from simdyn.compile.nodes import Program, key_of
from simdyn.compile.read import read
from simdyn.engine.backends import Backends
from simdyn.engine.runs import simulate
from simdyn.engine.selection import Scalars
from simdyn.errors import ModelError

HEAD = "{UTF-8}\n"
TAIL = """
INITIAL TIME= 0 ~~|
FINAL TIME= 4 ~~|
TIME STEP= 0.25 ~~|
SAVEPER= TIME STEP ~~|
"""


def _program(folder: Path, equations: str) -> Program:
    path = folder / "model.mdl"
    path.write_text(HEAD + equations + TAIL, encoding="utf-8")
    return lower(read(path))


def _values(program: Program, params: dict[str, float], keys: list[str]) -> np.ndarray:
    wanted = Scalars.of(program, keys)
    return simulate(Backends(program, "numpy"), params, wanted, "step").table[:, :, 0]


def _tangents(program: Program, values: dict[str, float], keys: list[str], by: str) -> np.ndarray:
    """Return d(keys)/d(by), shape (key, time), from the differentiated program."""
    derived = differentiate(program, [key_of(name) for name in values])
    names = {name: derived.variables[tangent_of(key_of(name))].name for name in values}
    seeds = {names[name]: float(name == by) for name in values}
    moved = [key for key in keys if tangent_of(key) in derived.variables]
    found = _values(derived, {**values, **seeds}, [tangent_of(key) for key in moved])
    rows = dict(zip(moved, found, strict=True))
    return np.array([rows.get(key, np.zeros(found.shape[1])) for key in keys])


def _differences(program: Program, values: dict[str, float], keys: list[str], by: str):
    step = 1e-6 * max(abs(values[by]), 1e-2)
    high, low = (
        _values(program, {**values, by: values[by] + sign * step}, keys) for sign in (1, -1)
    )
    return (high - low) / (2 * step)


EXPRESSIONS = {
    "sum": "a + b - 2*a",
    "product": "a * b * a",
    "quotient": "a / (b + a)",
    "power": "(a + Time) ^ b",
    "fixed power": "a ^ 3 + a ^ 0.5",
    "negative": "-a * -b",
    "exp ln": "EXP(a * b) + LN(a + 1) + LOG(a + 2, b + 3)",
    "roots": "SQRT(a + b)",
    "circle": "SIN(a) + COS(b) + TAN(a * b)",
    "hyperbola": "SINH(a) + COSH(b) + TANH(a * b)",
    "arcs": "ARCSIN(a / 9) + ARCCOS(b / 9) + ARCTAN(a * b)",
    "extremes": "MIN(a, b) * MAX(a, 2 * b) + ABS(a - b)",
    "choice": "IF THEN ELSE(Time > 2, a * b, a + b)",
    "safe": "ZIDZ(a, b) + XIDZ(a, 0, b) + ZIDZ(a, 0)",
    "modulo": "MODULO(a * 7, b) + INTEGER(a * 3)",
    "steps": "STEP(a, 1) + RAMP(b, 1, 3) + PULSE(1, 2) * a",
    "ramp ends": "RAMP(2, a / 3, b)",
    "lookup": "WITH LOOKUP(a * Time, ([(0,0)-(9,9)],(0,0),(1,2),(3,1),(9,7)))",
    "held": "WITH LOOKUP(a * 100, ([(0,0)-(9,9)],(0,0),(1,2),(3,1)))",
    "delays": "SMOOTH3(a * Time, b) + DELAY1(a, b + 1) + DELAY FIXED(a * Time, 1, b)",
    "samples": "SAMPLE IF TRUE(Time < 2, a * Time, b)",
    "logic": "(a > b) * a + (a = a) * b",
}


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_expressions_agree_with_central_differences(tmp_path: Path, expression: str) -> None:
    equations = f"""
a= 0.7 ~~|
b= 1.3 ~~|
x= {expression} ~~|
stock= INTEG(x - stock / 3, a * b) ~~|
held= INITIAL(a * a + stock) ~~|
"""
    program = _program(tmp_path, equations)
    values, keys = {"a": 0.7, "b": 1.3}, ["x", "stock", "held"]
    for by in values:
        expected = _differences(program, values, keys, by)
        np.testing.assert_allclose(
            _tangents(program, values, keys, by), expected, rtol=1e-6, atol=1e-8
        )


def test_growth_has_its_closed_form(tmp_path: Path) -> None:
    program = _program(tmp_path, "g= 0.1 ~~|\nstock= INTEG(g * stock, 100) ~~|\n")
    found = _tangents(program, {"g": 0.1}, ["stock"], "g")[0]
    n = np.arange(len(found))
    # Euler gives 100 (1 + g dt)^n, and so d/dg = 100 n dt (1 + g dt)^(n - 1).
    np.testing.assert_allclose(found, 100 * n * 0.25 * 1.025 ** (n - 1.0), rtol=1e-12)


def test_zero_base_is_no_trap(tmp_path: Path) -> None:
    program = _program(tmp_path, "a= 0 ~~|\nb= 2 ~~|\nx= a ^ b ~~|\n")
    for by in ("a", "b"):
        assert np.all(_tangents(program, {"a": 0.0, "b": 2.0}, ["x"], by) == 0)


def test_only_what_a_parameter_moves_has_a_tangent(tmp_path: Path) -> None:
    program = _program(tmp_path, "a= 1 ~~|\nb= 2 ~~|\nx= a + 1 ~~|\ny= b + 1 ~~|\n")
    added = set(differentiate(program, ["a"]).variables) - set(program.variables)
    assert added == {tangent_of("a"), tangent_of("x")}


def test_several_directions_at_once(tmp_path: Path) -> None:
    program = _program(tmp_path, "a= 2 ~~|\nb= 3 ~~|\nx= a * b ~~|\n")
    derived = differentiate(program, ["a", "b"], n_direction=2)
    seeds = {f"d{i}|{name}": float(name == by) for i, by in enumerate("ab") for name in "ab"}
    found = _values(derived, {"a": 2, "b": 3, **seeds}, [tangent_of("x", 0), tangent_of("x", 1)])
    assert found[:, -1].tolist() == [3, 2]


def test_the_time_axis_has_no_derivative(tmp_path: Path) -> None:
    program = _program(tmp_path, "a= 1 ~~|\n")
    with pytest.raises(ModelError, match="'TIME STEP' sets the time axis"):
        differentiate(program, ["time_step"])


@pytest.mark.parametrize(
    ("equation", "what"),
    [("GAMMA LN(a)", "GAMMA LN"), ("RANDOM UNIFORM(0, a, 1)", "a random number")],
)
def test_what_has_no_derivative_is_named(tmp_path: Path, equation: str, what: str) -> None:
    program = _program(tmp_path, f"a= 1 ~~|\nb= 1 ~~|\nx= {equation} ~~|\n")
    with pytest.raises(ModelError, match=f"'x': {what} has no derivative"):
        differentiate(program, ["a"])
    assert tangent_of("x") not in differentiate(program, ["b"]).variables


def test_every_function_has_a_rule() -> None:
    assert set(_CALLS) == set(BUILTINS)


def test_the_regional_model_agrees_with_central_differences(growth_path: Path) -> None:
    program = lower(read(growth_path))
    kinds = {v.name: v for v in program.variables.values()}
    values = {
        name: kinds[name].definition.value
        for name in ("private capital elasticity", "birth rate", "market investment rate")
    }
    keys = [key_of(k) for k in ("GDP", "population", "Debt", "fixed asset investment")]
    for by in values:
        expected = _differences(program, values, keys, by)
        found = _tangents(program, values, keys, by)
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=1e-7 * np.abs(expected).max())
