"""Every language feature gives what PySD gives, on a tiny model of its own."""

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pysd
import pytest

from simdyn.engine.model import Model, load

FEATURES = sorted((Path(__file__).parents[1] / "features").glob("*.*m*l*"))
Build = Callable[..., Model]


def oracle(path: Path, folder: Path) -> pd.DataFrame:
    """Run a copy of a model with PySD, which writes a .py beside it."""
    copy = folder / path.name
    shutil.copy(path, copy)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = pysd.read_vensim if path.suffix == ".mdl" else pysd.read_xmile
        return read(str(copy)).run(flatten_output=True)


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_feature_equals_pysd(path: Path, tmp_path: Path) -> None:
    ours, theirs = load(path).run(), oracle(path, tmp_path)
    np.testing.assert_allclose(ours.index, theirs.index, rtol=1e-12)
    assert set(ours.columns) == set(theirs.columns)
    for name in ours.columns:
        expected = theirs[name].to_numpy(dtype=float)
        np.testing.assert_allclose(ours[name], expected, rtol=1e-10, atol=1e-12, err_msg=name)


def test_growth_model_equals_pysd(growth_path: Path, growth_model: Model, tmp_path: Path) -> None:
    ours, theirs = growth_model.run(), oracle(growth_path, tmp_path)
    for name in ours.columns:
        expected = theirs[name].to_numpy(dtype=float)
        np.testing.assert_allclose(ours[name], expected, rtol=1e-11, atol=1e-12, err_msg=name)


def values(model: Model, name: str) -> list[float]:
    return model.run(save="step")[name].tolist()


def test_pulse_of_no_width_lasts_a_step(model: Build) -> None:
    built = model("a = PULSE(1, 0)", "b = PULSE TRAIN(1, 0, 2, 10)")
    assert values(built, "a") == [0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert values(built, "b") == [0, 0, 1, 0, 0, 0, 1, 0, 0]


def test_pulse_ends_on_time_in_tenths(model: Build) -> None:
    built = model("a = PULSE(0.1, 0.2)", TIME_STEP="0.1", FINAL_TIME="0.5", SAVEPER="0.1")
    assert values(built, "a") == [0, 1, 1, 0, 0, 0]


def test_times_come_from_step_numbers(model: Build) -> None:
    built = model("a = Time", TIME_STEP="0.1", FINAL_TIME="30", SAVEPER="0.1")
    assert values(built, "a") == [n / 10 for n in range(301)]


def test_branch_not_taken_does_not_matter(model: Build) -> None:
    built = model(
        "x = 2 - Time",
        "safe = IF THEN ELSE(x > 0, LN(x) / x, 5)",
        "S = INTEG(IF THEN ELSE(x > 0, 1 / x, SQRT(-x)), 1)",
        "z = XIDZ(1, x, 3) + ZIDZ(1, x)",
    )
    run = built.run()
    assert run.attrs == {}
    assert np.isfinite(run.to_numpy()).all()
    assert run.loc[2.0, "z"] == 3


def test_division_by_a_constant_zero_is_no_error(model: Build) -> None:
    built = model("p = 1", "z = XIDZ(1, p, 3) + ZIDZ(1, p) + MODULO(5, p)", "q = 1 / p")
    run = built.run({"p": 0.0})
    assert run["z"].tolist() == [3] * len(run)
    assert run.attrs["bad_variable"] == "q"


def test_truth_is_a_number(model: Build) -> None:
    built = model("a = (Time > 1) + (Time > 2) - (Time = 3)", "b = :NOT: 0")
    assert values(built, "a") == [0, 0, 0, 1, 1, 2, 1, 2, 2]
    assert values(built, "b") == [1] * 9


XMILE = """<xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <sim_specs><start>-2</start><stop>5</stop><dt>0.5</dt></sim_specs>
  <model><variables><aux name="read"><eqn>TIME</eqn>
    <gf type="{kind}"><xpts>0,1,3</xpts><ypts>1,2,10</ypts></gf></aux></variables></model>
</xmile>
"""


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("continuous", {-1.0: 1, 0.5: 1.5, 1.0: 2, 2.0: 6, 4.0: 10}),
        ("extrapolate", {-1.0: 0, 0.5: 1.5, 1.0: 2, 2.0: 6, 4.0: 14}),
        ("discrete", {-1.0: 1, 0.5: 1, 1.0: 2, 2.0: 2, 4.0: 10}),
    ],
)
def test_kinds_of_lookup(tmp_path: Path, kind: str, expected: dict[float, float]) -> None:
    path = tmp_path / "model.xmile"
    path.write_text(XMILE.format(kind=kind))
    assert load(path).run()["read"].loc[list(expected)].to_dict() == expected
