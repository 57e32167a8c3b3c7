"""A member's bits depend on nothing but its own parameters."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from simdyn.engine.model import Model, load
from simdyn.errors import ModelError

Build = Callable[..., Model]

EQUATIONS = (
    "S = INTEG(inflow - S ^ exponent / 7, 1 + start)",
    "inflow = EXP(-S) + LN(1 + S) * SIN(S) + table(S) + TANH(S / 3) + COS(Time * rate)",
    "of constants = rate ^ exponent + SQRT(rate) + EXP(rate) + exponent ^ 2",
    "of time = EXP(-Time / 5) ^ 1.5 + (1 + Time) ^ exponent + PULSE(1, rate)",
    "all = S + of constants + of time + MAX(S, 0) * MIN(-S, 0) + MODULO(S, 0.3)",
    "table((0,1),(1,3),(2,2.5),(5,0))",
    "rate = 0.7",
    "exponent = 1.3",
    "start = 0.5",
)
OUTPUTS = ["S", "of constants", "of time", "all"]
N_MEMBER = 203


@pytest.fixture
def built(model: Build) -> Model:
    return model(*EQUATIONS)


@pytest.fixture
def params() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    exponents = rng.choice([-1.0, 0.5, 2.0, 3.0, 1.3, 0.0], N_MEMBER)
    uniform = rng.uniform(0.1, 2, (2, N_MEMBER))
    return pd.DataFrame({"rate": uniform[0], "exponent": exponents, "start": uniform[1]})


def same_bits(left: xr.Dataset, right: xr.Dataset) -> bool:
    return all(left[name].values.tobytes() == right[name].values.tobytes() for name in OUTPUTS)


def test_shape_and_labels(built: Model, params: pd.DataFrame) -> None:
    params.index = pd.Index([f"draw {n}" for n in range(N_MEMBER)])
    result = built.ensemble(params, ["s", "ALL"])
    assert list(result.data_vars) == ["S", "all", "status", "bad_variable", "bad_time"]
    assert result["S"].dims == ("member", "time")
    assert result["S"].attrs["units"] == "Dmnl"
    assert result.sizes == {"member": N_MEMBER, "time": 5}
    assert result["member"].values[3] == "draw 3"
    assert result["time"].values.tolist() == [0, 1, 2, 3, 4]
    assert (result["status"] == 0).all()
    assert np.isnan(result["bad_time"]).all()
    assert (result["bad_variable"] == "").all()


def test_ensemble_equals_single_runs(built: Model, params: pd.DataFrame) -> None:
    result = built.ensemble(params, OUTPUTS, save="step")
    for member, row in enumerate(params.to_dict("records")):
        run = built.run(row, OUTPUTS, save="step")
        for name in OUTPUTS:
            assert result[name].values[member].tobytes() == run[name].to_numpy().tobytes(), name


@pytest.mark.parametrize("block", [1, 2, 3, 7, 8, 64, 202, 203, 5000])
def test_block_changes_no_bit(built: Model, params: pd.DataFrame, block: int) -> None:
    whole = built.ensemble(params, OUTPUTS)
    assert same_bits(whole, built.ensemble(params, OUTPUTS, block=block))


def test_order_changes_no_bit(built: Model, params: pd.DataFrame) -> None:
    turned = np.random.default_rng(9).permutation(N_MEMBER)
    whole = built.ensemble(params, OUTPUTS).isel(member=turned)
    assert same_bits(whole, built.ensemble(params.iloc[turned], OUTPUTS, block=50))


def test_one_number_equals_the_same_number_in_each_member(built: Model) -> None:
    for exponent in (-1.0, 0.5, 2.0, 1.3):
        scalar = {"exponent": exponent, "rate": np.linspace(0.1, 1, 20)}
        spread = {**scalar, "exponent": np.full(20, exponent)}
        assert same_bits(built.ensemble(scalar, OUTPUTS), built.ensemble(spread, OUTPUTS))


def test_nothing_sticks(built: Model, params: pd.DataFrame) -> None:
    before = built.run()
    built.run({"rate": 9, "TIME STEP": 0.25, "all": 3})
    built.ensemble(params, OUTPUTS)
    assert built.run().equals(before)


def test_inputs_are_left_alone(built: Model, params: pd.DataFrame) -> None:
    copy = params.copy()
    built.ensemble(params, OUTPUTS)
    assert params.equals(copy)


def test_other_outputs_change_no_bit(built: Model, params: pd.DataFrame) -> None:
    alone = built.ensemble(params, ["all"])["all"]
    assert alone.identical(built.ensemble(params, OUTPUTS)["all"])


def test_stream_is_the_ensemble_in_parts(built: Model, params: pd.DataFrame) -> None:
    params.index = pd.Index([f"draw {n}" for n in range(N_MEMBER)])
    parts = list(built.stream(params, OUTPUTS, size=50, save="step"))
    assert [part.sizes["member"] for part in parts] == [50, 50, 50, 50, 3]
    whole = built.ensemble(params, OUTPUTS, save="step")
    assert xr.concat(parts, "member").identical(whole)
    with pytest.raises(ModelError, match="a part needs at least one member"):
        next(built.stream(params, OUTPUTS, size=0))
    (alone,) = built.stream({"rate": 0.5}, OUTPUTS)
    assert same_bits(alone, built.ensemble({"rate": 0.5}, OUTPUTS))


def test_wanted_times(built: Model, params: pd.DataFrame) -> None:
    every = built.ensemble(params, ["S"], save="step")
    some = built.ensemble(params, ["S"], save=[3.5, 0.5, 2])
    assert some["S"].equals(every["S"].sel(time=[3.5, 0.5, 2]))
    with pytest.raises(ModelError, match=r"time 1\.3 is not a step between 0 and 4"):
        built.ensemble(params, ["S"], save=[1, 1.3])


def test_auxiliary_can_be_set(model: Build) -> None:
    built = model("S = INTEG(flow, 0)", "flow = gain * S + 1", "gain = 2")
    assert built.run({"flow": 3})["S"].tolist() == [0, 3, 6, 9, 12]
    result = built.ensemble({"flow": [1, 2], "GAIN": 7}, ["S", "flow"])
    assert result["S"].values[:, -1].tolist() == [4, 8]


DIVERGING = (
    "S = INTEG(flow, 1)",
    "flow = gain * S ^ 3 + root * 0",
    "gain = 1",
    "root = SQRT(r)",
    "r = 1",
)


def test_failing_member_is_named_and_disturbs_nobody(model: Build) -> None:
    built = model(*DIVERGING, FINAL_TIME="20")
    params = {"gain": [0.01, 50.0, 0.02, np.nan, 0.01], "r": [1, 1, 1, 1, -1.0]}
    result = built.ensemble(params, ["S"], save="step")
    rows = list(built.variables.index)
    assert [rows[s - 1] if s else "" for s in result["status"].values] == [
        *("", "flow", "", "gain", "root")
    ]
    assert result["bad_variable"].values.tolist() == ["", "flow", "", "gain", "root"]
    assert result["bad_time"].values[3:].tolist() == [0, 0]
    first_bad = result["time"].values[~np.isfinite(result["S"].values[1])][0]
    assert result["bad_time"].values[1] == first_bad - 0.5
    fine = built.ensemble({"gain": [0.01, 0.02]}, ["S"], save="step")
    assert fine["S"].values.tobytes() == result["S"].values[[0, 2]].tobytes()


def test_failing_run_is_named(model: Build) -> None:
    run = model(*DIVERGING, FINAL_TIME="20").run({"gain": 50})
    assert run.attrs["bad_variable"] == "flow"
    assert run.attrs["bad_time"] < 20


def test_stock_with_a_failing_flow_of_its_own_is_named(model: Build) -> None:
    result = model("S = INTEG(LN(x), 1)", "x = 1").ensemble({"x": [1, -1]}, ["S"])
    assert result["bad_variable"].values.tolist() == ["", "S"]


def test_flow_after_the_last_step_harms_nobody(model: Build) -> None:
    built = model("S = INTEG(1 / (FINAL TIME - Time), 0)", "left = 1 / (FINAL TIME - Time)")
    assert built.run(variables=["S"]).attrs == {}
    assert built.run(variables=["left"]).attrs["bad_time"] == 4


def test_start_of_a_stock_can_be_set(built: Model) -> None:
    assert built.run({"S": 3})["S"].iloc[0] == 3
    result = built.ensemble({"S": [1.0, 2.0]}, ["S"])
    assert result["S"].values[:, 0].tolist() == [1, 2]
    assert built.run({"S": 2})["S"].to_numpy().tobytes() == result["S"].values[1].tobytes()


def test_series_of_a_run(model: Build) -> None:
    built = model("a = 1", "b = a * 2")
    series = pd.Series({1.0: 10.0, 3.0: 30.0})
    assert built.run({"A": series})["b"].tolist() == [20, 20, 40, 60, 60]
    both = built.ensemble({"a": series, "b": [1, 2]}, ["a", "b"])
    assert both["a"].values.tolist() == [[10, 10, 20, 30, 30]] * 2
    with pytest.raises(ModelError, match="'a' needs finite numbers"):
        built.run({"a": pd.Series(["x"], index=[0])})
    with pytest.raises(ModelError, match="'TIME STEP' is a control and takes one number"):
        built.run({"TIME STEP": series})


BAD = [
    ({"raet": 1}, r"no variable 'raet'\. Did you mean 'rate'"),
    ({"table": 1}, "'table' is a lookup and cannot be set"),
    ({"rate": "fast"}, "the value of 'rate' is not a number: 'fast'"),
    ({"rate": [[1.0, 2.0]]}, r"'rate' needs one number, or one per member"),
    ({"rate": []}, "'rate' needs one number, or one per member"),
    (
        {"rate": [1, 2], "start": [1, 2, 3]},
        "differ in their number of members: 'rate' 2, 'start' 3",
    ),
    ({"rate": 1, "RATE": 2}, "'rate' is set twice"),
    ({"TIME STEP": [1, 0.5]}, "'TIME STEP' must be one finite number"),
]


@pytest.mark.parametrize(("params", "message"), BAD)
def test_bad_parameters(built: Model, params: dict[str, object], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        built.ensemble(params, ["S"])  # type: ignore[arg-type]


def test_bad_outputs(built: Model) -> None:
    with pytest.raises(
        ModelError, match=r"no variable 'of constant'\. Did you mean 'of constants'"
    ):
        built.run(variables=["of constant"])
    with pytest.raises(ModelError, match="'table' is a lookup, which has no value over time"):
        built.run(variables=["table"])
    with pytest.raises(ModelError, match="no variables asked for"):
        built.ensemble({}, [])
    with pytest.raises(ModelError, match="at least one member"):
        built.ensemble({}, ["S"], block=0)
    with pytest.raises(ModelError, match=r"one number a parameter\. Use ensemble"):
        built.run({"rate": [1, 2]})  # type: ignore[dict-item]
    with pytest.raises(ModelError, match="save='daily' is unknown"):
        built.run(save="daily")  # type: ignore[arg-type]


def test_name_of_a_result_is_refused(model: Build) -> None:
    with pytest.raises(ModelError, match="'status' is a name that results keep"):
        model("status = 1").ensemble({}, ["status"])


def test_growth_model_is_fast_and_independent(growth_path: Path) -> None:
    growth = load(growth_path)
    constants = growth.variables.index[growth.variables["kind"] == "constant"]
    base = growth.run(variables=list(constants)).iloc[0]
    factors = np.random.default_rng(3).uniform(0.98, 1.02, (len(constants), 40))
    params = {name: base[name] * factors[n] for n, name in enumerate(constants)}
    result = growth.ensemble(params, ["GDP", "Debt"], block=16)
    for member in (0, 15, 16, 39):
        run = growth.run({name: values[member] for name, values in params.items()})
        for name in ("GDP", "Debt"):
            assert result[name].values[member].tobytes() == run[name].to_numpy().tobytes()
