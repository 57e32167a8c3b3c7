"""Surveys of levers: a run at the value found says so; what no lever does is said too."""

from dataclasses import replace

import numpy as np
import pytest

from simdyn.answers.backcast import backcast
from simdyn.answers.case import Case
from simdyn.answers.curves import Place, first_curves
from simdyn.answers.ranges import LeverRange
from simdyn.answers.survey import SURVEY_COLUMNS, survey, survey_table
from simdyn.answers.targets import find_target, is_met, reached
from simdyn.regions import Reading
from simdyn.scenarios import Turned

LEVERS = [
    LeverRange("births", "share", -0.5, 0.5),
    LeverRange("market investment", "share", -0.5, 1.0),
    LeverRange("contracted investment", "100 million CNY a year", -1000, 1000),
]
LEVEL = 0.2


@pytest.fixture(scope="module")
def target(case: Case) -> Reading:
    return find_target(case.study, "qiqihar", "GDP growth 2022-2026")


def _share(case: Case, target: Reading, lever: str, value: float) -> float:
    """Return the share of sound draws that meet a target, without the survey's own code."""
    years = case.run("qiqihar", [Turned(case.scenario("plan"), {"qiqihar": {lever: value}})])
    met = is_met(case.study, target, reached(case, "qiqihar", target, years))
    return float(np.mean(met[years.ok]))


def test_a_run_at_the_value_found_meets_the_target_as_often_as_asked(
    case: Case, target: Reading
) -> None:
    level = _share(case, target, "market investment", 0.0)
    found = {
        one.found.lever.lever: one
        for one in survey(case, "qiqihar", [target], LEVERS, "plan", level)
    }
    surveyed = found["market investment"]
    (threshold,), (there,) = surveyed.found.thresholds, surveyed.there
    assert threshold.rising
    assert there.value == _share(case, target, "market investment", threshold.value)
    assert there.value == pytest.approx(level, abs=1.5 / case.n_draw)
    assert threshold.high is not None
    assert threshold.high > threshold.value


def test_it_finds_what_the_backcast_finds(case: Case, target: Reading) -> None:
    level = _share(case, target, "market investment", 0.0)
    (one,) = survey(case, "qiqihar", [target], [LEVERS[1]], "plan", level)
    exact = backcast(case, "qiqihar", [target], LEVERS[1], "plan", level)
    ours, theirs = one.found.thresholds[0], exact.thresholds[0]
    assert ours.value == pytest.approx(theirs.value, abs=0.02)
    assert one.found.at_current == exact.at_current
    assert (one.found.current, one.found.setting) == (exact.current, exact.setting)


def test_several_targets_share_the_runs_and_none_of_the_answers(
    case: Case, target: Reading
) -> None:
    other = find_target(case.study, "qiqihar", "budget revenue growth 2022")
    both = survey(case, "qiqihar", [target, other], LEVERS, "plan", LEVEL)
    for one in (target, other):
        alone = survey(case, "qiqihar", [one], LEVERS, "plan", LEVEL)
        shared = [each for each in both if each.target is one]
        assert [each.found.lever for each in shared] == [each.found.lever for each in alone]
        assert [each.found.thresholds for each in shared] == [
            each.found.thresholds for each in alone
        ]


def test_a_curve_passes_through_what_was_run(case: Case, target: Reading) -> None:
    curve = first_curves(Place(case, "qiqihar", "plan"), [target], LEVERS)[1]
    np.testing.assert_allclose(curve(curve.points), [each.value for each in curve.grid])
    for point, each in zip(curve.points.tolist(), curve.grid, strict=True):
        years = case.run(
            "qiqihar", [Turned(case.scenario("plan"), {"qiqihar": {"market investment": point}})]
        )
        met = is_met(case.study, target, reached(case, "qiqihar", target, years))
        assert each.value == np.mean(met[curve.sound])


def test_the_table_holds_every_policy_lever_of_every_unlikely_target(case: Case) -> None:
    one = replace(case, calibrated={"qiqihar": case.calibrated["qiqihar"]})
    table = survey_table(one, "plan", ["plan", "baseline"], LEVEL)
    assert list(table) == SURVEY_COLUMNS
    likely = {t.label for t in case.study.regions["qiqihar"].targets} - {*table["target"]}
    years = case.runs.years("qiqihar", "plan")
    for t in case.study.regions["qiqihar"].targets:
        met = is_met(case.study, t, reached(case, "qiqihar", t, years))[years.ok]
        assert (t.label in likely) == (met.mean() >= LEVEL)
    assert not {"births", "core city growth", "land market"} & {*table["lever"]}
    for _, rows in table.groupby(["target", "scenario"]):
        assert rows["lever"].is_unique
        assert rows["effort"].is_monotonic_increasing
    assert (table["chance"] < LEVEL).all()
    none = table[~table["possible"]]
    assert (none["best_chance"] < LEVEL).all()
    assert none["value"].isna().all()


def test_a_scenario_that_meets_the_target_needs_no_lever(case: Case, target: Reading) -> None:
    one = replace(case, calibrated={"qiqihar": case.calibrated["qiqihar"]})
    chances = {}
    for name in ("baseline", "plan"):
        years = case.runs.years("qiqihar", name)
        met = is_met(case.study, target, reached(case, "qiqihar", target, years))
        chances[name] = float(np.mean(met[years.ok]))
    low, high = sorted(chances, key=lambda name: chances[name])
    table = survey_table(one, low, [low, high], chances[high])
    own = table[table["target"] == target.label]
    assert chances[low] < chances[high]
    assert {*own["scenario"]} == {low}
    assert (table["chance"] < chances[high]).all()


def test_settings_are_run_a_few_at_a_time_to_the_same_bits(
    case: Case, target: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(case, "qiqihar", "plan")
    whole = first_curves(place, [target], LEVERS)
    monkeypatch.setattr("simdyn.answers.curves.RUNS_AT_ONCE", 2 * case.n_draw)
    for one, other in zip(whole, first_curves(place, [target], LEVERS), strict=True):
        np.testing.assert_array_equal(one.values, other.values)
        np.testing.assert_array_equal(one.ok, other.ok)
