"""Kept tables: taken up from the same inputs alone, never when damaged."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from made_up_sensitivity import sensitivity
from planted_runs import prior_case

from simdyn.answers.case import Case
from simdyn.cli.progress import Silence
from simdyn.project import Project
from simdyn.report.kept import FOLDER, kept_sensitivity, kept_table
from simdyn.sensitivity.regional import plan_of
from simdyn.study import read_study

asked: list[object] = []
"""What the function below was called with."""


def made(case: Case, **words: object) -> pd.DataFrame:
    """Stand for an answer that takes long."""
    asked.append(words)
    return pd.DataFrame({"n": [case.n_draw, 1], "share": [0.1, float("nan")], "text": ["", "ä"]})


@pytest.fixture
def case(project: Project) -> Case:
    asked.clear()
    study = read_study(project, project.scenarios / "study.toml")
    return prior_case(study.choosing(regions=["songbei"], scenarios=["baseline", "plan"]), 3)


def _files(case: Case) -> list[Path]:
    return sorted((case.study.project.outputs / FOLDER).rglob("*.parquet"))


def test_the_same_question_is_answered_once(case: Case) -> None:
    first, second = (kept_table(case, made, year=2035) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert asked == [{"year": 2035}]
    kept_table(case, made, year=2030)
    assert len(asked) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda case: replace(case, n_draw=2),
        lambda case: replace(case, time_step=case.time_step / 2),
        lambda case: replace(case, calibrated=prior_case(case.study, 4).calibrated),
        lambda case: replace(case, study=case.study.choosing(scenarios=["baseline"])),
    ],
)
def test_another_case_is_another_question(case: Case, change: Callable[[Case], Case]) -> None:
    kept_table(case, made)
    kept_table(change(case), made)
    assert len(asked) == 2


def test_a_changed_input_is_another_question(
    case: Case, edit: Callable[[str, str, str], None]
) -> None:
    kept_table(case, made)
    edit("scenarios/plan.toml", "value = 0.45", "value = 0.46")
    kept_table(case, made)
    assert len(asked) == 2


@pytest.mark.parametrize("place", [0.0, 0.1, 0.5, 0.9])
def test_a_damaged_file_is_made_anew(case: Case, place: float) -> None:
    before = kept_table(case, made)
    (file,) = _files(case)
    content = bytearray(file.read_bytes())
    content[int(place * len(content))] ^= 0xFF
    file.write_bytes(content)
    pd.testing.assert_frame_equal(kept_table(case, made), before)
    file.write_bytes(content[: len(content) // 2])
    pd.testing.assert_frame_equal(kept_table(case, made), before)
    assert len(asked) >= 2


@pytest.mark.parametrize("names", ["{}", "[]", "null", "3", '{"table": 1, "other": 2}'])
def test_wrong_names_of_tables_are_made_anew(case: Case, names: str) -> None:
    before = kept_table(case, made)
    (file,) = _files(case)
    (file.parent / "names.json").write_text(names, encoding="utf-8")
    pd.testing.assert_frame_equal(kept_table(case, made), before)
    assert len(asked) == 2


def test_what_cannot_be_kept_is_made_each_time(case: Case) -> None:
    outputs = case.study.project.outputs
    outputs.mkdir(parents=True, exist_ok=True)
    (outputs / FOLDER).write_text("in the way", encoding="utf-8")
    for n in (1, 2):
        kept_table(case, made)
        assert len(asked) == n


def test_sensitivity_outlives_scenarios_that_it_does_not_rest_on(
    case: Case, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = sensitivity(case.study)
    monkeypatch.setattr("simdyn.report.kept.ask", lambda *_: answers)
    plan = plan_of(case.study)
    kept_sensitivity(case, plan, Silence())
    monkeypatch.setattr("simdyn.report.kept.ask", lambda *_: pytest.fail("asked again"))
    whole = read_study(project, project.scenarios / "study.toml")
    more = whole.choosing(regions=["songbei"], scenarios=["baseline", "plan", "high"])
    found = kept_sensitivity(replace(case, study=more), plan, Silence())
    assert found.tables.keys() == answers.tables.keys()
    for name, table in answers.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table.reset_index(drop=True))
    assert (found.reference.name, found.policy.name) == ("baseline", "plan")
    monkeypatch.setattr("simdyn.report.kept.ask", lambda *_: answers)
    other = kept_sensitivity(case, replace(plan, draws=999), Silence())
    assert other is answers
