"""Vector functions against the same in extended precision, over wide ranges and special values."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from simdyn.engine.batch import Axis, Batch
from simdyn.engine.clock import Clock
from simdyn.engine.llvm.kernel import LlvmRunner
from simdyn.engine.llvm.lanes import Cpu
from simdyn.engine.methods import METHODS
from simdyn.engine.model import Model

Build = Callable[..., Model]
Floats = NDArray[np.float64]
RNG = np.random.default_rng(7)
HAS_EXTENDED = np.finfo(np.longdouble).nmant > 60

ALL = np.concatenate([np.exp(RNG.uniform(-744, 709, 20000)), RNG.uniform(0.5, 2, 20000)])
SIGNED = np.concatenate([RNG.uniform(-5, 5, 20000), RNG.normal(0, 1e-3, 5000), -ALL[:200]])
SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, 2.0, np.inf, -np.inf, np.nan, 5e-324, 2e-308, 1.7e308])

CASES: dict[str, tuple[str, Callable[..., object], Floats, float]] = {
    "exp": ("EXP(x)", np.exp, RNG.uniform(-745, 709.7, 40000), 1.2),
    "ln": ("LN(x)", np.log, np.concatenate([ALL, 1 + RNG.normal(0, 1e-4, 9999)]), 1.5),
    "sqrt": ("SQRT(x)", np.sqrt, ALL, 0.5001),
    "sin": ("SIN(x)", np.sin, np.concatenate([SIGNED, RNG.uniform(-1e6, 1e6, 9999)]), 2.2),
    "cos": ("COS(x)", np.cos, np.concatenate([SIGNED, RNG.uniform(-1e9, 1e9, 9999)]), 2.2),
    "tan": ("TAN(x)", np.tan, np.concatenate([SIGNED, RNG.uniform(-1e5, 1e5, 9999)]), 3.5),
    "arcsin": ("ARCSIN(x)", np.arcsin, RNG.uniform(-1, 1, 40000), 2.5),
    "arccos": ("ARCCOS(x)", np.arccos, RNG.uniform(-1, 1, 40000), 2.0),
    "arctan": ("ARCTAN(x)", np.arctan, SIGNED, 2.0),
    "sinh": ("SINH(x)", np.sinh, np.append(SIGNED[:25000], RNG.uniform(-710, 710, 20000)), 3.0),
    "cosh": ("COSH(x)", np.cosh, np.append(SIGNED[:25000], RNG.uniform(-710, 710, 20000)), 3.0),
    "tanh": ("TANH(x)", np.tanh, np.append(SIGNED[:25000], RNG.uniform(-30, 30, 20000)), 3.5),
}


def run(model: Model, params: dict[str, Floats]) -> Floats:
    """Return what the compiled code itself makes of ``y``, before NumPy judges what is bad."""
    program = model._program.with_given(frozenset(params))
    clock = Clock(0, 0, 1, 0, 1)
    axis = Axis(clock, np.zeros(1, dtype=np.int64))
    n_member = len(next(iter(params.values())))
    runner = LlvmRunner(program, ("y",), METHODS["euler"])
    table, _ = runner.run(Batch(axis, METHODS["euler"], params, n_member, 4096, 1))
    return table[0, 0]


def ulps(found: Floats, exact: NDArray[np.longdouble]) -> Floats:
    finite = np.isfinite(exact.astype(float))
    unit = np.spacing(np.abs(exact[finite].astype(float)))
    off = np.abs(found[finite].astype(np.longdouble) - exact[finite]) / unit
    return off.astype(float)


@pytest.mark.skipif(not HAS_EXTENDED, reason="no extended precision to compare with")
@pytest.mark.parametrize("name", CASES)
def test_accuracy(model: Build, cpu: Cpu, name: str) -> None:
    equation, function, values, most = CASES[name]
    found = run(model(f"y = {equation}", "x = 1"), {"x": values})
    exact = np.asarray(function(values.astype(np.longdouble)))
    off = ulps(found, exact)
    assert off.max() <= most * (1.0 if cpu.fma else 2.0), (off.max(), values[off.argmax()])


@pytest.mark.parametrize("name", CASES)
def test_special_values(model: Build, cpu: Cpu, name: str) -> None:
    equation, function, _, _ = CASES[name]
    found = run(model(f"y = {equation}", "x = 1"), {"x": SPECIAL})
    with np.errstate(all="ignore"):
        exact = np.asarray(function(SPECIAL), dtype=float)
    np.testing.assert_allclose(found, exact, rtol=1e-15, atol=5e-324)


@pytest.mark.skipif(not HAS_EXTENDED, reason="no extended precision to compare with")
def test_power(model: Build, cpu: Cpu) -> None:
    base = np.exp(RNG.uniform(-50, 50, 40000))
    exponent = RNG.uniform(-14, 14, 40000)
    found = run(model("y = x ^ p", "x = 1", "p = 1"), {"x": base, "p": exponent})
    exact = base.astype(np.longdouble) ** exponent.astype(np.longdouble)
    assert ulps(found, exact).max() <= (1.2 if cpu.fma else 3000)


def test_whole_powers_are_exact(model: Build, cpu: Cpu) -> None:
    pairs = [(b, p) for b in range(-9, 10) for p in range(17) if abs(b) ** p < 2**53]
    base, exponent = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    found = run(model("y = x ^ p", "x = 1", "p = 1"), {"x": base, "p": exponent})
    rtol = 0 if cpu.fma else 1e-13
    np.testing.assert_allclose(found, base**exponent, rtol=rtol)


def test_special_powers(model: Build, cpu: Cpu) -> None:
    numbers = [0.0, 1.0, -1.0, 0.5, -2.5, 3.0, -3.0, math.inf, -math.inf, math.nan]
    base, exponent = (axis.ravel() for axis in np.meshgrid(numbers, numbers))
    found = run(model("y = x ^ p", "x = 1", "p = 1"), {"x": base, "p": exponent})
    with np.errstate(all="ignore"):
        exact = base**exponent
    agree = np.isclose(found, exact, rtol=1e-14, equal_nan=True)
    # These are nan here; NumPy then says what they are.
    known = (np.abs(base) == 1) & ~np.isfinite(exponent)
    known |= np.isneginf(base) & (exponent != np.floor(exponent))
    assert agree[~known].all(), list(zip(base[~agree], exponent[~agree], strict=True))
