"""Scenario files: the nearest file wins; wrong entries are refused at their line with the mend."""

from pathlib import Path

import numpy as np
import pytest

from simdyn.errors import ScenarioError, SimdynError
from simdyn.scenarios import (
    Course,
    Lever,
    LeverEntry,
    Library,
    Scenario,
    Span,
    Vocabulary,
    lever_names,
    read_scenario,
    read_scenario_toml,
    read_scenarios,
)


def _lever(name: str, low: float, high: float) -> Lever:
    told = {"lever": name, "title": name, "title_zh": "", "unit": "share", "kind": "policy"}
    return Lever(**told, low=low, high=high, note="n")


LEVERS = [
    _lever("market investment", -0.8, 1),
    _lever("migration", -0.03, 0.03),
    _lever("second shock depth", 0, 0.3),
    _lever("second shock year", 2021, 2034),
]
WORDS = Vocabulary(
    regions={"songbei": (), "daoli": (), "zone": ("songbei", "daoli")},
    levers={lever.lever: lever for lever in LEVERS},
    sources=frozenset({"songbei-work-report-2021"}),
    constants=frozenset({"birth rate", "interest rate"}),
    spans={"songbei": {"birth rate": Span(0.003, 0.0055, 0.008)}},
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
        ("value = 0.5", "value = 1.5", 11, "is 1.5, beyond its limits -0.8 to 1 (share)"),
        ("value = 0.5", "path = { 2022 = 0.1, 2030 = 1.5 }", 11, "If it is meant, add beyond"),
        ("value = 0.5", "path = { 2014 = 0.1 }", 11, "no year of a path: write 2021 to 2036"),
        ("value = 0.5", "path = {}", 11, "Name at least one"),
        ("value = 0.5", "path = { 2022.5 = 0.1 }", 11, "where a number belongs"),
        ("value = 0.5", "value = 0.5, path = { 2022 = 0.1 }", 11, "exactly one of value, path"),
        ("value = 0.5, source", "source", 11, "exactly one of value, path, ramp, switch"),
        ("value = 0.5", "ramp = { from = 2025, to = 2025, value = 1 }", 11, "write 'to' after"),
        ("value = 0.5", "ramp = { form = 2025, to = 2026, value = 1 }", 11, "Did you mean 'from'"),
        ("value = 0.5", "ramp = { from = 2020, to = 2026, value = 1 }", 11, "2021"),
        ("value = 0.5", "switch = { from = 2025, until = 2024, value = 1 }", 11, "'until' after"),
        ("value = 0.5", "switch = { from = 2025.5, value = 1 }", 11, "whole number"),
        ('"market investment" = { value', '"second shock year" = { path', 11, ""),
        ('name = "test"', 'name = "con"', 1, "Windows keeps this name"),
        ('title = "Test"', 'title = "=HYPERLINK(1)"', 2, "Use Latin letters"),
        ('title = "Test"', 'title = "<script>"', 2, "Use Latin letters"),
        ('title_zh = "测试"', 'title_zh = "a\\u001b[2J"', 3, "without control characters"),
        ('"A test."', '"A test.\\u202e"', 4, "leave control characters out"),
        ('"A test."', '"A test."\nextends = "tset"', 5, "no scenario 'tset' to extend"),
        ('"A test."', '"A test."\nextends = "../test"', 5, "'../test'"),
        ('"A test."', '"A test."\nextends = "test"', 5, "'test' extends 'test'. Take 'extends'"),
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


def test_levers_are_the_constants_called_so() -> None:
    names = lever_names(["migration lever", "birth rate"])
    assert names == {"migration", "second shock depth", "second shock year"}


CHANGES = """
[uncertainties.all]
"interest rate" = { plus = 0.01, source = "assumption" }
[uncertainties.songbei]
"birth rate" = { value = 0.004, source = "assumption" }
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "mend"),
    [
        (
            "value = 0.004",
            "value = 0.009",
            16,
            "comes to 0.009 in 'songbei', beyond what its prior",
        ),
        ("value = 0.004", "plus = 0.003", 16, "comes to 0.0085"),
        ("value = 0.004", "times = 0.5", 16, "comes to 0.00275"),
        ("value = 0.004", "value = 0.004, times = 1.0", 16, "exactly one of value, plus, times"),
        ('"birth rate"', '"brith rate"', 16, "Did you mean 'birth rate'?"),
        ('"birth rate"', '"migration"', 16, "is a lever. Set it under [levers.songbei]"),
        ("uncertainties.songbei", "uncertainties.zone", 15, "is a sum and has no uncertainties"),
        ("uncertainties.songbei", "uncertainties.all", 15, "not valid TOML"),
    ],
)
def test_wrong_changes(tmp_path: Path, old: str, new: str, line: int, mend: str) -> None:
    path = _write(tmp_path, (GOOD + CHANGES).replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path, WORDS)
    assert mend in str(caught.value)
    assert caught.value.line == line


def test_a_change_for_all_is_held_to_the_prior_of_each_region(tmp_path: Path) -> None:
    text = GOOD + CHANGES.replace("uncertainties.songbei", "uncertainties.daoli")
    wild = text.replace('"interest rate" = { plus = 0.01', '"birth rate" = { value = 1.0')
    with pytest.raises(ScenarioError, match="comes to 1 in 'songbei'"):
        read_scenario(_write(tmp_path, wild), WORDS)
    own = wild.replace("uncertainties.daoli", "uncertainties.songbei")
    read_scenario(_write(tmp_path, own), WORDS)


def test_changes_of_draws(tmp_path: Path) -> None:
    changes = read_scenario(_write(tmp_path, GOOD + CHANGES), WORDS).changes("songbei")
    draws = np.array([0.03, 0.05])
    np.testing.assert_allclose(changes["interest rate"].apply(draws), [0.04, 0.06])
    np.testing.assert_array_equal(changes["birth rate"].apply(draws), [0.004, 0.004])


def test_limits_are_crossed_only_with_the_flag_which_is_told(tmp_path: Path) -> None:
    text = (GOOD + CHANGES).replace("value = 0.5", "beyond_limits = true, value = 2.0")
    text = text.replace("value = 0.004", "beyond_limits = true, value = 0.04")
    text = text.replace("value = 0.01,", "beyond_limits = true, value = 0.1,")
    scenario = read_scenario(_write(tmp_path, text), WORDS)
    assert scenario.settings("songbei")["market investment lever"] == 2
    assert set(scenario.beyond_limits) == {
        "all: migration",
        "songbei: market investment",
        "songbei: birth rate",
    }


def _entry(value: float) -> str:
    return f'{{ value = {value}, source = "assumption" }}'


def _family(folder: Path) -> Scenario:
    """Write a scenario, its child and its grandchild; return the last."""
    texts = {
        "old": f'[levers.all]\n"migration" = {_entry(0.001)}\n'
        f'[levers.songbei]\n"migration" = {_entry(0.002)}\n"market investment" = {_entry(0.1)}',
        "middle": f'extends = "old"\n[levers.all]\n"migration" = {_entry(0.003)}',
        "test": 'extends = "middle"\n[levers.daoli]\n"migration" = '
        '{ switch = { from = 2024, value = 0.004 }, source = "assumption" }',
    }
    for name, text in texts.items():
        head = f'name = "{name}"\ntitle = "{name}"\ntitle_zh = ""\ndescription = "d"\n'
        _write(folder, head + text, name)
    return read_scenario(folder / "test.toml", WORDS)


def test_the_nearest_file_wins(tmp_path: Path) -> None:
    scenario = _family(tmp_path)
    # What the child says for all comes before what the parent says for one.
    assert scenario.settings("songbei") == {
        "migration lever": 0.003,
        "market investment lever": 0.1,
    }
    # A course takes the place of a value that is inherited.
    assert scenario.settings("daoli") == {}
    expected = {"migration policy": Course((2024 - 2**-20, 2024.0), (0.0, 0.004))}
    assert scenario.courses("daoli") == expected
    assert scenario.origin("songbei", "migration") == "middle"
    assert scenario.origin("songbei", "market investment") == "old"
    assert isinstance(scenario.levers("daoli")["migration"], LeverEntry)


def test_what_a_child_sets_anew_crosses_no_limit(tmp_path: Path) -> None:
    _family(tmp_path)
    old = tmp_path / "old.toml"
    wild = old.read_text(encoding="utf-8").replace(
        "value = 0.002", "beyond_limits = true, value = 1"
    )
    old.write_text(wild, encoding="utf-8")
    assert read_scenario(old, WORDS).beyond_limits == ("songbei: migration",)
    assert read_scenario(tmp_path / "test.toml", WORDS).beyond_limits == ()


def _errors(path: Path) -> list[SimdynError]:
    return Library(path.parent, WORDS).errors(read_scenario_toml(path))


def test_a_circle_is_refused_at_each_file_in_it(tmp_path: Path) -> None:
    _family(tmp_path)
    old = tmp_path / "old.toml"
    text = old.read_text(encoding="utf-8").replace("[levers.all]", 'extends = "test"\n[levers.all]')
    old.write_text(text, encoding="utf-8")
    for name in ("old", "middle", "test"):
        path = tmp_path / f"{name}.toml"
        with pytest.raises(ScenarioError, match="Take 'extends' out of one of them"):
            read_scenario(path, WORDS)
        (error,) = _errors(path)
        assert (error.path, error.line) == (path, 5)


def test_a_fault_of_a_parent_is_named_at_the_parent(tmp_path: Path) -> None:
    _family(tmp_path)
    old = tmp_path / "old.toml"
    old.write_text(old.read_text(encoding="utf-8").replace("0.001", "9"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"old\.toml:6: 'migration' of 'all' is 9"):
        read_scenario(tmp_path / "test.toml", WORDS)
    assert _errors(tmp_path / "test.toml") == []


def test_a_study_cannot_be_extended(tmp_path: Path) -> None:
    _write(tmp_path, 'name = "study"\nscenarios = ["test"]', "study")
    path = _write(tmp_path, GOOD.replace('"A test."', '"A test."\nextends = "study"'))
    with pytest.raises(ScenarioError, match=r"test\.toml:5: 'study' is a study"):
        read_scenario(path, WORDS)


def test_a_chain_has_an_end(tmp_path: Path) -> None:
    for n in range(60):
        head = f'name = "s{n}"\ntitle = "S {n}"\ntitle_zh = ""\ndescription = "d"\n'
        _write(tmp_path, head + (f'extends = "s{n - 1}"' if n else ""), f"s{n}")
    assert len(list(read_scenario(tmp_path / "s50.toml", WORDS).lineage)) == 51
    with pytest.raises(ScenarioError, match="more than 50 scenarios extend each other"):
        read_scenario(tmp_path / "s59.toml", WORDS)


def test_only_files_that_a_study_needs_are_read(tmp_path: Path) -> None:
    _family(tmp_path)
    (tmp_path / "broken.toml").write_bytes(b"\xff")
    found = read_scenarios(tmp_path, {"middle": 1}, tmp_path / "study.toml", WORDS)
    assert [s.name for s in found[0].lineage] == ["middle", "old"]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "levers" + ".a" * 3000 + " = 1",
        GOOD.replace("0.5", "9" * 5000),
        GOOD.replace("0.5", "1" + "0" * 400),
        GOOD.replace("[levers.songbei]", f"[levers.{'x' * 5000}]"),
        GOOD.replace('"market investment"', f'"{"=HYPERLINK(1)" * 500}"'),
        GOOD.replace('"market investment"', '"../../x"'),
        GOOD.replace("[levers.songbei]", '[levers."<script>"]'),
        GOOD + "#" * 2_000_000,
        'levers = "all"',
        "levers = [1, 2]",
        "[levers]\nall = 3",
        "[levers.all]\nmigration = 3",
        "extends = 3",
        "\0",
    ],
    ids=range(15),
)
def test_hostile_files_are_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path, WORDS)
    line = str(caught.value)
    assert "test.toml" in line
    assert "\n" not in line
    assert len(line) < 1500


def test_lines_of_a_huge_text_are_given_up(tmp_path: Path) -> None:
    # Each line of the text looks like the end of an entry.
    text = GOOD.replace('"A test."', '"""' + "]\n" * 50_000 + '"""')
    with pytest.raises(ScenarioError, match=r"test\.toml: 'description' is .* at most 10000"):
        read_scenario(_write(tmp_path, text), WORDS)
