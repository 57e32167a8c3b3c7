"""All backends give the same, by every method, on every language feature."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simdyn.engine.llvm import build, plan
from simdyn.engine.llvm.jit import this_cpu
from simdyn.engine.llvm.lanes import Cpu
from simdyn.engine.model import Model, load
from simdyn.errors import ModelError

FEATURES = sorted((Path(__file__).parents[1] / "features").glob("*.mdl"))
Build = Callable[..., Model]


@pytest.mark.parametrize("method", ["euler", "rk4"])
@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_backends_agree(path: Path, method: str, cpu: Cpu) -> None:
    fast = load(path).run(save="step", method=method)
    exact = load(path, backend="numpy").run(save="step", method=method)
    assert fast.attrs == exact.attrs
    for name in exact.columns:
        np.testing.assert_allclose(fast[name], exact[name], rtol=1e-12, atol=1e-13, err_msg=name)


LACKING = {
    "allocation_by_priority": "ALLOCATE BY PRIORITY",
    "matrices": "INVERT MATRIX",
    "vectors": "VECTOR SORT ORDER",
}


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_features_are_compiled(path: Path) -> None:
    lacking = LACKING.get(path.stem)
    assert load(path).backend == ("numpy" if lacking else "llvm")
    if lacking:
        with pytest.raises(ModelError, match=f"it needs {lacking}"):
            load(path, "llvm")


def test_growth_model_of_members_agrees(growth_path: Path) -> None:
    fast, exact = (load(growth_path, backend) for backend in ("llvm", "numpy"))
    constants = fast.variables.index[fast.variables["kind"] == "constant"]
    base = exact.run(variables=list(constants)).iloc[0]
    factors = np.random.default_rng(1).uniform(0.9, 1.1, (len(constants), 100))
    params = {name: base[name] * factors[n] for n, name in enumerate(constants)}
    names = exact.variables.index[exact.variables["kind"] != "lookup"]
    for method in ("euler", "rk4"):
        left, right = (model.ensemble(params, names, method=method) for model in (fast, exact))
        assert left["status"].equals(right["status"])
        for name in names:
            scale = np.abs(right[name]).max()
            np.testing.assert_allclose(
                left[name], right[name], rtol=1e-10, atol=1e-11 * scale, err_msg=name
            )


HARD = (
    "x = -3",
    "p = 2",
    "z = 0",
    "powers = x ^ p + z ^ p + z ^ z + (x ^ 3) * (x ^ p) * (p ^ x) + x ^ -1 + p ^ 0.5",
    "tests = IF THEN ELSE(x < z :AND: :NOT: (p = 3), MAX(x, z), MIN(x, p)) + (x <> z) * (p >= 2)",
    "whole = INTEGER(49 / (z + 49)) + INTEGER(p ^ 10 / 2 ^ 10) + MODULO(x, 3) + QUANTUM(p, 0.1)",
    "exact = IF THEN ELSE(x * (1 / 3) - x * (1 / 3) = 0, 1, 2)",
    "trains = PULSE TRAIN(1, 0.5, p, 3) + PULSE TRAIN(1, 0.5, 2, 3) + RAMP(p, 1, 3) + STEP(p, p)",
    "safe = ZIDZ(p, z) + XIDZ(p, z, x) + ABS(x)",
    "S = INTEG(powers / (p + Time) + whole - trains, tests + safe)",
)


def test_what_decides_is_exact(model: Build) -> None:
    built = model(*HARD)
    values = np.array([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 0.1])
    x, p, z = (axis.ravel() for axis in np.meshgrid(values, values, values))
    params = {"x": x, "p": p, "z": z}
    names = ["powers", "tests", "whole", "exact", "trains", "safe", "S"]
    fast = built.ensemble(params, names, save="step")
    exact = load(built.path, "numpy").ensemble(params, names, save="step")
    assert fast["status"].equals(exact["status"])
    for name in names:
        np.testing.assert_allclose(fast[name], exact[name], rtol=1e-12, atol=1e-13, err_msg=name)
    assert (fast["exact"] == 1).all()


def test_what_stocks_decide_is_exact(model: Build, cpu: Cpu) -> None:
    built = model(
        "S = INTEG(a / b, 0)",
        "held = SAMPLE IF TRUE(S > 0, S, 0)",
        "store = INTEG(-a, 4.9)",
        "reached = IF THEN ELSE(S >= 0.1, 1, 0) + IF THEN ELSE(INTEGER(10 * held), 10, 0)",
        "empty = IF THEN ELSE(store = 0, 1, 0)",
        "a = 1",
        "b = 1",
        TIME_STEP="0.1",
        SAVEPER="0.1",
        FINAL_TIME="0.3",
    )
    found = built.ensemble({"a": [49.0, 50.0], "b": 49.0}, ["reached", "empty"])
    assert found["reached"].values.tolist() == [[0, 11, 11, 11]] * 2
    assert found["empty"].values.tolist() == [[0, 1, 0, 0], [0, 0, 0, 0]]


def test_roots_decide_exactly(model: Build, cpu: Cpu) -> None:
    built = model("S = INTEG(0, 2401)", "y = INTEGER(SQRT(S) / b)", "b = 1")
    assert built.ensemble({"b": [49.0, 7.0]}, ["y"])["y"].values[:, 0].tolist() == [1, 7]


def test_rest_of_a_division_is_exact(model: Build, cpu: Cpu) -> None:
    built = model("S = INTEG(0, 8)", "y = MODULO(S, unit)", "unit = 1")
    units = [1e-6, 0.1, 0.3, 3.0, -3.0, 1e-7]
    fast, exact = (
        load(built.path, backend).ensemble({"unit": units}, ["y"]) for backend in ("llvm", "numpy")
    )
    assert fast.equals(exact)
    assert fast["y"].values[0, 0] == 0


def test_what_is_no_number_stays_so(model: Build, cpu: Cpu) -> None:
    """A literal that is nan, a power of 0 that is no parameter, an end that is not finite."""
    long = ",".join(f"({n},{n})" for n in range(20))
    built = model(
        f"long({long})",
        "a = IF THEN ELSE(MAX(LN(-1), x) > 0, 1, 2)",
        "b = IF THEN ELSE(x ^ p > 0, 1, 2)",
        "c = IF THEN ELSE(LOOKUP EXTRAPOLATE(long, x) > 30, 1, 2)",
        "p = 0",
        "x = 1",
    )
    params = {"x": [0.0, np.inf, -np.inf, 31.0]}
    fast, exact = (
        load(built.path, backend).ensemble(params, ["a", "b", "c"]) for backend in ("llvm", "numpy")
    )
    assert fast.equals(exact)
    assert fast["c"].values[:, 0].tolist() == [2, 1, 2, 1]


MANY = ",".join(f"({n},{(n * 7) % 11})" for n in range(-20, 40))


@pytest.mark.parametrize("piece", [1, 3, 20])
def test_pieces_change_no_bit(
    growth_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    whole = load(growth_path).run()
    monkeypatch.setattr(plan, "PIECE", piece)
    assert load(growth_path).run().equals(whole)


def test_long_table(model: Build) -> None:
    built = model(f"long({MANY})", "read = long(x)", "x = 1")
    points = np.concatenate([np.linspace(-25, 45, 701), np.arange(-20.0, 40.0), [1e300, -1e300]])
    expected = np.interp(points, np.arange(-20, 40), [(n * 7) % 11 for n in range(-20, 40)])
    found = built.ensemble({"x": points}, ["read"])["read"].values[:, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-14)


def test_threads_change_no_bit(growth_model: Model) -> None:
    rng = np.random.default_rng(2)
    params = {"birth rate": rng.uniform(0.004, 0.008, 1001)}
    results = [
        growth_model.ensemble(params, ["GDP"], threads=threads, block=block)["GDP"].values.tobytes()
        for threads in (1, 2, 5)
        for block in (1, 8, 100, 5000)
    ]
    assert len(set(results)) == 1


def test_hash_seed_changes_no_bit(growth_path: Path, root: Path) -> None:
    script = (
        "import sys, hashlib, simdyn\n"
        f"run = simdyn.load({str(growth_path)!r}).run()\n"
        "print(hashlib.sha256(run.to_numpy().tobytes()).hexdigest())"
    )
    found = {
        subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_members_that_fail_are_the_same_in_both(model: Build) -> None:
    equations = ("S = INTEG(S ^ 3 * gain, 1)", "root = SQRT(gain - 0.2)", "gain = 1")
    built = model(*equations, FINAL_TIME="20")
    params = {"gain": [0.01, 50.0, np.nan, 0.3, 0.0]}
    fast, exact = (
        load(built.path, backend).ensemble(params, ["S", "root"]) for backend in ("llvm", "numpy")
    )
    assert (fast["status"] > 0).values.tolist() == [True, True, True, True, True]
    for name in ("status", "bad_variable", "bad_time"):
        assert fast[name].equals(exact[name]), name


def test_unsaved_failure_of_an_output_harms_nobody(model: Build) -> None:
    for backend in ("llvm", "numpy"):
        built = load(model("a = 1 / (Time - 0.5)").path, backend)
        assert built.run().attrs == {}
        assert built.run(save="step").attrs["bad_time"] == 0.5


def test_unknown_function_falls_back(model: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(build.FUNCTIONS, "sinh")
    path = model("a = SINH(Time)").path
    assert load(path).backend == "numpy"
    assert load(path).run()["a"].iloc[-1] == np.sinh(4)
    with pytest.raises(ModelError, match=r"it needs SINH\. Use backend='auto' or 'numpy'"):
        load(path, "llvm")


def test_missing_llvm_falls_back(model: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simdyn.engine.llvm.kernel", None)
    path = model("a = 1").path
    assert load(path).backend == "numpy"
    with pytest.raises(ModelError, match="it needs llvmlite, which is not installed"):
        load(path, "llvm")


def test_unknown_choices(model: Build) -> None:
    built = model("a = 1")
    with pytest.raises(ModelError, match="backend='fortran' is unknown"):
        load(built.path, "fortran")  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=r"method='heun' is unknown\. Use one of: euler, rk4"):
        built.run(method="heun")  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="threads=0: a run needs at least one thread"):
        built.ensemble({}, ["a"], threads=0)


ORDERS = [("euler", 1.0, 0.05), ("rk4", 4.0, 0.1)]


@pytest.mark.parametrize("backend", ["llvm", "numpy"])
@pytest.mark.parametrize(("method", "order", "within"), ORDERS)
def test_order_of_method(
    model: Build, backend: str, method: str, order: float, within: float
) -> None:
    """Logistic growth, an oscillator and growth that changes with time, against closed forms."""
    path = model(
        "P = INTEG(0.4 * P * (1 - P / 50), 2)",
        "X = INTEG(V, 1)",
        "V = INTEG(-X, 0)",
        "G = INTEG(G * COS(Time), 1)",
        FINAL_TIME="10",
        SAVEPER="10",
    ).path
    built = load(path, backend)  # type: ignore[arg-type]
    exact = pd.Series(
        {
            "P": 50 / (1 + 24 * np.exp(-4)),
            "X": np.cos(10),
            "V": -np.sin(10),
            "G": np.exp(np.sin(10)),
        }
    )
    steps = (0.0025, 0.00125) if method == "euler" else (0.05, 0.025)
    coarse, fine = (
        (built.run({"TIME STEP": step}, method=method).iloc[-1][exact.index] - exact).abs()  # type: ignore[arg-type]
        for step in steps
    )
    np.testing.assert_allclose(np.log2(coarse / fine), order, atol=within)


def test_one_member_of_arrays_and_numbers(model: Build) -> None:
    built = model("a = b + c", "b = 1", "c = 2")
    result = built.ensemble({"b": [4.0], "c": 5}, ["a"])
    assert result["a"].values.tolist() == [[9.0] * 5]


def test_kernels_are_kept(growth_model: Model) -> None:
    before = dict(growth_model._backends._compiled)
    growth_model.run({"birth rate": 0.006}, ["GDP"])
    growth_model.run({"birth rate": 0.007}, ["GDP"])
    new = growth_model._backends._compiled.keys() - before.keys()
    assert len(new) <= 1


def test_cpu_is_described() -> None:
    assert replace(this_cpu()) == this_cpu()
    assert this_cpu().lanes in {2, 4, 8}
