"""Subscripted variables through the API: names, parameters, shapes of results."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from simdyn.engine.model import Model
from simdyn.errors import ModelError

Build = Callable[..., Model]

EQUATIONS = (
    "Region: North, South",
    "Sex: women, men",
    "rate[Region, Sex] = 1, 2; 3, 4;",
    "start[Region] = 10, 20",
    "People[Region] = INTEG(SUM(rate[Region, Sex!]), start[Region])",
    "smooth rate[Region] = SMOOTH(rate[Region, men], 2)",
    "total = SUM(People[Region!])",
)


@pytest.fixture
def built(model: Build) -> Model:
    return model(*EQUATIONS)


def test_one_row_a_variable(built: Model) -> None:
    variables = built.variables
    assert variables.loc["rate", "subscripts"] == "Region, Sex"
    assert variables.loc["People", "subscripts"] == "Region"
    assert variables.loc["total", "subscripts"] == ""
    assert variables.loc["People", "kind"] == "stock"
    assert not any("#" in name or "[" in name for name in variables.index)


def test_columns_of_a_run(built: Model) -> None:
    run = built.run(variables=["people", "RATE[ south , Men]", "total"])
    assert run.columns.tolist() == ["People[North]", "People[South]", "rate[South,men]", "total"]
    assert run["People[South]"].tolist() == [20, 27, 34, 41, 48]
    assert "smooth rate[North]" in built.run().columns
    assert not any("#" in name for name in built.run().columns)


def test_dimensions_of_an_ensemble(built: Model) -> None:
    result = built.ensemble({"start[south]": [1.0, 2.0, 3.0]}, ["People", "rate", "People[South]"])
    assert result["People"].dims == ("member", "time", "Region")
    assert result["rate"].dims == ("member", "time", "Region", "Sex")
    assert result["Region"].values.tolist() == ["North", "South"]
    assert result["rate"].values[0, 0].tolist() == [[1, 2], [3, 4]]
    assert result["People"].sel(Region="South").values[:, 0].tolist() == [1, 2, 3]
    assert (result["People[South]"] == result["People"].sel(Region="South", drop=True)).all()


def test_parameters_by_element_or_for_all(built: Model) -> None:
    assert built.run({"rate": 1}, ["rate"]).iloc[0].tolist() == [1] * 4
    assert built.run({"rate[North,men]": 9}, ["rate"]).iloc[0].tolist() == [1, 9, 3, 4]
    assert built.run({"People[North]": 5})["People[North]"].iloc[0] == 5
    with pytest.raises(ModelError, match=r"'rate\[North,men\]' is set twice"):
        built.run({"rate": 1, "rate[North,men]": 2})
    with pytest.raises(ModelError, match=r"no variable 'rate\[North\]'"):
        built.run({"rate[North]": 1})


def test_failing_element_is_named(model: Build) -> None:
    built = model("D: a, b", "x[D] = 1", "S[D] = INTEG(LN(x[D]), 0)")
    result = built.ensemble({"x[b]": [1.0, -1.0]}, ["S"])
    rows = built.variables.index.tolist()
    assert result["bad_variable"].values.tolist() == ["", "S[b]"]
    assert rows[result["status"].values[1] - 1] == "S"


def test_constant_that_shapes_the_model(model: Build) -> None:
    built = model(
        "n = 1 + more",
        "more = 2",
        "x = SMOOTH N(STEP(1, 0), 2, 0, n)",
        "y = SMOOTH3I(STEP(1, 0), 2, 0)",
        "z = SMOOTHI(STEP(1, 0), 2, 0)",
    )
    run = built.run()
    assert run["x"].tolist() == run["y"].tolist()
    run = built.run({"more": 0})
    assert run["x"].tolist() == run["z"].tolist()
    assert built.run()["x"].tolist() == run["y"].tolist()
    assert built.ensemble({"n": [1, 1]}, ["x"])["x"].values[1].tolist() == run["z"].tolist()
    with pytest.raises(ModelError, match=r"'more' shapes the model.*takes one number"):
        built.ensemble({"more": [0, 1]}, ["x"])


def test_delay_fixed_by_member(model: Build) -> None:
    built = model("x = DELAY FIXED(Time, lag, -1)", "lag = 1")
    result = built.ensemble({"lag": [0.0, 0.5, 1.0, 2.0, 99.0]}, ["x"], block=2)["x"].values
    assert result[1].tolist() == [-1, 0.5, 1.5, 2.5, 3.5]
    assert result[0].tolist() == result[1].tolist()
    assert result[2].tolist() == [-1, 0, 1, 2, 3]
    assert result[3].tolist() == [-1, -1, 0, 1, 2]
    assert result[4].tolist() == [-1] * 5


def test_sample_keeps_what_it_saw(model: Build) -> None:
    built = model("x = SAMPLE IF TRUE(Time = 1, Time * 10, 3)")
    assert built.run()["x"].tolist() == [3, 10, 10, 10, 10]


@pytest.mark.parametrize("function", ["RANDOM UNIFORM(2, 4, 1)", "RANDOM NORMAL(2, 4, 3, 1, 1)"])
def test_draws_depend_on_seed_member_and_step_alone(model: Build, function: str) -> None:
    built = model("D: a, b", f"x[D] = {function}", f"y = {function}", "scale = 1", FINAL_TIME="99")
    params = pd.DataFrame({"scale": np.ones(5)})
    whole = built.ensemble(params, ["x", "y"], seed=3)
    values = whole["y"].values
    assert (values > 2).all()
    assert (values < 4).all()
    assert abs(values.mean() - 3) < 0.1
    assert len(np.unique(values)) == values.size
    assert not np.isin(whole["x"].values, values).any()
    assert whole.identical(built.ensemble(params, ["x", "y"], seed=3, block=2))
    turned = built.ensemble(params.iloc[[3, 0]], ["y"], seed=3)
    assert (turned["y"].values == values[[3, 0]]).all()
    assert not (built.ensemble(params, ["y"], seed=4)["y"].values == values).any()
    assert built.run(seed=3)["y"].tolist() == values[0].tolist()


@pytest.mark.parametrize(
    ("function", "mean", "deviation"),
    [
        ("RANDOM 0 1()", 0.5, 12**-0.5),
        ("RANDOM EXPONENTIAL(0, 100, 0, 2, 1)", 2, 2),
        ("RANDOM GAMMA(0, 100, 3, 0, 1, 1)", 3, 3**0.5),
        ("RANDOM WEIBULL(0, 100, 2, 0, 1, 1)", 0.886227, 0.463251),
        ("RANDOM BETA(0, 1, 2, 3, 0, 1, 1)", 0.4, 0.2),
        ("RANDOM POISSON(0, 100, 4, 0, 1, 1)", 4, 2),
        ("RANDOM TRIANGULAR(0, 10, 0, 5, 10, 1)", 5, 24**-0.5 * 10),
    ],
)
def test_distributions(model: Build, function: str, mean: float, deviation: float) -> None:
    draws = model(f"x = {function}", FINAL_TIME="9999", TIME_STEP="1").run()["x"]
    assert draws.mean() == pytest.approx(mean, abs=4 * deviation / 100)
    assert draws.std() == pytest.approx(deviation, rel=0.05)


def test_branches_of_power_which_pysd_mixes_up(model: Build) -> None:
    built = model("minus = -2 ^ 2", "brackets = (-2) ^ 2", "e = 1e-3 ^ 2", "chain = 2 ^ -1 ^ 2")
    assert built.run().iloc[0].tolist()[:4] == [-4, 4, 1e-6, 0.5]


def test_allocation(model: Build) -> None:
    built = model(
        "D: a, b",
        "profile: ptype, ppriority, pwidth, pextra",
        "p[D, ptype] = kind",
        "p[D, ppriority] = 2, 1",
        "p[D, pwidth] = 1",
        "p[D, pextra] = 0",
        "kind = 1",
        "request[D] = 30, 50",
        "got[D] = ALLOCATE AVAILABLE(request[D], p[D, ptype], supply)",
        "supply = 40",
    )
    members = built.ensemble({"kind": [0, 1, 2, 3, 4], "supply": 40}, ["got"])["got"].values[:, 0]
    assert members.sum(axis=1) == pytest.approx([40] * 5)
    assert members[0] == pytest.approx([15, 25])
    assert members[1] == pytest.approx([30, 10])
    assert built.run({"supply": 100}, ["got"]).iloc[0].tolist() == [30, 50]
    assert built.run({"supply": 0}, ["got"]).iloc[0].tolist() == [0, 0]
    assert np.isnan(built.run({"supply": -1}, ["got"]).iloc[0]).all()


def test_present_value(model: Build) -> None:
    run = model("v = NPV(10, 0.1, 0, 1)", TIME_STEP="1").run()["v"]
    expected = np.cumsum(10 / 1.1 ** np.arange(5))
    assert run.to_numpy() == pytest.approx(expected)


def test_missing_values(model: Build) -> None:
    built = model(
        "x = IF THEN ELSE(Time > 2, :NA:, Time)",
        "y = IF THEN ELSE(x = :NA:, -1, x)",
        "z = IF THEN ELSE(x <> :NA:, 1, 0)",
    )
    assert built.run()["y"].tolist() == [0, 1, 2, -1, -1]
    assert built.run()["z"].tolist() == [1, 1, 1, 0, 0]
