"""The walked-through parts of README and how-to do what they say, step by step, in a project."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from walking import changed, section, steps, walk

import simdyn
from simdyn.project import Project


@pytest.fixture
def home(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project.root)
    return project.root


@pytest.fixture
def how_to(root: Path) -> str:
    return (root / "docs" / "how-to.md").read_text(encoding="utf-8")


def test_a_scenario_of_ones_own_as_the_readme_says(
    root: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk(section((root / "README.md").read_text(encoding="utf-8"), "Your own scenario"), home)
    told = capsys.readouterr().out
    assert "New scenario: scenarios/mine.toml" in told
    assert "GDP growth 2026-2035, percent a year" in told
    rows = [line.split() for line in told.splitlines() if " mine " in line]
    assert [row[0] for row in rows] == ["Shuangcheng", "Songbei", "Qiqihar"]
    # More research raises growth in every draw, by some tenths of a point.
    assert all("100" in row for row in rows)


def test_a_scenario(how_to: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walk(section(how_to, "A scenario"), home)
    told = capsys.readouterr().out
    assert "Roads first" in told
    assert "2023 to 2028: 0 to 0.02" in told
    assert "birth rate (uncertainty)" in told
    assert "Difference to 'plan', draw by draw" in told


def test_a_lever(how_to: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = simdyn.load(home / "models" / "regional_growth.mdl").run()
    names = walk(section(how_to, "A lever"), home)
    told = capsys.readouterr().out
    assert "No errors" in told
    assert "Longer working lives" in told
    labour, gdp = (names[name].to_numpy() for name in ("labour", "gdp"))
    assert told.endswith(f"{labour[1] / labour[0]} {gdp[1] / gdp[0]}\n")
    assert labour[1] / labour[0] == pytest.approx(1.084, abs=0.0005)
    assert gdp[1] / gdp[0] == pytest.approx(1.056, abs=0.0005)
    after = simdyn.load(home / "models" / "regional_growth.mdl").run(variables=before.columns)
    pd.testing.assert_frame_equal(after, before, check_exact=True)


def test_a_figure(how_to: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walk(section(how_to, "A figure"), home)
    told = capsys.readouterr().out
    assert "Songbei District Statistical Bulletin 2019" in told
    assert "No errors" in told
    fit = pd.read_csv(next((home / "outputs" / "calibration").rglob("fit.csv")))
    (row,) = fit[fit["facts"] == "songbei.gdp.growth_yoy.2019"].to_dict("records")
    assert row["reported"] == 6.1
    assert abs(row["model"] - 6.1) < 2
    assert row["document"] == "songbei-bulletin-2019"


def test_a_region(how_to: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walk(section(how_to, "A region"), home)
    told = capsys.readouterr().out
    assert "No errors" in told
    assert "Acheng 阿城区" in told
    folder = home / "outputs" / "acheng"
    fit = pd.read_csv(folder / "fit.csv")
    own = fit[fit["region"] == "acheng"]
    assert own["document"].unique().tolist() == ["acheng-work-report-2021"]
    assert len(own) == 3
    np.testing.assert_allclose(own["z"], 0, atol=1)
    targets = pd.read_csv(folder / "targets.csv")
    assert set(targets[targets["region"] == "acheng"]["scenario"]) == {"baseline", "plan"}
    assert (folder / "report.xlsx").is_file()


def test_a_difference_that_does_not_fit_is_an_error() -> None:
    assert changed("a\nb\nc\n", " a\n-b\n+x\n@@\n+y\n c\n") == "a\nx\ny\nc\n"
    with pytest.raises(AssertionError):
        changed("a\na\n", "-a\n+b\n")


def test_steps_have_the_file_that_the_line_before_names() -> None:
    text = "Then write `a.toml`:\n\n```toml\nx = 1\n```\n\nSeen:\n\n```\nout\n```\n"
    found = [(step.verb, step.path, step.body) for step in steps(text)]
    assert found == [("write", "a.toml", "x = 1\n"), ("", "", "out\n")]
