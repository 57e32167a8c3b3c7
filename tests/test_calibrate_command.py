"""simdyn calibrate: tables and draws in files, evidence side by side, kept and recalled."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from simdyn.calibrate.calibration import Effort
from simdyn.calibrate.store import content_hash, recall
from simdyn.cli.main import main
from simdyn.cli.progress import Silence
from simdyn.project import Project
from simdyn.report.held_out import held_out_tables
from simdyn.study import (
    backtest_study,
    calibrate_study,
    calibration_seed,
    problems_of,
    read_study,
)

STUDY = """name = "small"
title = "A small study"
regions = ["qiqihar", "daoli"]
scenarios = ["baseline"]
draws = 6
posterior = 80
starts = 1
seed = 1
"""


@pytest.fixture(scope="module")
def project(project_with: Callable[[str], Project]) -> Project:
    return project_with(STUDY)


@pytest.fixture(scope="module")
def folder(project: Project) -> Path:
    arguments = ["--quiet", "calibrate", "--evidence", "compare", "--backtest"]
    assert main([*arguments, "--project", str(project.root)]) == 0
    return project.outputs / "calibration"


def test_tables_and_draws_of_each_layer(folder: Path) -> None:
    for name, figures in (("small", {"qiqihar", "daoli"}), ("small-documents", {"qiqihar"})):
        fit = pd.read_csv(folder / name / "fit.csv")
        assert set(fit["region"]) == figures
        assert fit["document"].notna().all()
    assert set(fit["layer"]) == {"documents"}
    parameters = pd.read_csv(folder / "small" / "parameters.csv")
    assert {"rhat", "ess_bulk", "ess_tail", "shrinkage", "source"} <= set(parameters.columns)
    assert parameters[["p5", "p50", "p95"]].apply(lambda row: row.is_monotonic_increasing, 1).all()


def test_backtests_are_written_with_a_page(folder: Path) -> None:
    small = folder / "small"
    table = pd.read_csv(small / "backtest.csv")
    assert {"mean", "crps", "error", "in_90"} <= set(table.columns)
    assert len(pd.read_csv(small / "leave_one_out.csv")) == len(pd.read_csv(small / "fit.csv"))
    assert "## Who wins" in (small / "backtest.md").read_text(encoding="utf-8")


def test_a_thorough_backtest_that_is_kept_serves_a_study(
    folder: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    foretell = "simdyn.study.backtests.backtests"
    monkeypatch.setattr(foretell, lambda *_, **__: pytest.fail("foretold again"))
    study = read_study(project, project.scenarios / "study.toml")
    calibration = calibrate_study(study, problems_of(study), Silence())
    found = backtest_study(study, calibration, Silence())
    assert found is not None
    assert found.model.thorough
    tables = held_out_tables(found, study.facts)
    for name, table in tables.items():
        assert table.to_csv(index=False) == (folder / "small" / f"{name}.csv").read_text("utf-8")


def test_accounts_balance_on_every_draw(folder: Path) -> None:
    accounts = pd.read_csv(folder / "small" / "accounts.csv")
    assert accounts["largest_relative_error"].max() < 1e-9
    assert ((accounts["draws"] + accounts["impossible"]) == 80).all()
    assert set(accounts["region"]) == {"qiqihar", "daoli"}


def test_draws_have_names_units_and_the_parameters_of_the_tables(folder: Path) -> None:
    with xr.open_dataset(folder / "small" / "draws.nc") as draws:
        share = draws["revenue ratio"]
        assert share.attrs["units"] == "Dmnl"
        assert share.dims == ("region", "chain", "draw")
        median = float(share.sel(region="qiqihar").median())
        assert np.isnan(draws["industry pass-through"].sel(region="daoli")).all()
    table = pd.read_csv(folder / "small" / "parameters.csv").set_index(["region", "parameter"])
    assert median == pytest.approx(table.loc[("qiqihar", "revenue ratio"), "p50"])


def test_evidence_stands_side_by_side(folder: Path) -> None:
    table = pd.read_csv(folder / "small" / "evidence.csv")
    daoli = table[table["region"] == "daoli"].set_index("parameter")
    row = daoli.loc["initial population"]
    # Its census is a public figure: without it the prior alone is left.
    assert row["p95_documents"] - row["p5_documents"] > 1.3 * (row["p95_both"] - row["p5_both"])


def test_same_inputs_are_not_drawn_anew_and_others_are(
    folder: Path, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = sorted(project.calibrations.iterdir())
    assert len(kept) == 4  # two calibrations with their backtests
    before = (folder / "small" / "parameters.csv").read_bytes()
    assert main(["calibrate", "--project", str(project.root)]) == 0
    assert "same inputs as before" in capsys.readouterr().err
    assert sorted(project.calibrations.iterdir()) == kept
    assert (folder / "small" / "parameters.csv").read_bytes() == before
    assert main(["--quiet", "calibrate", "qiqihar", "--project", str(project.root)]) == 0
    assert len(list(project.calibrations.iterdir())) == 5
    assert (folder / "small-qiqihar" / "draws.nc").is_file()


def test_a_kept_calibration_that_is_not_whole_is_not_used(folder: Path, project: Project) -> None:
    study = read_study(project, project.scenarios / "study.toml")
    problems = problems_of(study)
    inputs = content_hash(problems, Effort(1, 80), calibration_seed(study))
    path = project.calibrations / f"{inputs[:16]}.nc"
    assert recall(problems, inputs, path) is not None
    assert recall(problems, "0" * 64, path) is None
    copy = path.with_name("cut.nc")
    copy.write_bytes(path.read_bytes()[:-1000])
    assert recall(problems, inputs, copy) is None
    copy.write_bytes(b"")
    assert recall(problems, inputs, copy) is None
    whole, kept = path.read_bytes(), recall(problems, inputs, path)
    for place in np.linspace(0, len(whole) - 1, 60).astype(int).tolist():
        copy.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        found = recall(problems, inputs, copy)
        # Some bytes of a file hold nothing.
        assert found is None or np.array_equal(found.sample.points, kept.sample.points)
    copy.unlink()
    other = content_hash(problems, Effort(2, 80), calibration_seed(study))
    assert other != inputs
    # The draws' coordinates follow the order of the regions.
    turned = dict(reversed(problems.items()))
    assert content_hash(turned, Effort(1, 80), calibration_seed(study)) != inputs
    assert content_hash(problems_of(study, 0.125), Effort(1, 80), calibration_seed(study)) == inputs


def test_an_unknown_region_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "quiqihar", "--project", str(project.root)]) == 1
    assert "no region 'quiqihar'. Did you mean 'qiqihar'" in capsys.readouterr().err


def test_a_self_test_from_the_command_line(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["calibrate", "qiqihar", "--self-test", "--data-sets", "2"]
    assert main(["--quiet", *arguments, "--project", str(project.root)]) == 0
    assert "qiqihar: " in capsys.readouterr().out
    table = pd.read_csv(project.outputs / "calibration" / "small-qiqihar" / "self_test.csv")
    assert set(table["n"]) == {2}
    arguments += ["--evidence", "compare"]
    assert main([*arguments, "--project", str(project.root)]) == 1
    assert "Pass both or documents" in capsys.readouterr().err


def test_what_cannot_be_calibrated_or_foretold_is_named(
    project_with: Callable[[str], Project], capsys: pytest.CaptureFixture[str]
) -> None:
    project = project_with(STUDY)
    arguments = ["--quiet", "calibrate", "daoli", "--project", str(project.root)]
    assert main([*arguments, "--evidence", "documents", "--backtest"]) == 1
    assert "no figure to foretell" in capsys.readouterr().err
    priors = project.root / "models" / "regions" / "daoli" / "priors.csv"
    text = priors.read_text(encoding="utf-8").replace(
        "initial GDP,lognormal,", "initial GDP,normal,-"
    )
    priors.write_text(text, encoding="utf-8")
    assert main(arguments) == 1
    assert "possible run of Daoli" in capsys.readouterr().err
