"""`simdyn export` from a folder of runs to files, and what it says when it cannot."""

import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pandas as pd
import pytest
from memory_runs import WORDS, MemoryRuns

from simdyn.cli.main import main
from simdyn.errors import RunError
from simdyn.export.opening import open_source
from simdyn.export.source import Source
from simdyn.project import Project
from simdyn.study import read_study
from simdyn.study.words import study_words


@pytest.fixture
def runs(project: Project, source: Source, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders of runs in a project, of which the one returned is the newer."""
    monkeypatch.chdir(project.root)
    monkeypatch.setattr("simdyn.cli.export.open_source", lambda _: source)
    for age, name in enumerate(("new", "old")):
        manifest = project.outputs / "runs" / name / "manifest.json"
        manifest.parent.mkdir(parents=True)
        manifest.write_text("{}")
        os.utime(manifest, (1e9 - age, 1e9 - age))
    return project.outputs / "runs" / "new"


def test_the_newest_runs_go_to_outputs_exports(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-q", "export"]) == 0
    path = Path("outputs/exports/new")
    assert capsys.readouterr().out.splitlines() == [
        f"Written: {path / 'bands.csv'}",
        f"Written: {path / 'about.json'}",
    ]
    assert set(pd.read_csv(path / "bands.csv")["region"]) == {"songbei", "daoli"}


def test_a_choice_goes_where_it_is_told(runs: Path, tmp_path: Path) -> None:
    form = ["--format", "parquet", "--what", "draws"]
    names = ["--region", "daoli", "--scenario", "plan", "--variable", "GDP"]
    assert main(["-q", "export", str(runs), *form, *names, "--out", str(tmp_path / "out")]) == 0
    table = pd.read_parquet(tmp_path / "out" / "draws")
    assert table["region"].unique().tolist() == ["daoli"]
    assert len(table) == 39 * 21


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--region", "dali"], "the results have no region 'dali'. Did you mean 'daoli'?"),
        (["--variable", "gdp"], "no variable 'gdp'. Did you mean 'GDP'?"),
        (["--scenario", "x"], "no scenario 'x'. Known: baseline, plan."),
        (["--format", "excel", "--what", "draws"], "Use --format parquet or csv"),
        (["nowhere"], "nowhere: no such folder. Name a folder of outputs/runs, or none."),
    ],
)
def test_wrong_words_are_answered_in_one_line(
    runs: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["-q", "export", *words]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_nothing_to_export_is_said(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    assert main(["export"]) == 1
    assert "no runs to export. Run the scenarios first" in capsys.readouterr().err


def test_a_study_describes_itself_to_its_exports(project: Project) -> None:
    words = study_words(read_study(project, project.scenarios / "study.toml"))
    regions = {region.key: region for region in words.regions}
    assert regions["songbei"].name_zh == "松北区"
    assert regions["daoli"].label == "Daoli *"
    assert "hachang_rest" in regions
    assert [s.title_zh for s in words.scenarios] == ["趋势情景", "规划情景"]
    assert words.newest_fact >= "2023"
    assert type(words).model_validate_json(words.model_dump_json()) == words


def test_a_folder_of_runs_says_where_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = MemoryRuns(("songbei", "zone"), ("plan",))
    notes = {"study_words": WORDS.model_dump(mode="json")}
    manifest = SimpleNamespace(
        study="northeast",
        seed=7,
        versions={"simdyn": "0.0.9", "numpy": "2.4.6"},
        layout=SimpleNamespace(regions=("songbei",), scenarios=("plan",), n_draw=40),
        sums={"zone": ("songbei",)},
        notes=notes,
    )
    opened = SimpleNamespace(years=stored.years, manifest=manifest)
    _module(monkeypatch, "simdyn.runs.results", open_results=lambda _: opened)
    _module(monkeypatch, "simdyn.runs.digest", digest=lambda _: "cd")
    source = open_source(tmp_path)
    assert source.runs.regions == ("songbei", "zone")
    assert source.runs.years("zone", "plan").ok.sum() == 39
    assert source.about.words == WORDS
    assert (source.about.digest, source.about.simdyn, source.about.n_draw) == ("cd", "0.0.9", 40)
    notes.clear()
    with pytest.raises(RunError, match="does not tell what the runs are of"):
        open_source(tmp_path)


def _module(monkeypatch: pytest.MonkeyPatch, name: str, **contents: object) -> None:
    module = ModuleType(name)
    vars(module).update(contents)
    monkeypatch.setitem(sys.modules, name, module)
