"""DELAY FIXED gives the same bits compiled as with NumPy, whatever its length."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

from simdyn.engine.llvm.lanes import Cpu
from simdyn.engine.model import Model, load

Build = Callable[..., Model]

EQUATIONS = (
    "a = 1",
    "delay = 1",
    "by member = DELAY FIXED(flow, delay, -a)",
    "by number = DELAY FIXED(flow, 1.2, 7)",
    "by time = DELAY FIXED(a, Time + INITIAL TIME + 2 * TIME STEP, a / 3)",
    "chain = DELAY FIXED(by member, delay / 2, chain start)",
    "chain start = 5 * S",
    "no delay = DELAY FIXED(Time, 0, 0)",
    "past the end = DELAY FIXED(Time, 99, 3)",
    "S = INTEG(by number - chain / 8, a)",
    "flow = S * Time + INTEGER(S) + 4",
)
NAMES = ["by member", "by number", "by time", "chain", "no delay", "past the end", "S"]
DELAYS = [0.0, 0.2, 0.5, 0.74, 0.75, 1.25, 3.0, 4.5, 99.0, 1e300, -1.0, np.inf, np.nan]


@pytest.mark.parametrize("method", ["euler", "rk4"])
@pytest.mark.parametrize("block", [7, 2048])
def test_pipes_are_bitwise_those_of_numpy(model: Build, cpu: Cpu, method: str, block: int) -> None:
    built = model(*EQUATIONS, TIME_STEP="0.25", FINAL_TIME="6")
    assert built.backend == "llvm"
    rng = np.random.default_rng(4)
    params = {"delay": rng.permutation(DELAYS * 3), "a": rng.integers(1, 50, 39).astype(float)}

    def run(backend: str, n_member: int = 39) -> xr.Dataset:
        some = {key: values[:n_member] for key, values in params.items()}
        options: Any = {"save": "step", "method": method, "block": block}
        return load(built.path, backend).ensemble(some, NAMES, **options)  # type: ignore[arg-type]

    fast, exact = run("llvm"), run("numpy")
    if method == "euler":
        assert fast.equals(exact)
    for name in NAMES:
        np.testing.assert_allclose(fast[name], exact[name], rtol=1e-12, err_msg=name)
    few = run("llvm", 5)
    for name in NAMES:
        assert few[name].values.tobytes() == fast[name].values[:5].tobytes()


def test_ring_is_as_long_as_it_has_to_be(model: Build) -> None:
    """A ring of three steps goes round; one whose length a run sets follows the time axis."""
    fixed = model("x = DELAY FIXED(Time, 1.5, -1)", FINAL_TIME="9")
    assert fixed.run(save="step")["x"].tolist() == [-1] * 3 + [n / 2 for n in range(16)]
    (compiled,) = fixed._backends._compiled.values()
    assert compiled._llvm.plan.n_row(18) == 3
    free = model("x = DELAY FIXED(Time, d, -1)", "d = 1.5", FINAL_TIME="9")
    for step in (0.5, 0.25, 0.125):
        found = free.run({"d": 3, "TIME STEP": step}, save="step")["x"].tolist()
        assert found == [-1] * int(3 / step) + [n * step for n in range(int(6 / step) + 1)]


def test_derivatives_pass_through_a_pipe(model: Build) -> None:
    built = model("x = DELAY FIXED(g * g * Time, 1, g)", "g = 3")
    assert built.backend == "llvm"
    found = built.ensemble({"g": [3.0, 5.0]}, ["x"], derivatives=["g"])["d(x)"]
    assert found.values[:, :, 0].tolist() == [[1, 0, 6, 12, 18], [1, 0, 10, 20, 30]]
