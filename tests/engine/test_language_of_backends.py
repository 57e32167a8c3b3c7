"""Both backends know held and bounded states, data, series, shapes and the file's own method."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simdyn.engine.llvm.lanes import Cpu
from simdyn.engine.model import Model, load
from simdyn.errors import ModelError

Build = Callable[..., Model]
BACKENDS = ["llvm", "numpy"]

XMILE = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <sim_specs{method}><start>0</start><stop>6</stop><dt>0.5</dt></sim_specs>
  <model><variables>
    <stock name="store"><eqn>first</eqn><inflow>into</inflow><outflow>out</outflow>
      <non_negative/></stock>
    <flow name="into"><eqn>SIN(TIME)</eqn></flow>
    <flow name="out"><eqn>drain * (1 + store / 9)</eqn></flow>
    <aux name="drain"><eqn>0.7</eqn></aux>
    <aux name="first"><eqn>1</eqn></aux>
  </variables></model>
</xmile>
"""


def xmile(folder: Path, method: str = "") -> Path:
    path = folder / "model.xmile"
    path.write_text(XMILE.format(method=method and f' method="{method}"'), encoding="utf-8")
    return path


def agree(left: pd.DataFrame, right: pd.DataFrame) -> None:
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-13)
    assert left.attrs == right.attrs


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_store_is_never_negative(tmp_path: Path, method: str) -> None:
    fast, exact = (load(xmile(tmp_path), backend) for backend in BACKENDS)  # type: ignore[arg-type]
    found = fast.run(save="step", method=method)  # type: ignore[arg-type]
    agree(found, exact.run(save="step", method=method))  # type: ignore[arg-type]
    assert found["store"].min() == 0
    assert found["store"].max() > 0.5


def test_store_that_fails_is_named(tmp_path: Path) -> None:
    params = {"drain": [0.7, np.inf, np.nan], "first": [1.0, 1.0, 1.0]}
    fast, exact = (
        load(xmile(tmp_path), backend).ensemble(params, ["store"])  # type: ignore[arg-type]
        for backend in BACKENDS
    )
    assert fast["bad_variable"].values.tolist() == ["", "drain", "drain"]
    assert fast["status"].equals(exact["status"])


@pytest.mark.parametrize("backend", BACKENDS)
def test_method_of_the_file_counts(tmp_path: Path, backend: str) -> None:
    own = load(xmile(tmp_path, "RK4"), backend)  # type: ignore[arg-type]
    assert own.run(method=None).equals(own.run(method="rk4"))
    assert own.run().equals(own.run(method="euler"))
    assert not own.run(method=None).equals(own.run(method="euler"))
    other = load(xmile(tmp_path), backend)  # type: ignore[arg-type]
    assert other.run(method=None).equals(own.run(method="euler"))
    member = own.ensemble({"drain": [0.7, 0.5]}, ["store"])["store"].values[0]
    assert member.tobytes() == own.run()["store"].to_numpy().tobytes()


HELD = (
    "S = INTEG(held / 5 - S, 1)",
    "held = SAMPLE IF TRUE(MODULO(Time, 1) = 0, (Time + 49) / 49 * scale + S, 4)",
    "whole = INTEGER(held)",
    "scale = 1",
)


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_held_moves_once_a_step(model: Build, method: str) -> None:
    built = model(*HELD)
    assert built.backend == "llvm"
    found = built.run(save="step", method=method)  # type: ignore[arg-type]
    agree(found, load(built.path, "numpy").run(save="step", method=method))  # type: ignore[arg-type]
    held = found["held"].to_numpy()
    assert (held[1::2] == held[:-1:2]).all()
    assert len(set(held)) == 5


def test_data_are_compiled(model: Build, tmp_path: Path) -> None:
    built = model("d:INTERPOLATE:", "S = INTEG(d * gain, 0)", "gain = 2", "alone = gain")
    assert built.backend == "llvm"
    assert built.run(variables=["alone"])["alone"].tolist() == [2] * 5
    with pytest.raises(ModelError, match="'d' is data that no file gave"):
        built.run(variables=["S"])
    table = tmp_path / "data.csv"
    for factor in (1, 3):
        rows = "".join(f"{time},{factor * time}\n" for time in range(5))
        table.write_text(f"time,d\n{rows}")
        found = built.run(data_files=[table])
        agree(found, load(built.path, "numpy").run(data_files=[table]))
        assert found["d"].tolist() == [0, factor, 2 * factor, 3 * factor, 4 * factor]
    (part, *_) = built.stream({"gain": [1, 2, 3]}, ["S"], size=2, data_files=[table])
    assert part["S"].values[1].tolist() == found["S"].tolist()


def test_series_and_starts(model: Build) -> None:
    built = model("S = INTEG(a * S, 1)", "a = 0.1")
    exact = load(built.path, "numpy")
    for points in ({0.0: 0.1, 4.0: 0.5}, {0.0: 0.3, 2.0: 0.1}, {1.0: 0.2}):
        params = {"a": pd.Series(points), "S": 2.0}
        agree(built.run(params), exact.run(params))  # type: ignore[arg-type]
    parts = list(built.stream({"a": pd.Series(points), "S": [1, 2, 3]}, ["S"], size=2))
    assert [part["member"].values.tolist() for part in parts] == [[0, 1], [2]]
    assert parts[0]["S"].values[1].tolist() == built.run(params)["S"].tolist()  # type: ignore[arg-type]


def test_shape_is_kept(model: Build) -> None:
    built = model("out = DELAY N(STEP(1, 1), 2, 0, order)", "order = 3")
    exact = load(built.path, "numpy")
    for order in (1, 4, 1, 3):
        agree(built.run({"order": order}), exact.run({"order": order}))
    assert len(built._reshaped) == 3


def test_draws_of_a_stream_are_those_of_the_ensemble(model: Build) -> None:
    drawn = model("x = RANDOM UNIFORM(0, scale, 0)", "scale = 1")
    assert drawn.backend == "llvm"
    for built in (drawn, load(drawn.path, "numpy")):
        params = {"scale": np.linspace(1, 2, 7)}
        parts = [part["x"].values for part in built.stream(params, ["x"], size=3, seed=5)]
        whole = built.ensemble(params, ["x"], seed=5)["x"].values
        assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_draws_of_other_distributions_are_left_to_numpy(model: Build) -> None:
    built = model("x = RANDOM NORMAL(0, 1, 0, scale, 0)", "scale = 1")
    assert built.backend == "numpy"
    with pytest.raises(ModelError, match="it needs RANDOM NORMAL"):
        load(built.path, "llvm")


DRAWS = (
    "a = RANDOM UNIFORM(low, high, 0)",
    "b = RANDOM TRIANGULAR(low, high, low, (low + high) / 3, high, 0)",
    "c = IF THEN ELSE(RANDOM 0 1() < 0.5, 1, 0)",
    "S = INTEG(RANDOM UNIFORM(-1, 1, 0), RANDOM UNIFORM(low, high, 0))",
    "first = INITIAL(RANDOM 0 1())",
    "low = -1",
    "high = 3",
)


@pytest.mark.parametrize("seed", [0, -1, 2**63 + 5])
def test_draws_are_bitwise_those_of_numpy(model: Build, cpu: Cpu, seed: int) -> None:
    built = model(*DRAWS)
    assert built.backend == "llvm"
    labels = pd.Index([f"draw {n}" for n in range(37)])
    params = pd.DataFrame({"low": np.linspace(-3, 0, 37), "high": np.linspace(7, 1, 37)}, labels)
    names = ["a", "b", "c", "S", "first"]
    for method in ("euler", "rk4"):
        options: Any = {"seed": seed, "method": method, "save": "step"}
        fast, exact = (
            load(built.path, backend).ensemble(params, names, **options)  # type: ignore[arg-type]
            for backend in BACKENDS
        )
        assert fast.drop_vars("S").equals(exact.drop_vars("S"))
        np.testing.assert_allclose(fast["S"], exact["S"], rtol=0, atol=1e-15)
        assert not fast.equals(built.ensemble(params, names, **{**options, "seed": 1}))
    alone = built.run(seed=seed, save="step")
    assert alone.equals(load(built.path, "numpy").run(seed=seed, save="step"))
    assert len(set(alone["a"])) == len(alone)


def test_code_of_many_steps_gives_the_same_bits(growth_path: Path) -> None:
    built = load(growth_path, "llvm")
    few = built.ensemble({"birth rate": np.linspace(0.004, 0.008, 10)}, ["GDP", "Debt"])
    many = built.ensemble(
        {"birth rate": np.linspace(0.004, 0.008, 10).repeat(1000)}, ["GDP", "Debt"]
    )
    (compiled,) = built._backends._compiled.values()
    assert len(compiled._llvm._codes) == 2
    for name in ("GDP", "Debt"):
        assert few[name].values.tobytes() == many[name].values[::1000].tobytes()
