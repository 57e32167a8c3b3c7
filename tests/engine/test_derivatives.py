"""Derivatives of an ensemble against central differences and closed forms, on both backends."""

from pathlib import Path

import numpy as np
import pytest

from simdyn.engine.model import Model, load
from simdyn.errors import ModelError

BY = (
    "private capital elasticity", "birth rate", "market investment rate", "initial GDP",
    "transfer share", "revenue buoyancy",
)  # fmt: skip
WANTED = ("GDP", "population", "Debt", "fixed asset investment", "land market index")


def _differences(model: Model, params: dict[str, np.ndarray], by: str) -> dict[str, np.ndarray]:
    step = 1e-6 * np.abs(params[by])
    high, low = (
        model.ensemble({**params, by: params[by] + sign * step}, WANTED) for sign in (1, -1)
    )
    return {name: (high[name] - low[name]).to_numpy() / (2 * step[:, None]) for name in WANTED}


@pytest.mark.parametrize("backend", ["llvm", "numpy"])
def test_the_regional_model_agrees_with_central_differences(
    growth_path: Path, backend: str
) -> None:
    model = load(growth_path, backend)  # type: ignore[arg-type]
    table = model.run(variables=list(BY))
    params = {name: table[name].iloc[0] * np.array([1.0, 1.05, 0.9]) for name in BY}
    found = model.ensemble(params, WANTED, derivatives=BY)
    assert list(found["parameter"].values) == list(BY)
    for name in BY:
        for wanted, expected in _differences(model, params, name).items():
            derivative = found[f"d({wanted})"].sel(parameter=name).to_numpy()
            # Rounding of the two runs over the step of the difference: 1e-16 / 1e-6 of the value.
            noise = 1e-9 * np.abs(found[wanted]).max().item() / np.abs(params[name]).min()
            np.testing.assert_allclose(derivative, expected, rtol=1e-6, atol=noise)
    plain = model.ensemble(params, WANTED)
    np.testing.assert_array_equal(plain["GDP"], found["GDP"])


def test_elements_and_overridden_variables(tmp_path: Path) -> None:
    (tmp_path / "m.mdl").write_text(
        "{UTF-8}\nR: A, B ~~|\nrate[R]= 0.1, 0.2 ~~|\nhalf= rate[A] / 2 ~~|\n"
        "stock[R]= INTEG(rate[R] * stock[R] + half, 100) ~~|\n"
        "INITIAL TIME= 0 ~~|\nFINAL TIME= 4 ~~|\nTIME STEP= 1 ~~|\nSAVEPER= 1 ~~|\n",
        encoding="utf-8",
    )
    model = load(tmp_path / "m.mdl")
    found = model.ensemble({"half": [0.0]}, ["stock"], derivatives=["rate[A]"])["d(stock)"]
    assert found.dims == ("member", "time", "parameter", "R")
    # What the run sets has no derivative through its own equation: 100 n (1 + r)^(n - 1) is left.
    n = np.arange(5)
    np.testing.assert_allclose(found.sel(R="A")[0, :, 0], 100 * n * 1.1 ** (n - 1.0), rtol=1e-12)
    assert np.all(found.sel(R="B") == 0)
    with pytest.raises(ModelError, match="'rate' has elements"):
        model.ensemble({}, ["stock"], derivatives=["rate"])
    with pytest.raises(ModelError, match="sets the time axis"):
        model.ensemble({}, ["stock"], derivatives=["TIME STEP"])
