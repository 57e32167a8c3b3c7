"""simdyn compare and simdyn target: tables, JSON, files, refusals."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from planted_runs import prior_case

from simdyn.answers.case import Case
from simdyn.cli.main import main
from simdyn.project import Project
from simdyn.scenarios import SHOCK_SETTINGS, read_levers
from simdyn.study import read_study

STUDY = """name = "small"
title = "A small study"
regions = ["qiqihar", "daoli"]
scenarios = ["baseline", "plan"]
draws = 40
posterior = 40
starts = 1
seed = 1
"""
GOAL = "GDP growth 2022-2026"
TURN = ("--lever", "market investment", "--low", "-0.5", "--high", "1")


@pytest.fixture(scope="module")
def home(project_with: Callable[[str], Project]) -> Project:
    return project_with(STUDY)


@pytest.fixture(scope="module")
def prior(home: Project) -> Case:
    return prior_case(read_study(home, home.scenarios / "study.toml"), 40)


@pytest.fixture
def quick(prior: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the study once, and leave its calibration out."""
    monkeypatch.setattr("simdyn.cli.answers.read_study", lambda *_: prior.study)
    monkeypatch.setattr("simdyn.cli.answers.open_case", lambda *_: prior)


@pytest.fixture
def run(home: Project, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that must succeed and return what it printed."""

    def command(*arguments: str) -> str:
        assert main(["--quiet", *arguments, "--project", str(home.root)]) == 0
        return capsys.readouterr().out

    return command


def test_scenarios_are_compared_with_the_reference(run: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "differences.csv"
    shown = run("compare", "--indicator", "GDP", "--year", "2030", "--csv", str(path))
    assert "GDP 2030, 100 million CNY, 2015 prices" in shown
    assert "Daoli *" in shown
    assert "Difference to 'baseline'" in shown
    table = pd.read_csv(path)
    assert table[["region", "scenario"]].to_numpy().tolist() == [
        ["qiqihar", "plan"],
        ["daoli", "plan"],
    ]
    assert (table["difference_p50"] > 0).all()
    assert (table["n"] + table["n_failed"] == 40).all()


@pytest.mark.usefixtures("quick")
def test_the_reference_can_be_another(run: Callable[..., str]) -> None:
    options = ("--indicator", "population", "--regions", "Qiqihar", "--json")
    one = json.loads(run("compare", "plan", *options))["rows"][0]
    other = json.loads(run("compare", "baseline", "--against", "plan", *options))["rows"][0]
    assert other["difference_p10"] == pytest.approx(-one["difference_p90"])
    assert other["above"] == pytest.approx(1 - one["above"])


@pytest.mark.usefixtures("quick")
def test_values_are_shown_with_what_is_not_reached(run: Callable[..., str]) -> None:
    options = ("--indicator", "GDP doubling year", "--indicator", "gdp per registered head 2020")
    data = json.loads(run("compare", "--values", *options, "--json"))
    assert data["draws"] == 40
    heads = [row for row in data["rows"] if "registered" in row["indicator"]]
    assert [row["p50"] for row in heads] == [None] * 4
    assert "no evidence of the registered population" in run("compare", "--values", *options)


@pytest.mark.usefixtures("quick")
def test_regions_are_compared_with_each_other(run: Callable[..., str]) -> None:
    options = ("--between-regions", "--regions", "齐齐哈尔,daoli", "--indicator", "GDP per head")
    data = json.loads(run("compare", "baseline", *options, "--json"))
    (row,) = data["rows"]
    assert (row["region"], row["against"], row["basis"]) == ("daoli", "qiqihar", "illustrative")
    assert "GDP per head 2035" in run("compare", "baseline", *options)


@pytest.mark.usefixtures("quick")
def test_contributions_add_up(run: Callable[..., str]) -> None:
    options = ("--regions", "qiqihar", "--indicator", "GDP", "--contributions")
    group = ("--group", "industry=industry efficiency, research")
    rows = json.loads(run("compare", "plan", *options, *group, "--json"))["rows"]
    means = {row["part"]: row["mean"] for row in rows}
    total = means.pop("total")
    assert set(means) == {"market investment", "industry", "migration", "farm productivity"}
    assert sum(means.values()) == pytest.approx(total)
    assert "market investment" in run("compare", "plan", *options)


@pytest.mark.usefixtures("quick")
def test_targets_and_contradictions_of_a_region(run: Callable[..., str]) -> None:
    shown = run("target", "qiqihar")
    assert GOAL in shown
    assert "Where plans contradict themselves" in shown
    assert "High-tech value added" in shown
    data = json.loads(run("target", "--json"))
    assert {row["region"] for row in data["targets"]} == {"qiqihar", "daoli"}
    assert {row["rule"] for row in data["contradictions"]} == {"target share against target growth"}


@pytest.mark.usefixtures("quick")
def test_what_a_lever_must_be(run: Callable[..., str]) -> None:
    (row,) = json.loads(run("target", "qiqihar", GOAL, *TURN, "--json"))["rows"]
    assert row["n"] == 40
    assert 0 <= row["chance_now"] <= 1
    shown = run("target", "qiqihar", GOAL, *TURN, "--scenario", "plan", "--probability", "0.4")
    assert "other levers as in 'plan'" in shown
    assert "market investment" in shown


@pytest.mark.usefixtures("quick")
def test_every_lever_of_the_table_is_ranked(run: Callable[..., str], home: Project) -> None:
    rows = json.loads(run("target", "qiqihar", GOAL, "--json"))["rows"]
    turned = read_levers(home.levers).keys() - {*SHOCK_SETTINGS}
    assert {row["lever"] for row in rows} == turned
    efforts = [math.inf if row["effort"] is None else row["effort"] for row in rows]
    assert efforts == sorted(efforts)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare", "paln"), "study.toml: scenario 'paln' is not in the study. Did you mean"),
        (("compare", "--regions", "songbei"), "study.toml: region 'songbei' is not in the study"),
        (("compare", "--indicator", "GPD"), "unknown indicator 'GPD'. Did you mean 'GDP'?"),
        (("compare", "--year", "2050"), "2050 is outside the runs. Pass --year 2015 to 2035"),
        (("compare", "--values", "--contributions"), "exclude each other. Pass one."),
        (("compare", "--group", "a=tax"), "Pass --contributions too"),
        (("compare", "--contributions", "--group", "tax"), "is no group. Write NAME=LEVER,LEVER"),
        (("compare", "--between-regions", "--regions", "daoli"), "Pass two in --regions"),
        (("target", "--lever", "tax"), "Name REGION and TARGET too"),
        (("target", "qiqihar", "GDP growth 2022-2062"), "Did you mean 'GDP growth 2022-2026'?"),
        (("target", "qiqihar", GOAL, "--lever", "taxes"), "Did you mean 'tax'?"),
        (("target", "qiqihar", GOAL, "--low", "0"), "Pass --lever NAME too"),
        (("target", "qiqihar", GOAL, *TURN, "--probability", "1"), "not between 0 and 1"),
        (("target", "qiqihar", "--scenario", "plan"), "Name REGION and TARGET too"),
        (("target", "qiqihar", "--probability", "0.9"), "Name REGION and TARGET too"),
        (("target", "qiqihar,daoli", GOAL), "a target is of one region, not of 2. Name one."),
        (("target", "qiqihar", GOAL, "--lever", "tax", "--low", "nan"), "Pass numbers"),
        (
            ("compare", "--contributions", "--group", "a=tax", "--group", "a=births"),
            "--group 'a' stands twice",
        ),
    ],
)
def test_wrong_input_is_one_line_with_its_mend(
    home: Project, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert main(["--quiet", *arguments, "--project", str(home.root)]) == 1
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
