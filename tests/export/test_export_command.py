"""`simdyn export` from a folder of runs to files, and what it says when it cannot."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from memory_runs import WORDS, MemoryRuns

from simdyn.cli.main import main
from simdyn.cli.progress import Silence
from simdyn.export import Format
from simdyn.export.opening import open_source
from simdyn.project import Project
from simdyn.runs.digest import digest
from simdyn.runs.execute import run_blocks
from simdyn.runs.layout import Block, BlockResult, Layout
from simdyn.runs.manifest import Manifest
from simdyn.runs.opening import open_store
from simdyn.study import read_study
from simdyn.study.words import study_words


@dataclass(frozen=True)
class Stored:
    """Stores runs that are in memory."""

    runs: MemoryRuns
    layout: Layout

    def __call__(self, block: Block) -> BlockResult:
        region, scenario = self.layout.regions[block.region], self.layout.scenarios[block.scenario]
        years = self.runs.years(region, scenario)
        values = np.array([years.values[name] for name in self.layout.variables])
        values[:, :, ~years.ok] = np.nan
        return BlockResult(values.transpose(2, 0, 1)[None])


def store(folder: Path, runs: MemoryRuns) -> None:
    """Keep runs in a folder."""
    years = runs.years("songbei", "plan")
    names = tuple(years.values)
    layout = Layout(runs.regions, runs.scenarios, years.ok.size, names, tuple(years.years), 1)
    layout = replace(layout, block_members=layout.n_draw)
    notes = {"study_words": WORDS.model_dump(mode="json")}
    manifest = Manifest(
        "northeast", 7, {}, {"simdyn": "0.0.9"}, layout, {"zone": ("daoli",)}, notes
    )
    with open_store(folder, manifest) as opened:
        run_blocks(opened, Stored(runs, layout), Silence())


@pytest.fixture
def runs(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders of runs in a project, of which the one returned is the newer."""
    monkeypatch.chdir(project.root)
    for name in ("old", "new"):
        store(project.runs / name, MemoryRuns(("songbei", "daoli"), ("baseline", "plan")))
    os.utime(project.runs / "old" / "end.json", (1e9, 1e9))
    return project.runs / "new"


def test_the_newest_runs_go_to_outputs_exports(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-q", "export"]) == 0
    path = Path("outputs/exports/new")
    assert capsys.readouterr().out.splitlines() == [
        f"Written: {path / 'bands.csv'}",
        f"Written: {path / 'about.json'}",
    ]
    assert set(pd.read_csv(path / "bands.csv")["region"]) == {"songbei", "daoli", "zone"}


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
        (["nowhere"], "nowhere: no results of runs here"),
    ],
)
def test_wrong_words_are_answered_in_one_line(
    runs: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["-q", "export", *words]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize("form", Format)
def test_what_a_study_found_is_what_is_exported(
    form: Format, studied: Project, tmp_path: Path
) -> None:
    where = ["--project", str(studied.root), "--out", str(tmp_path)]
    assert main(["-q", "export", "--format", form, *where]) == 0
    bands = pd.read_csv(studied.outputs / "northeast" / "bands.csv")
    keys, points = ["region", "scenario", "variable", "year"], ["p10", "p50", "p90"]
    if form in {Format.CSV, Format.PARQUET}:
        read = pd.read_csv if form is Format.CSV else pd.read_parquet
        found = read(tmp_path / f"bands.{form}").astype(dict.fromkeys(keys[:3], "str"))
        both = found.merge(bands, on=keys, suffixes=("", "_told"), validate="one_to_one")
        assert len(both) == len(bands) == len(found)
        told = [f"{point}_told" for point in points]
        np.testing.assert_array_equal(both[points], both[told])
    elif form is Format.IAMC:
        wide = pd.read_csv(tmp_path / "iamc.csv")
        assert 21 * len(wide) == 3 * len(bands)
    else:
        sheet = pd.read_excel(tmp_path / "results.xlsx", sheet_name="Bands", engine="openpyxl")
        last = bands.loc[bands["year"] == 2035, points].to_numpy()
        np.testing.assert_allclose(sheet[2035], last.ravel(), rtol=1e-14)


def test_the_tables_of_a_study_are_told_from_its_runs(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.json").write_text('{"study": {}}', encoding="utf-8")
    assert main(["-q", "export", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "holds tables, not runs. Pass the study's folder in outputs/runs" in line


def test_nothing_to_export_is_said(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    assert main(["export"]) == 1
    assert "Start with: simdyn run" in capsys.readouterr().err


def test_a_study_describes_itself_to_its_exports(project: Project) -> None:
    words = study_words(read_study(project, project.scenarios / "study.toml"))
    regions = {region.key: region for region in words.regions}
    assert regions["songbei"].name_zh == "松北区"
    assert regions["daoli"].label == "Daoli *"
    assert "hachang_rest" in regions
    assert [s.title_zh for s in words.scenarios][:2] == ["趋势情景", "规划情景"]
    assert words.newest_fact >= "2023"
    assert type(words).model_validate_json(words.model_dump_json()) == words


def test_a_folder_of_runs_says_where_they_come_from(runs: Path) -> None:
    source = open_source(runs)
    assert source.runs.regions == ("songbei", "daoli", "zone")
    assert source.runs.years("zone", "plan").ok.sum() == 39
    assert source.about.words == WORDS
    assert source.about.digest == digest(runs)
    assert (source.about.simdyn, source.about.n_draw) == ("0.0.9", 40)
