"""A small study end to end: every file, traceable, balanced, the same bits for the same seed."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simdyn.cli.main import main
from simdyn.project import Project
from simdyn.provenance import digest
from simdyn.study import read_study

STUDY = """name = "small"
title = "A small study"
regions = ["shuangcheng", "hachang_zone"]
scenarios = ["baseline", "plan"]
draws = 6
posterior = 40
starts = 1
seed = 1
sensitivity = { questions = ["levers"], runs = 3000, trajectories = 2 }
"""
OBSERVED = "models/regions/shuangcheng/observations.csv"
OWN_PRIORS = "models/regions/shuangcheng/priors.csv"
ZONE = "models/regions/hachang_zone/region.toml"
TABLES = (
    "paths", "bands", "headlines", "targets", "fit", "parameters", "solver", "scenario_differences",
    "contributions", "what_it_would_take", "backtest", "backtest_scores", "leave_one_out",
    "sensitivity/sobol",
    "sensitivity/screening", "sensitivity/tornado",
)  # fmt: skip


@pytest.fixture(scope="module")
def project(project_with: Callable[[str], Project]) -> Project:
    return project_with(STUDY)


@pytest.fixture(scope="module")
def folder(project: Project) -> Path:
    assert main(["--quiet", "study", "--project", str(project.root)]) == 0
    return project.outputs / "small"


def _table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv")


def test_every_file_is_written_and_listed(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {f"{name}.csv" for name in TABLES} | {"summary.md"} <= set(manifest["outputs"])
    assert all(digest(folder / name) == value for name, value in manifest["outputs"].items())
    pictures = sorted(p.name for p in (folder / "figures").iterdir())
    assert "growth_paths.png" in pictures
    assert {"paths_shuangcheng.png", "paths_hachang_zone.png"} <= set(pictures)
    assert "report.html" in manifest["outputs"]
    assert {"sensitivity_years_shuangcheng.png", "sensitivity_convergence.png"} <= set(pictures)
    assert {"backtests.png", "leave_one_out.png"} & set(pictures)
    assert not list(folder.parent.glob(".*"))


def test_the_manifest_traces_inputs(folder: Path, project: Project) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    inputs = manifest["inputs"]
    assert inputs["models/regional_growth.mdl"] == digest(project.model)
    assert {"scenarios/plan.toml", "models/facts/documents.csv", "models/priors.csv"} <= set(inputs)
    assert manifest["seed"] == 1
    assert "scipy" in manifest["versions"]


def test_the_page_can_be_had_again_and_in_chinese(
    folder: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is asked anew: what the results hold was made from the same inputs.
    monkeypatch.setattr("simdyn.report.kept.ask", lambda *_: pytest.fail("asked again"))
    foretell = "simdyn.study.backtests.backtests"
    monkeypatch.setattr(foretell, lambda *_, **__: pytest.fail("foretold again"))
    english = (folder / "report.html").read_bytes()
    for language in ("en", "zh"):
        arguments = ["--quiet", "report", "--lang", language, "--project", str(project.root)]
        assert main(arguments) == 0
    assert (folder / "report.html").read_bytes() == english
    chinese = (folder / "report.zh.html").read_text(encoding="utf-8")
    assert "双城" in chinese
    assert "要点" in chinese
    assert (folder / "report.zh.xlsx").is_file()
    for path in folder.glob("report.zh.*"):
        path.unlink()


def test_a_report_of_what_was_never_written_writes_it_first(
    folder: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simdyn.report.kept.ask", lambda *_: pytest.fail("asked again"))
    before = {path.name for path in folder.iterdir()}
    aside = folder.rename(folder.with_name("aside"))
    assert main(["--quiet", "report", "--project", str(project.root)]) == 0
    assert {path.name for path in folder.iterdir()} == before
    shutil.rmtree(folder)
    aside.rename(folder)


def test_paths_are_tidy(folder: Path) -> None:
    paths = _table(folder, "paths")
    columns = ["model", "scenario", "region", "variable", "unit", "year", "value"]
    assert list(paths.columns) == columns
    assert np.isfinite(paths["value"]).all()
    key = [*columns[:4], "year"]
    assert not paths.duplicated(key).any()
    counts = paths.groupby(["scenario", "region", "variable"])["year"].agg(["min", "max", "size"])
    assert (counts == [2015, 2035, 21]).all(axis=None)
    assert set(paths["region"]) == {"shuangcheng", "hachang_zone", "hachang_rest"}


def test_yearly_accounts_balance_in_the_file(folder: Path) -> None:
    wide = _table(folder, "paths").pivot_table(
        index=["scenario", "region", "year"], columns="variable", values="value"
    )
    sectors = wide["primary output"] + wide["industry output"] + wide["services output"]
    np.testing.assert_allclose(wide["GDP"], sectors, rtol=1e-12)
    change = wide["Debt"].groupby(["scenario", "region"]).diff().dropna()
    np.testing.assert_allclose(change, wide.loc[change.index, "deficit"], rtol=1e-9)


def test_what_the_fit_did_not_see_is_told_with_its_source(folder: Path) -> None:
    table = _table(folder, "backtest")
    model = table[table["method"] == "model"]
    assert model[["reported", "p5", "p95", "in_90", "document"]].notna().all(axis=None)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["backtests"]
    assert not manifest["thorough"]
    ways = {way["name"]: way for way in manifest["ways"]}
    assert ways.keys() == {*table["test"]} - {"each figure from all others"}
    assert all({"k", "rhat"} & way.keys() for way in ways.values())
    told = len(_table(folder, "leave_one_out"))
    assert told + len(manifest["refused"]) == len(_table(folder, "fit"))
    assert "## Figures that the fit did not see" in (folder / "summary.md").read_text("utf-8")


def test_the_zone_is_the_sum_of_its_parts(folder: Path) -> None:
    paths = _table(folder, "paths")
    for name in ("population", "GDP", "Debt"):
        rows = paths[paths["variable"] == name]
        wide = rows.pivot_table(index=["scenario", "year"], columns="region", values="value")
        total = wide["shuangcheng"] + wide["hachang_rest"]
        np.testing.assert_allclose(wide["hachang_zone"], total, rtol=1e-12)


def test_bands_are_ordered_and_probabilities_are_such(folder: Path) -> None:
    bands = _table(folder, "bands")
    assert (bands["p10"] <= bands["p50"]).all()
    assert (bands["p50"] <= bands["p90"]).all()
    assert _table(folder, "targets")["probability"].between(0, 1).all()


def test_every_fitted_figure_names_document_and_section(folder: Path) -> None:
    fit = _table(folder, "fit")
    assert fit.groupby("region").size().to_dict() == {"shuangcheng": 12, "hachang_rest": 7}
    documents = fit[fit["layer"] == "documents"]
    assert documents[["document", "section", "facts"]].notna().all(axis=None)
    assert fit["z"].abs().max() < 1
    assert fit["unit"].notna().all()


def test_same_seed_same_bits(folder: Path, project: Project) -> None:
    before = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    shutil.rmtree(project.calibrations)
    assert main(["--quiet", "study", "--project", str(project.root)]) == 0
    after = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    old, new = (manifest.pop("outputs") for manifest in (before, after))
    assert before == after
    assert old.keys() == new.keys()
    assert [name for name in old if old[name] != new[name]] == []


def test_the_zone_runs_its_parts_once(project: Project) -> None:
    study = read_study(project, project.scenarios / "study.toml")
    assert [region.key for region in study.runs] == ["shuangcheng", "hachang_rest"]


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must fail with code 1 and one line, and return that line."""
    assert main(list(arguments)) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return captured.err


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("scenarios/study.toml", '"plan"', '"paln"', "study.toml:4: unknown scenario 'paln'. Did"),
        ("scenarios/study.toml", '"shuang', '"shaung', "study.toml:3: unknown region 'shaung"),
        ("scenarios/study.toml", "draws = 6", 'draws = "6!"', "study.toml:5: 'draws' is '6!' wh"),
        ("scenarios/study.toml", "draws = 6", "draws = 1", "study.toml:5: 'draws' is 1: it must"),
        ("scenarios/study.toml", "draws = 6", "draws = 6.5", "5: 'draws' is 6.5 where a whole num"),
        ("scenarios/study.toml", '["baseline", "plan"]', '["plan", "plan"]', "a name stands twice"),
        ("scenarios/study.toml", 'name = "small"', 'name = "sample"', "choose another name"),
        ("scenarios/study.toml", "seed = 1", "sead = 1", "study.toml:8: unknown entry 'sead'. D"),
        (
            "scenarios/study.toml",
            "seed = 1",
            'seed = 1\ngroups = { one = ["songbay"] }',
            "study.toml:9: group 'one': unknown region 'songbay'. Did you mean 'songbei'",
        ),
        (
            "scenarios/study.toml",
            "seed = 1",
            'seed = 1\ngroups = { one = ["daoli"], two = ["daoli"] }',
            "'daoli' stands twice: name it in one group, once",
        ),
        ("scenarios/plan.toml", '"research"', '"reserch"', "unknown lever of 'qiqihar': 'reserch'"),
        ("scenarios/plan.toml", "value = 146.0", 'value = "lots"', "'lots' where a number belongs"),
        (OBSERVED, "shuangcheng.gdp.level.2020", "qiqihar.gdp.level.2020", "figure of qiqihar"),
        (OBSERVED, "level,nominal GDP,2020,2020", "level,nominal GDP,2018,2018", "2018-2018, but"),
        (
            OBSERVED,
            "level,nominal GDP,2020,2020",
            "level,nominal GDP,2040,2040",
            "'start' is '2040'",
        ),
        (
            OBSERVED,
            "level,nominal GDP",
            "growth,nominal GDP",
            "no figure for the operator",
        ),
        (OBSERVED, "share,services output", "share,nominal GDP", "a share is of a sector"),
        (OBSERVED, "GDP growth 2016-2020,", "GDP 2020,", "stands twice"),
        (OBSERVED, "split,0.05,0.5", "split,1e-300,0.5", "greater than or equal to 0.000000001"),
        (OWN_PRIORS, ",wan person,model,census", ",bananas,model,censuses", "is in 'wan person'"),
        (OWN_PRIORS, ",wan person,model,census", ",wan person,measurement,x", "Write 'model'"),
        (OWN_PRIORS, "initial population,", "migration lever,", "a lever, which scenarios set"),
        (ZONE, '"hachang_rest"]', '"hachang_zone"]', "itself a sum"),
        (ZONE, '"hachang_rest"]', '"shuangcheng"]', "a region twice"),
        ("models/priors.csv", "lognormal,2.3", "lognormal,-2.3", "positive centre"),
        ("models/priors.csv", "capital output ratio", "capital ouput ratio", "Did you mean 'capi"),
        ("models/facts/documents.csv", "gdp,level,239.8", "gdp,level,23x", "documents.csv:2, col"),
        (
            "models/regions/shuangcheng/observations.csv",
            "shuangcheng.gdp.level.2020",
            "shuangcheng.gdp.level.2002",
            "unknown fact 'shuangcheng.gdp.level.2002'. Nearest: shuangcheng.gdp.level.2020",
        ),
        (
            "models/regions/shuangcheng/observations.csv",
            "level,nominal GDP",
            "level,nominal GPD",
            "Did you mean 'nominal GDP'?",
        ),
        ("models/regional_growth.mdl", "birth rate * (1", "brith rate * (1", "brith rate"),
    ],
)
def test_wrong_input_is_one_line_with_file_and_mend(
    project: Project,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    old: str,
    new: str,
    message: str,
) -> None:
    home = tmp_path / "project"
    shutil.copytree(project.root, home, ignore=shutil.ignore_patterns("outputs"))
    path = home / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = _refused(capsys, "study", "--project", str(home))
    assert Path(file).name in line
    assert message in line


def test_missing_files_are_named(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "absent.toml: no such file" in _refused(
        capsys, "study", "absent.toml", "--project", str(project.root)
    )
    home = tmp_path / "project"
    shutil.copytree(project.root, home, ignore=shutil.ignore_patterns("outputs"))
    (home / "models" / "priors.csv").unlink()
    assert "priors.csv: no such file" in _refused(capsys, "study", "--project", str(home))
    (home / "models" / "regional_growth.mdl").unlink()
    assert "regional_growth.mdl" in _refused(capsys, "study", "--project", str(home))


def test_results_that_cannot_be_written_are_named_at_once(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "project"
    shutil.copytree(project.root, home, ignore=shutil.ignore_patterns("outputs"))
    (home / "outputs").write_text("in the way", encoding="utf-8")
    assert "outputs/small" in _refused(capsys, "study", "--project", str(home))
    (home / "outputs").unlink()
    (home / "outputs" / "small").mkdir(parents=True)
    assert "not ours to replace" in _refused(capsys, "study", "--project", str(home))


def test_a_misnamed_file_or_a_fit_to_nothing_is_refused(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "project"
    shutil.copytree(project.root, home, ignore=shutil.ignore_patterns("outputs"))
    path = home / OBSERVED
    path.rename(path.with_name("observation.csv"))
    line = _refused(capsys, "study", "--project", str(home))
    assert "observation.csv: nothing reads this file. Did you mean 'observations.csv'?" in line
    path.with_name("observation.csv").unlink()
    (home / OWN_PRIORS).write_text(
        "".join(
            row
            for row in (home / OWN_PRIORS).read_text(encoding="utf-8").splitlines(keepends=True)
            if ",measurement," not in row
        ),
        encoding="utf-8",
    )
    line = _refused(capsys, "study", "--project", str(home))
    assert "basis is 'fitted', but there is no observation" in line


def test_levers_beyond_what_is_possible_are_named(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "project"
    shutil.copytree(project.root, home, ignore=shutil.ignore_patterns("outputs"))
    plan = home / "scenarios" / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(
        text.replace("value = 0.006", "beyond_limits = true, value = -300.0"), encoding="utf-8"
    )
    line = _refused(capsys, "--quiet", "study", "--project", str(home))
    assert "plan.toml: Shuangcheng leaves what is possible under 'plan'" in line


def test_a_study_of_a_region_without_figures(project: Project, tmp_path: Path) -> None:
    home = tmp_path / "project"
    shutil.copytree(project.root, home, ignore=shutil.ignore_patterns("outputs"))
    study = home / "scenarios" / "study.toml"
    study.write_text(
        STUDY.replace('["shuangcheng", "hachang_zone"]', '["daoli"]'), encoding="utf-8"
    )
    (home / "models" / "regions" / "daoli" / "observations.csv").unlink()
    assert main(["--quiet", "study", "--project", str(home)]) == 0
    assert len(_table(home / "outputs" / "small", "fit")) == 0


def test_a_new_run_keeps_what_a_reader_put_beside_the_results(
    folder: Path, project: Project
) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["--quiet", "study", "--project", str(project.root)]) == 0
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    (folder / "notes.txt").unlink()


def test_an_interrupt_ends_a_study_at_once(project: Project, tmp_path: Path) -> None:
    home = tmp_path / "project"
    shutil.copytree(project.root, home, ignore=shutil.ignore_patterns("outputs"))
    study = home / "scenarios" / "study.toml"
    study.write_text(STUDY.replace("posterior = 40", "posterior = 400000"), encoding="utf-8")
    # Whoever runs the tests in the background may have had them ignore interrupts.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = [sys.executable, "-c", heard + "from simdyn.cli.main import run; run()", "study"]
    running = subprocess.Popen(  # noqa: S603
        [*command, "--project", str(home)], stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("calibrate: 401600 to do")
        time.sleep(3)
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(timeout=30) == 130
        assert running.stderr.read().endswith("error: interrupted\n")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
