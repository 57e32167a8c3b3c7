"""Scenario files: levers by region, before those for all; wrong names are refused with the mend."""

from pathlib import Path

import pytest

from simdyn.errors import ScenarioError
from simdyn.scenarios import Vocabulary, lever_names, read_scenario, read_scenarios

WORDS = Vocabulary(
    regions={"songbei": (), "daoli": (), "zone": ("songbei", "daoli")},
    levers=frozenset({"market investment", "migration", "second shock depth", "second shock year"}),
    sources=frozenset({"songbei-work-report-2021"}),
)
GOOD = """name = "test"
title = "Test"
title_zh = "测试"
description = "A test."

[levers.all]
"migration" = { value = 0.01, source = "assumption" }

[levers.songbei]
"migration" = { value = 0.02, source = "assumption" }
"market investment" = { value = 0.5, source = "assumption" }
"""


def _write(folder: Path, text: str, name: str = "test") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_levers_come_before_those_for_all(tmp_path: Path) -> None:
    scenario = read_scenario(_write(tmp_path, GOOD), WORDS)
    assert scenario.settings("songbei") == {
        "migration lever": 0.02,
        "market investment lever": 0.5,
    }
    assert scenario.settings("daoli") == {"migration lever": 0.01}


@pytest.mark.parametrize(
    ("old", "new", "line", "mend"),
    [
        ('"market investment"', '"market investmant"', 11, "Did you mean 'market investment'?"),
        ("[levers.songbei]", "[levers.songbie]", 9, "Did you mean 'songbei'?"),
        ("value = 0.5", 'value = "half"', 11, "'half' where a number belongs"),
        ("value = 0.5", "value = inf", 11, "where a number belongs"),
        ("value = 0.5, source", "value = 0.5, sauce", 11, "Did you mean 'source'?"),
        (', source = "assumption" }\n"market', ' }\n"market', 10, "'source' is missing"),
        ('title = "Test"\n', "", None, "'title' is missing"),
        ('name = "test"', 'name = "../test"', 1, "'../test'"),
        ("[levers.all]", "[levers.all", 6, "not valid TOML"),
        (
            "[levers.songbei]",
            "[levers.zone]",
            9,
            "is a sum and has no levers. Set those",
        ),
        ("value = 0.5", "value = 1e7", 11, "it must be less than or equal to 1000000"),
        ('0.5, source = "assumption"', '0.5, source = "rumour"', 11, "unknown source 'rumour'"),
        ('title = "Test"', 'title = "a | b"', 2, "Use Latin letters"),
    ],
)
def test_wrong_entries(tmp_path: Path, old: str, new: str, line: int | None, mend: str) -> None:
    path = _write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path, WORDS)
    assert caught.value.line == line
    assert mend in str(caught.value)


def test_a_missing_scenario_is_named_at_the_line_of_the_study(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    study = _write(tmp_path, "", "study")
    with pytest.raises(ScenarioError, match=r"study\.toml:7: unknown scenario 'tset'.*'test'\?"):
        read_scenarios(tmp_path, {"tset": 7}, study, WORDS)


def test_a_scenario_bears_the_name_of_its_file(tmp_path: Path) -> None:
    _write(tmp_path, GOOD, "other")
    with pytest.raises(ScenarioError, match="other"):
        read_scenarios(tmp_path, {"other": 1}, tmp_path / "study.toml", WORDS)


def test_two_scenarios_of_one_title_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    _write(tmp_path, GOOD.replace('name = "test"', 'name = "mine"'), "mine")
    with pytest.raises(ScenarioError, match=r"mine\.toml: has the title of 'test'"):
        read_scenarios(tmp_path, {"test": 1, "mine": 1}, tmp_path / "study.toml", WORDS)


def test_the_year_of_a_shock_is_held_when_levers_are_turned(tmp_path: Path) -> None:
    shock = """[levers.daoli]
"second shock depth" = { value = 0.045, source = "assumption" }
"second shock year" = { value = 2028, source = "songbei-work-report-2021, section 1" }
"""
    scenario = read_scenario(_write(tmp_path, GOOD + shock), WORDS)
    held, turned = scenario.split("daoli")
    assert held == {"second shock year": 2028}
    assert turned == {"second shock depth": 0.045, "migration lever": 0.01}


def test_levers_are_the_constants_called_so() -> None:
    names = lever_names(["migration lever", "birth rate"])
    assert names == {"migration", "second shock depth", "second shock year"}
