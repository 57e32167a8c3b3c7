"""The time axis follows the controls, of the file or of the run, and must fit."""

from collections.abc import Callable

import pytest

from simdyn.engine.model import Model
from simdyn.errors import ModelError

Build = Callable[..., Model]


@pytest.fixture
def clock(model: Build) -> Model:
    return model("t = Time", "span = FINAL TIME - INITIAL TIME")


def test_own_axis(clock: Model) -> None:
    assert clock.run().index.tolist() == [0, 1, 2, 3, 4]
    assert clock.run(save="step").index.tolist() == [n / 2 for n in range(9)]
    assert clock.time_step == 0.5


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"FINAL TIME": 2}, [0, 1, 2]),
        ({"initial_time": 3}, [3, 4]),
        ({"Time Step": 2, "SAVEPER": 2}, [0, 2, 4]),
        ({"saveper": 4, "time step": 0.1}, [0, 4]),
        ({"FINAL TIME": 0}, [0]),
    ],
)
def test_controls_of_a_run(clock: Model, params: dict[str, float], expected: list[float]) -> None:
    run = clock.run(params)
    assert run.index.tolist() == expected
    assert run["t"].tolist() == expected
    assert run["span"].iloc[0] == expected[-1] - expected[0]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"TIME STEP": 0.3}, r"TIME STEP 0\.3 does not divide the span 4"),
        ({"SAVEPER": 0.75}, r"TIME STEP 0\.5 does not divide SAVEPER 0\.75"),
        ({"FINAL TIME": 1e9}, r"2e\+09 steps are too many"),
        ({"TIME STEP": 0}, "must be above 0"),
        ({"FINAL TIME": -1}, "must be above 0, and FINAL TIME not before"),
        ({"TIME STEP": float("nan")}, "'TIME STEP' must be one finite number"),
    ],
)
def test_axis_that_does_not_fit(clock: Model, params: dict[str, float], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        clock.run(params)


def test_results_are_kept_at_multiples_of_saveper(clock: Model) -> None:
    assert clock.run({"SAVEPER": 3})["t"].tolist() == [0, 3]
    assert clock.run({"SAVEPER": 10})["t"].tolist() == [0]


def test_controls_may_be_equations_of_constants(model: Build) -> None:
    built = model("years = 3", FINAL_TIME="INITIAL TIME + years", SAVEPER="TIME STEP")
    assert len(built.run()) == 7
    assert len(built.run({"years": 5})) == 11


def test_control_that_varies_is_refused_at_load(model: Build) -> None:
    with pytest.raises(ModelError, match=r"'SAVEPER' must be one finite number"):
        model("a = 1", SAVEPER="1 + Time")
