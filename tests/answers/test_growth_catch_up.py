"""Reaching another's path: closed forms, arrival, failed draws, one lever alone."""

import numpy as np
import pytest
from planted_runs import growing, make_years, planted_case

from simdyn.answers.case import Case
from simdyn.answers.growth import (
    arrival,
    catch_up,
    catch_up_table,
    reach,
    reach_table,
)
from simdyn.answers.ranges import LeverRange
from simdyn.errors import RunError
from simdyn.scenarios import Turned

TECHNOLOGY = LeverRange("technology", "a year", -0.02, 0.06)
BIRTHS = LeverRange("births", "share", -0.5, 0.5)


def test_what_steady_paths_need_has_the_closed_form() -> None:
    found = catch_up(growing(np.array([3.0])), 2 * growing(np.array([1.0])))
    aim, start = 200 * 1.01**20, 100 * 1.03**5
    assert found.needed == pytest.approx(100 * ((aim / start) ** (1 / 15) - 1))
    assert found.own == pytest.approx(3.0)
    assert found.extra == pytest.approx(found.needed - 3.0)
    years = np.log(2) / np.log(1.03 / 1.01)
    assert found.arrival == 2015 + np.ceil(years) == 2051


def test_it_arrives_in_the_runs_later_or_never() -> None:
    rates = np.array([6.0, 3.0, 1.0, 0.0, 1.1])
    found = arrival(growing(rates), 2 * growing(np.full(5, 1.0)))
    assert found.tolist() == [2030, 2051, np.inf, np.inf, np.inf]


def test_one_that_is_ahead_has_arrived_and_one_that_falls_back_has_not() -> None:
    assert arrival(growing(np.array([2.0])), growing(np.array([1.0]))).tolist() == [2020]
    ahead = 2 * growing(np.array([0.0]))
    assert arrival(ahead, growing(np.array([6.0]))).tolist() == [np.inf]


def test_growth_needed_leads_there() -> None:
    own, other = growing(np.array([1.0, 4.0])), 3 * growing(np.array([2.0, 0.0]))
    found = catch_up(own, other)
    np.testing.assert_allclose(own[5] * (1 + found.needed / 100) ** 15, other[20])


def test_the_chance_is_that_of_needing_no_more_than_its_own_growth(case: Case) -> None:
    table = catch_up_table(case)
    assert len(table) == 5 * 4 * 2
    assert not table["region"].isin(["hachang_zone"]).any()
    assert (table["n"] + table["n_failed"] == case.n_draw).all()
    pair = ("qiqihar", "shuangcheng")
    there, back = (catch_up_table(case, [each], ["plan"]).iloc[0] for each in (pair, pair[::-1]))
    assert there["n_failed"] > 0
    assert there["reached"] + back["reached"] == pytest.approx(1)
    assert (there["extra_p50"] <= 0) == (there["reached"] >= 0.5)


def test_failed_draws_of_either_are_left_out_and_counted(case: Case) -> None:
    runs = {
        ("songbei", "plan"): make_years([True, False, True], GDP=growing(np.full(3, 5.0))),
        ("daoli", "plan"): make_years([True, True, False], GDP=growing(np.full(3, 1.0))),
    }
    (row,) = catch_up_table(planted_case(case, runs), [("daoli", "songbei")]).to_dict("records")
    assert (row["n"], row["n_failed"], row["reached"]) == (1, 2, 0.0)
    assert (row["against"], row["against_basis"]) == ("songbei", "fitted")
    assert row["own_p50"] == pytest.approx(1.0)
    assert row["arrival_p50"] == np.inf


def test_the_chance_without_turning_a_lever_is_that_of_the_paths(case: Case) -> None:
    pair = ("qiqihar", "shuangcheng")
    reached = catch_up_table(case, [pair], ["plan"]).loc[0, "reached"]
    table = reach_table(case, [pair], "plan", [BIRTHS], level=0.9)
    assert table.loc[0, "at_scenario"] == pytest.approx(reached)
    assert (table.loc[0, "kind"], table.loc[0, "against"]) == ("outside", "shuangcheng")
    assert (table["n_failed"] > 0).all()


def test_one_lever_does_it_and_another_does_not(case: Case) -> None:
    pair, level = ("qiqihar", "shuangcheng"), 0.5
    table = reach_table(case, [pair], "baseline", [BIRTHS, TECHNOLOGY], level)
    assert table["lever"].tolist() == ["technology", "births"]
    assert table["possible"].tolist() == [True, False]
    assert table["needed"].tolist()[1] == "none"
    assert str(table.loc[0, "needed"]).startswith("at or above 0.0")
    assert table["value"].isna().tolist() == [False, True]
    assert table.loc[0, "value_low"] < table.loc[0, "value"]
    value = float(table["value"].tolist()[0])
    setting = Turned(case.scenario("baseline"), {"qiqihar": {"technology": value}})
    own, other = case.run("qiqihar", [setting]), case.runs.years("shuangcheng", "baseline")
    ok = own.ok & other.ok
    ahead = [years.of("GDP", 2035)[ok] / years.of("population", 2035)[ok] for years in (own, other)]
    assert np.mean(ahead[0] >= ahead[1]) >= level


def test_levers_of_policy_are_tried_if_none_is_named(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simdyn.answers.backcast.GRID", 2)
    table = reach_table(case, [("qiqihar", "daoli")], "baseline", level=0.999)
    assert set(table["kind"]) == {"policy"}
    assert {"migration", "technology"} <= set(table["lever"])


def test_a_failed_draw_of_the_other_is_no_goal(case: Case) -> None:
    goal = reach(case, "shuangcheng", "baseline")
    years = case.runs.years("shuangcheng", "baseline")
    np.testing.assert_array_equal(goal.ok, years.ok)
    np.testing.assert_array_equal(goal.met(years)[years.ok], True)
    assert goal.label == "GDP per resident of Shuangcheng in 2035, 2015 prices"


def test_pairs_that_make_no_sense_are_refused(case: Case) -> None:
    with pytest.raises(RunError, match="hold the same residents"):
        catch_up_table(case, [("hachang_zone", "shuangcheng")])
    with pytest.raises(RunError, match="'hachang_zone' has no levers of its own"):
        reach_table(case, [("hachang_zone", "qiqihar")], "baseline", [BIRTHS])
    zone = catch_up_table(case, [("hachang_zone", "qiqihar")], ["plan"])
    assert zone.loc[0, "basis"] == "illustrative"
