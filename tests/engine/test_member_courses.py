"""Values over time that differ between members."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simdyn.engine.model import Model, load
from simdyn.errors import ModelError

Write = Callable[..., Path]
EQUATIONS = (
    "S = INTEG(inflow * S + k, 1)",
    "inflow = 0.1",
    "k = 1",
)
N_MEMBER = 37
TIMES = [0.5, 2.0, 5.0 - 2**-20, 5.0, 7.0]


@pytest.fixture(params=["llvm", "numpy"])
def built(write: Write, request: pytest.FixtureRequest) -> Model:
    return load(write(*EQUATIONS, FINAL_TIME="8", TIME_STEP="0.25"), backend=request.param)


@pytest.fixture
def courses() -> pd.DataFrame:
    values = np.random.default_rng(3).normal(0, 0.2, (len(TIMES), N_MEMBER))
    return pd.DataFrame(values, index=TIMES)


def test_each_member_follows_its_own_series(built: Model, courses: pd.DataFrame) -> None:
    k = np.linspace(0, 1, N_MEMBER)
    runs = built.ensemble({"inflow": courses, "k": k}, ["S", "inflow"], save="step")
    for member in range(0, N_MEMBER, 6):
        alone = built.run({"inflow": courses[member], "k": k[member]}, ["S", "inflow"], save="step")
        np.testing.assert_allclose(runs["S"][member], alone["S"], rtol=1e-13)
        wanted = np.interp(runs["time"], TIMES, courses[member])
        np.testing.assert_allclose(runs["inflow"][member], wanted, atol=1e-15)


def test_a_member_has_the_same_bits_whatever_the_others(
    built: Model, courses: pd.DataFrame
) -> None:
    whole = built.ensemble({"inflow": courses}, ["S"])["S"].to_numpy()
    some = built.ensemble({"inflow": courses.iloc[::-1, 5:3:-1]}, ["S"], block=1)["S"].to_numpy()
    assert some.tobytes() == whole[[5, 4]].tobytes()
    parts = [part["S"].to_numpy() for part in built.stream({"inflow": courses}, ["S"], size=10)]
    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_wrong_courses_are_refused(built: Model, courses: pd.DataFrame) -> None:
    with pytest.raises(ModelError, match="differ in their number of members"):
        built.ensemble({"inflow": courses, "k": [1.0, 2.0]}, ["S"])
    with pytest.raises(ModelError, match="finite numbers"):
        built.ensemble({"inflow": courses * np.inf}, ["S"])
    with pytest.raises(ModelError, match="finite numbers"):
        built.ensemble({"inflow": courses.set_axis([0, 0, 1, 2, 3])}, ["S"])
    with pytest.raises(ModelError, match="is a stock"):
        built.ensemble({"S": courses}, ["S"])
