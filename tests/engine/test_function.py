"""A model as a function: the values and derivatives of an ensemble, summed up over time."""

from pathlib import Path

import numpy as np
import pytest

from simdyn.engine.model import load
from simdyn.errors import ModelError
from simdyn.years import yearly_weights

BY = (
    "private capital elasticity", "birth rate", "market investment rate", "initial GDP",
    "transfer share", "revenue buoyancy",
)  # fmt: skip
WANTED = ("GDP", "population", "Debt")
FIXED = {"FINAL TIME": 2018.0, "interest rate": 0.04}


def _whole(times: np.ndarray) -> np.ndarray:
    """Weights that keep every step as it is."""
    return np.array([np.eye(len(times))] * len(WANTED))


@pytest.mark.parametrize("backend", ["llvm", "numpy"])
def test_values_and_derivatives_are_those_of_an_ensemble(growth_path: Path, backend: str) -> None:
    model = load(growth_path, backend)  # type: ignore[arg-type]
    own = model.run(variables=list(BY)).iloc[0].to_numpy()
    points = own[:, None] * np.array([1.0, 1.05, 0.9])
    values, by = model.function(BY, WANTED, _whole, FIXED).tangents(points)
    params = {**dict(zip(BY, points, strict=True)), **FIXED}
    found = model.ensemble(params, WANTED, save="step", derivatives=BY)
    for row, name in enumerate(WANTED):
        np.testing.assert_allclose(values[row], found[name].to_numpy().T, rtol=1e-12)
        expected = found[f"d({name})"].transpose("time", "member", "parameter").to_numpy()
        scale = np.abs(expected).max(axis=(0, 1))
        np.testing.assert_allclose(by[row] / scale, expected / scale, atol=1e-12)


def test_steps_are_summed_up_by_year(growth_path: Path) -> None:
    model = load(growth_path)
    own = model.run(variables=list(BY)).iloc[0].to_numpy()
    flows = [True, False, False]
    function = model.function(BY, WANTED, lambda times: yearly_weights(times, flows), FIXED)
    values, by = function.tangents(own[:, None])
    assert values.shape == (3, 3, 1)
    assert by.shape == (3, 3, 1, len(BY))
    steps = model.run(FIXED, WANTED, save="step")
    assert values[0, 0, 0] == pytest.approx(steps["GDP"][:2015.9].mean(), rel=1e-12)
    assert values[1, 2, 0] == pytest.approx(steps["population"][2018], rel=1e-12)


def test_a_failed_run_is_nan_and_the_others_live(growth_path: Path) -> None:
    model = load(growth_path)
    own = model.run(variables=list(BY)).iloc[0].to_numpy()
    points = np.column_stack([own, np.where(np.array(BY) == "initial GDP", np.inf, own)])
    values, by = model.function(BY, WANTED, _whole, FIXED).tangents(points)
    assert np.isnan(values[:, :, 1]).all()
    assert np.isfinite(values[:, :, 0]).all()
    assert np.isfinite(by[:, :, 0]).all()


def test_only_scalars(growth_path: Path) -> None:
    with pytest.raises(ModelError, match="GDPP"):
        load(growth_path).function(BY, ["GDPP"], _whole)
