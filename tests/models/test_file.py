"""The model file opens in other tools, and they compute the same paths."""

import re
import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pysd
import pytest
import simlin

from simdyn.engine.model import Model


@pytest.fixture(scope="module")
def pysd_paths(growth_path: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    # PySD writes a Python file beside the model it reads.
    copy = shutil.copy(growth_path, tmp_path_factory.mktemp("pysd"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pysd.read_vensim(str(copy)).run(return_timestamps=np.arange(2015, 2037))


def _compare(paths: pd.DataFrame, oracle: pd.DataFrame) -> None:
    assert len(paths.columns) > 150
    np.testing.assert_allclose(
        paths.to_numpy(float), oracle[list(paths.columns)].to_numpy(float), rtol=1e-9, atol=1e-12
    )


def test_our_paths_equal_pysd(growth_model: Model, pysd_paths: pd.DataFrame) -> None:
    ours = growth_model.run()
    _compare(ours[[c for c in ours.columns if c in pysd_paths.columns]], pysd_paths)


def test_simlin_reads_it_and_its_paths_equal_pysd(
    growth_path: Path, pysd_paths: pd.DataFrame
) -> None:
    model = simlin.load(growth_path)
    assert model.check() == ()
    paths = model.simulate()
    paths.run_to_end()
    controls = {"TIME STEP", "SAVEPER", "INITIAL TIME", "FINAL TIME"}
    names = [c for c in pysd_paths.columns if c not in controls]
    oracle = {n: paths.get_series(re.sub(r"\s+", "_", n.lower())) for n in names}
    _compare(pysd_paths[names].reset_index(drop=True), pd.DataFrame(oracle))


def test_a_wrong_unit_would_be_found(growth_path: Path, tmp_path: Path) -> None:
    # simlin's check above covers units too: dimension analysis of every equation.
    text = growth_path.read_text(encoding="utf-8")
    wrong = text.replace("birth rate * (1 +", "(1 +")
    assert wrong != text
    (tmp_path / "wrong.mdl").write_text(wrong, encoding="utf-8")
    assert "births" in str(simlin.load(tmp_path / "wrong.mdl").check())


def test_every_variable_has_unit_and_a_sentence_with_its_source(growth_model: Model) -> None:
    table = growth_model.variables
    assert (table["unit"].str.len() > 0).all()
    for name, text in table["documentation"].items():
        assert text.endswith("."), name
        assert len(text.split()) >= 4, name
