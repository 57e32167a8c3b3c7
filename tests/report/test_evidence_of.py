"""What results rest on: every figure, parameter and lever is counted where it is listed."""

from collections.abc import Callable

import pandas as pd
import pytest

from simdyn.cli.progress import Silence
from simdyn.project import Project
from simdyn.regions import Evidence
from simdyn.report.answers import EVIDENCE_COLUMNS, ITEM_COLUMNS, evidence_items, evidence_of
from simdyn.report.words.language import Language, labels_of
from simdyn.study import Results, read_study, run_study

STUDY = """name = "small"
title = "A small study"
regions = ["qiqihar", "shuangcheng", "hachang_zone"]
scenarios = ["baseline", "plan"]
draws = 4
posterior = 40
starts = 1
seed = 1
"""


@pytest.fixture(scope="module", params=list(Evidence))
def results(request: pytest.FixtureRequest, project_with: Callable[[str], Project]) -> Results:
    project = project_with(STUDY)
    study = read_study(project, project.scenarios / "study.toml").of_evidence(request.param)
    return run_study(study, Silence())


@pytest.fixture(scope="module")
def items(results: Results) -> pd.DataFrame:
    return evidence_items(results, labels_of(Language.EN))


def test_counts_are_of_what_is_listed(results: Results, items: pd.DataFrame) -> None:
    table = evidence_of(results, items)
    assert list(table) == EVIDENCE_COLUMNS
    assert list(items) == ITEM_COLUMNS
    for row in table.to_dict("records"):
        own = items[items["region"] == row["region"]]
        counts = own[own["scenario"].isin(["", row["scenario"]])]["kind"].value_counts()
        assert counts.get("document figure", 0) == row["document_figures"]
        assert counts.get("public statistic", 0) == row["public_statistics"]
        assert counts["parameter"] == row["parameters"]
        assert counts.get("lever", 0) == row["levers"]
        verdicts = sum(row[name] for name in ("set", "moved", "pooled", "prior_only"))
        assert verdicts == row["parameters"]
        assert row["assumptions"] <= row["levers"]
        assert (row["levers"] == 0) == (row["scenario"] == "baseline")


def test_figures_are_those_of_the_fit_and_of_the_layers_admitted(
    results: Results, items: pd.DataFrame
) -> None:
    facts = results.study.facts
    figures = items[items["kind"].isin(["document figure", "public statistic"])]
    own = figures[figures["region"] == "qiqihar"]
    observations = results.calibrated["qiqihar"].problem.region.observations
    assert own["name"].tolist() == [each.label for each in observations]
    for row in figures.to_dict("records"):
        layers = {facts[name].layer.value for name in row["facts"].split("; ")}
        assert layers == {"documents" if row["kind"] == "document figure" else "public"}
    if results.study.file.evidence is Evidence.DOCUMENTS:
        assert not (items["kind"] == "public statistic").any()


def test_a_sum_rests_on_what_its_parts_rest_on(results: Results, items: pd.DataFrame) -> None:
    zone = items[items["region"] == "hachang_zone"]
    alone = items[items["region"] == "shuangcheng"].drop(columns="region")
    within = zone[zone["part"] == "shuangcheng"].drop(columns="region")
    pd.testing.assert_frame_equal(
        within.sort_values(list(within)).reset_index(drop=True),
        alone.sort_values(list(alone)).reset_index(drop=True),
    )
    assert set(zone["part"]) == {"shuangcheng", "hachang_rest"}


def test_every_parameter_and_lever_has_a_source(results: Results, items: pd.DataFrame) -> None:
    assert (items["source"] != "").all()
    levers = items[items["kind"] == "lever"]
    stated = levers["status"] != "assumption"
    assert (levers.loc[stated, "documents"] != "").all()
    assert set(levers["scenario"]) == {"plan"}
