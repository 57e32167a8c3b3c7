"""simdyn sensitivity: tables, pictures, words and what they were made from, in a folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from simdyn.cli.main import main
from simdyn.project import Project
from simdyn.provenance import digest

STUDY = """name = "small"
title = "A small study"
regions = ["qiqihar", "daoli"]
scenarios = ["baseline", "plan"]
draws = 6
posterior = 300
starts = 1
seed = 1
sensitivity = { questions = ["levers"], runs = 3000, draws = 300, trajectories = 2 }
"""


@pytest.fixture(scope="module")
def project(project_with: Callable[[str], Project]) -> Project:
    return project_with(STUDY)


def _ask(project: Project, *arguments: str) -> int:
    return main(["--quiet", "sensitivity", *arguments, "--project", str(project.root)])


@pytest.fixture(scope="module")
def folder(project: Project) -> Path:
    asked = ["qiqihar", "--ask", "both", "--ask", "levers", "--second-order", "--runs", "6000"]
    assert _ask(project, *asked, "--indicator", "GDP", "--indicator", "debt ratio") == 0
    return project.outputs / "sensitivity" / "small"


def test_what_was_asked_is_answered(folder: Path) -> None:
    sobol = pd.read_csv(folder / "sobol.csv")
    assert set(sobol["question"]) == {"levers only", "levers against uncertainties"}
    assert set(sobol["region"]) == {"qiqihar"}
    assert set(sobol["indicator"]) == {"GDP", "debt ratio"}
    assert set(sobol["year"]) <= set(range(2016, 2036))
    pairs = pd.read_csv(folder / "second_order.csv")
    assert {"input", "other", "second", "second_low", "second_high"} <= set(pairs.columns)
    assert not (folder / "posterior.csv").exists()
    stages = pd.read_csv(folder / "stages.csv")
    assert (stages["n_run"] <= 6000).all()


def test_a_sample_that_is_not_enough_says_so(folder: Path) -> None:
    stages = pd.read_csv(folder / "stages.csv")
    assert not stages["settled"].any()
    assert stages["verdict"].str.match(r"Not yet settled after [\d,]+ runs: about").all()
    assert "not yet" in (folder / "findings.md").read_text(encoding="utf-8").lower()


def test_every_file_is_traced(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert set(manifest["outputs"]) == files
    assert all(digest(folder / name) == value for name, value in manifest["outputs"].items())
    assert manifest["asked"]["questions"] == ["levers only", "levers against uncertainties"]
    assert "models/levers.csv" in manifest["inputs"]
    assert manifest["versions"]["linear algebra"]
    assert "figures/sensitivity_tornado_qiqihar.png" in files


def test_the_answer_of_another_time_gives_way_whole(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ask(project, "daoli", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["region"] for row in told["rows"]} == {"daoli"}
    assert {row["question"] for row in told["rows"]} == {"levers only"}
    folder = project.outputs / "sensitivity" / "small"
    assert set(pd.read_csv(folder / "sobol.csv")["region"]) == {"daoli"}
    assert not list((folder / "figures").glob("*qiqihar*"))


def test_same_seed_same_files(project: Project) -> None:
    folder = project.outputs / "sensitivity" / "small"
    manifests = []
    for _ in range(2):
        assert _ask(project, "qiqihar", "--ask", "posterior", "--draws", "300") == 0
        manifests.append((folder / "manifest.json").read_bytes())
    assert manifests[0] == manifests[1]
    assert {"Shapley", "PAWN"} <= set(pd.read_csv(folder / "posterior.csv")["method"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["songbei"], "region 'songbei' is not in the study"),
        (["--ask", "prior"], "unknown question 'prior'. Did you mean 'priors'"),
        (["--indicator", "GPD"], "unknown indicator 'GPD'. Did you mean 'GDP'"),
        (["--indicator", "GDP doubling year"], "no number in every run"),
        (["--scenario", "plann"], "scenario 'plann' is not in the study. Did you mean 'plan'"),
        (["--half-width", "0"], "not between 0 and 1"),
        (["--runs", "100"], "Qiqihar, levers only: The first stage takes"),
        (
            ["--ask", "posterior", "--draws", "50"],
            "Qiqihar, on the posterior: 50 draws are too few. Ask for at least",
        ),
    ],
)
def test_wrong_questions_are_refused_in_one_line(
    project: Project, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert _ask(project, *arguments) == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert message in line


def test_a_folder_that_is_not_ours_is_refused_before_anything_is_run(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simdyn.cli.sensitivity.open_case", pytest.fail)
    folder = project.outputs / "sensitivity" / "small"
    kept = folder.with_name("kept")
    if folder.exists():
        folder.rename(kept)
    try:
        folder.mkdir(parents=True)
        assert _ask(project, "qiqihar") == 1
        assert "holds no manifest.json, so it is not ours" in capsys.readouterr().err
        folder.rmdir()
    finally:
        if kept.exists():
            kept.rename(folder)
