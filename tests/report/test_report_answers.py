"""What the report answers of scenarios: paired, adding up, with its reasons."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planted_runs import growing, make_years, planted_case, prior_case

from simdyn.answers.case import Case
from simdyn.answers.contribution_table import CONTRIBUTION_COLUMNS
from simdyn.answers.differences import DIFFERENCE_COLUMNS
from simdyn.project import Project
from simdyn.report.answers import (
    CONFLICT_COLUMNS,
    LEVER_COLUMNS,
    conflicts_of,
    contributions,
    differences,
    levers_of,
)
from simdyn.report.answers.scenarios import INDICATORS, SPLIT
from simdyn.report.answers.sources import Origin, Stated, origin_of
from simdyn.report.words.language import Language, labels_of
from simdyn.scenarios import LeverEntry, UncertaintyEntry
from simdyn.study import Study, read_study

ENGLISH, CHINESE = (labels_of(language) for language in Language)


@pytest.fixture(scope="module")
def case(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    project = Project(root, results=tmp_path_factory.mktemp("results"))
    whole = read_study(project, project.scenarios / "study.toml")
    chosen = whole.choosing(regions=["songbei", "hachang_zone"], scenarios=["baseline", "plan"])
    return prior_case(chosen, 24)


def test_differences_are_taken_draw_by_draw(case: Case) -> None:
    """Each scenario spreads far more than their difference, which alone the band tells."""
    base, plan = growing(np.array([1.0, 4.0, 9.0])), growing(np.array([2.0, 5.0, 8.0]))
    runs = {
        (region, name): make_years(GDP=values)
        for region in ("songbei", "hachang_zone")
        for name, values in (("baseline", base), ("plan", plan))
    }
    table = differences(planted_case(case, runs))
    assert list(table) == DIFFERENCE_COLUMNS
    assert set(table["indicator"]) == set(INDICATORS)
    (gdp,) = table[(table["region"] == "songbei") & (table["indicator"] == "GDP")].to_dict(
        "records"
    )
    by_hand = np.array([100 * (1.02**20 - 1.01**20), 100 * (1.05**20 - 1.04**20)])
    by_hand = np.append(by_hand, 100 * (1.08**20 - 1.09**20))
    expected = np.percentile(by_hand, (10, 50, 90))
    found = [gdp[f"difference_{point}"] for point in ("p10", "p50", "p90")]
    np.testing.assert_allclose(found, expected)
    assert gdp["above"] == pytest.approx(2 / 3)
    assert gdp["n"] == 3


def test_contributions_add_up_and_stand_beside_their_levers(case: Case) -> None:
    table = contributions(case)
    assert list(table) == [*CONTRIBUTION_COLUMNS, "setting", "against_setting"]
    for (region, indicator), rows in table.groupby(["region", "indicator"]):
        parts, total = rows[rows["part"] != "total"], rows[rows["part"] == "total"]
        assert indicator in SPLIT
        assert parts["mean"].sum() == pytest.approx(total["mean"].iloc[0], rel=1e-9)
        sampled = parts["orders"] != "all"
        assert (sampled == (len(parts) > 5)).all(), region
        assert (parts["standard_error"].notna() == sampled).all()
    songbei = table[table["region"] == "songbei"].set_index("part")["setting"]
    assert songbei["bond issue"].iloc[0] == "0.01"
    zone = table[table["region"] == "hachang_zone"].set_index("part")["setting"]
    assert zone["migration"].iloc[0] == "shuangcheng: 0.006; hachang_rest: 0"
    assert zone["integration"].iloc[0] == "0.3"
    assert (table["against_setting"] == "").all()


def _with(case: Case, lever: dict[str, object], change: UncertaintyEntry | None = None) -> Study:
    """Return the study whose plan sets one lever of Songbei, and changes one parameter."""
    *others, plan = case.study.scenarios
    entry = LeverEntry.model_validate({**lever, "source": "assumption: made up"})
    changes = {} if change is None else {"songbei": {"interest rate": change}}
    update = {"levers": {"songbei": {"technology": entry}}, "uncertainties": changes}
    moved = replace(plan, file=plan.file.model_copy(update=update))
    return replace(case.study, scenarios=(*others, moved))


@pytest.mark.parametrize(
    ("lever", "words", "last"),
    [
        (
            {"value": 0.004},
            "rises evenly from 2021 to 0.004 at the start of 2025, then held",
            0.004,
        ),
        (
            {"ramp": {"from": 2026, "to": 2030, "value": -0.01}},
            "rises evenly from 2026 to -0.01 at the start of 2030, then held",
            -0.01,
        ),
        ({"switch": {"from": 2026, "value": 0.01}}, "0.01 from 2026 on", 0.01),
        (
            {"switch": {"from": 2026, "until": 2028, "value": 0.01}},
            "0.01 from 2026 until the start of 2028",
            0.0,
        ),
        (
            {"path": {"2030": 0.002, "2026": 0.001}},
            "2026: 0.001; 2030: 0.002; evenly in between, at the start of each year",
            0.002,
        ),
    ],
)
def test_every_course_of_a_lever_is_told(
    case: Case, lever: dict[str, object], words: str, last: float
) -> None:
    study = _with(case, lever)
    (row,) = levers_of(study, ENGLISH).to_dict("records")
    assert list(row) == LEVER_COLUMNS
    assert (row["setting"], row["value"], row["reference"]) == (words, last, 0.0)
    assert (row["evidence"], row["document"], row["set_by"]) == ("assumption", "", "plan")
    assert (row["low"], row["high"], row["kind"]) == (-0.02, 0.02, "policy")
    (chinese,) = levers_of(study, CHINESE).to_dict("records")
    assert chinese["title"] == "技术进步(变化)"
    assert chinese["setting"] != words


def test_what_is_changed_in_draws_is_told_beside_the_levers(case: Case) -> None:
    change = UncertaintyEntry(times=1.5, source="qiqihar-work-report-2022, 二(二)产业")
    table = levers_of(_with(case, {"value": 0.004}, change), ENGLISH)
    row = table[table["kind"] == "uncertainty"].iloc[0]
    assert (row["lever"], row["setting"], row["unit"]) == (
        "interest rate",
        "every draw times 1.5",
        "1/Year",
    )
    assert (row["evidence"], row["section"]) == ("document", "二(二)产业")


def test_a_sum_has_the_levers_of_its_parts(case: Case) -> None:
    table = levers_of(case.study, ENGLISH)
    zone = table[table["region"] == "hachang_zone"]
    assert set(zone["part"]) == {"shuangcheng", "hachang_rest"}
    rest = zone[zone["part"] == "hachang_rest"].iloc[0]
    assert (rest["lever"], rest["value"]) == ("integration", 0.3)
    assert (rest["document"], rest["evidence"]) == ("hachang-zone-plan-2019", Stated.MEASURE)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("assumption: debt swap", Origin(Stated.NOTHING, "", "")),
        ("assumption", Origin(Stated.NOTHING, "", "")),
        ("a, 三(二)产业: 1000 a year against 854", Origin(Stated.SIZE, "a", "三(二)产业")),
        ("a, 三:目标 (plus 20); size an assumption", Origin(Stated.MEASURE, "a", "三:目标")),
        ("a; size an assumption", Origin(Stated.MEASURE, "a", "")),
        ("a", Origin(Stated.SIZE, "a", "")),
        ("somebody said so", Origin(Stated.NOTHING, "", "")),
    ],
)
def test_a_source_is_a_document_or_an_assumption(source: str, expected: Origin) -> None:
    assert origin_of(source, {"a", "b"}) == expected


def _conflicts(project: Project) -> pd.DataFrame:
    study = read_study(project, project.scenarios / "study.toml")
    return conflicts_of(study, ENGLISH)


def test_a_planted_conflict_appears_with_its_documents(
    project: Project, edit: Callable[[str, str, str], None]
) -> None:
    before = _conflicts(project)
    edit(
        "models/facts/documents.csv",
        "qiqihar,hightech_value_added_gdp_share,target_share,25,",
        "qiqihar,hightech_value_added_gdp_share,target_share,35,",
    )
    after = _conflicts(project)
    (new,) = set(after["sentence"]) - set(before["sentence"])
    row = after[after["sentence"] == new].iloc[0]
    assert list(after) == CONFLICT_COLUMNS
    assert "to ≥ 35 % in 2022" in new
    assert (row["region"], row["kind"]) == ("qiqihar", "plans")
    assert row["what"] == "target share against target growth"
    assert "qiqihar-work-report-2022" in row["sources"]
    assert "qiqihar.hightech_value_added_gdp_share.target_share.2022" in row["facts"]


def test_conflicts_are_told_once_and_of_parts_and_counties_too(project: Project) -> None:
    table = _conflicts(project)
    assert not table.duplicated(["region", "part", "what", "sentence"]).any()
    zone = table[table["region"] == "hachang_zone"]
    assert {"shuangcheng", "yushu"} <= set(zone["part"])
    songbei = table[table["region"] == "songbei"]
    overlap = songbei["sentence"].str.contains("concepts overlap") & (songbei["kind"] != "trap")
    assert overlap.sum() == 1
    assert songbei.loc[overlap, "in_fit"].all()


def test_traps_tell_vintage_scope_and_concept_with_sources(project: Project) -> None:
    traps = _conflicts(project).query("kind == 'trap'").set_index("region")
    assert set(traps["what"]) == {"vintage", "scope", "part", "concept", "departure", "note"}
    songbei = traps.loc[["songbei"]]
    scope = songbei[songbei["what"] == "scope"]
    assert scope["sentence"].str.contains("scope factor").all()
    assert (traps["sources"] != "").all()
    shuangcheng = traps.loc[["shuangcheng"]].query("what == 'concept'")
    assert shuangcheng["sentence"].str.contains("registered population").any()


def test_a_study_of_the_reference_alone_has_no_differences(case: Case) -> None:
    alone = prior_case(case.study.choosing(scenarios=["baseline"]), 4)
    for table, columns in (
        (differences, DIFFERENCE_COLUMNS),
        (contributions, CONTRIBUTION_COLUMNS),
    ):
        for _ in range(2):  # made, then taken up
            found = table(alone)
            assert found.empty
            assert set(columns) <= set(found)
    assert levers_of(alone.study, ENGLISH).empty
