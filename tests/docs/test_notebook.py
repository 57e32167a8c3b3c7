"""The notebook of own figures runs from top to bottom on the results of a study."""

import json
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from simdyn.project import Project


@pytest.fixture(scope="module")
def cells(root: Path) -> list[dict]:
    text = (root / "docs" / "own-figures.ipynb").read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert notebook["nbformat"] == 4
    return notebook["cells"]


def test_it_is_stored_without_outputs(cells: list[dict]) -> None:
    # Numbers that are stored with it would outlive the results that they are from.
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_it_runs_from_top_to_bottom(
    cells: list[dict], studied: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(studied.root)
    monkeypatch.setattr(plt, "show", lambda: None)
    names: dict[str, object] = {}
    with mpl.rc_context({"backend": "Agg"}):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)  # noqa: S102
    drawn = [plt.figure(number) for number in plt.get_fignums()]
    plt.close("all")
    assert len(drawn) == 3
    assert all(ax.lines for figure in drawn for ax in figure.axes)
    bands = pd.read_csv(studied.outputs / "northeast" / "bands.csv")
    own = bands[
        (bands.region == "qiqihar") & (bands.scenario == "plan") & (bands.variable == "GDP")
    ]
    (line,) = [line for ax in drawn[0].axes[2:] for line in ax.lines if line.get_label() == "plan"]
    np.testing.assert_array_equal(line.get_ydata(), own["p50"])
    gains = [line.get_ydata()[-1] for line in drawn[2].axes[0].lines]
    assert gains[0] == 0
    assert gains == sorted(gains)
    assert gains[-1] > 1
