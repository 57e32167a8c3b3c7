"""Targets: which side meets them, their interval, common noise whatever the levers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from planted_runs import growing, make_years, planted_case

from simdyn.answers.bands import probability
from simdyn.answers.case import Case
from simdyn.answers.targets import find_target, is_met, reached, target_table
from simdyn.errors import RunError

TARGET = "GDP growth 2021-2025"


def test_every_target_stands_with_its_source_for_every_scenario(case: Case) -> None:
    table = target_table(case)
    wanted = {(key, t.label) for key in case.calibrated for t in case.study.regions[key].targets}
    assert set(zip(table["region"], table["target"], strict=True)) == wanted
    assert len(table) == 2 * len(wanted)
    assert table[["document", "section"]].map(bool).all(axis=None)
    assert (table["probability_low"] <= table["probability"]).all()
    assert (table["probability"] <= table["probability_high"]).all()
    assert (table["n"] + table["n_failed"] == case.n_draw).all()


def test_the_probability_is_the_share_of_sound_draws_that_reach_the_aim(case: Case) -> None:
    quiet = replace(case, study=replace(case.study, discrepancy=()))
    rates = np.array([1.0, 4.0, 4.999, 5.001, 8.0, 20.0])
    years = make_years([True] * 5 + [False], GDP=growing(rates))
    planted = planted_case(quiet, {("shuangcheng", "baseline"): years})
    table = target_table(planted, ["shuangcheng"])
    (row,) = table[table["target"] == TARGET].to_dict("records")
    assert row["probability"] == pytest.approx(2 / 5)
    wanted = probability(np.array([False, False, False, True, True]))
    assert (row["probability_low"], row["probability_high"], row["n"]) == wanted[1:]
    assert (row["n_failed"], row["aim"]) == (1, 5)
    assert row["p50"] == pytest.approx(4.999)


def test_noise_is_the_same_for_a_draw_under_every_setting(case: Case) -> None:
    target = find_target(case.study, "shuangcheng", TARGET)
    still = case.scenario("baseline")
    years = case.run("shuangcheng", [still, still])
    once, again = reached(case, "shuangcheng", target, years).reshape(2, -1)
    pd.testing.assert_series_equal(pd.Series(once), pd.Series(again))
    single = reached(case, "shuangcheng", target, case.runs.years("shuangcheng", "baseline"))
    np.testing.assert_array_equal(once, single)


def test_a_ceiling_is_met_from_below(case: Case) -> None:
    target = find_target(case.study, "shuangcheng", TARGET)
    values = np.array([4.0, 6.0])
    np.testing.assert_array_equal(is_met(case.study, target, values), [False, True])
    facts = case.study.facts
    name = "qiqihar.registered_unemployment_rate.target_share.2022"
    ceiling = target.model_copy(update={"facts": name})
    assert facts[name].number == 3.5
    np.testing.assert_array_equal(is_met(case.study, ceiling, np.array([3.0, 4.0])), [True, False])


def test_an_unknown_target_is_named_with_those_known(case: Case) -> None:
    assert find_target(case.study, "shuangcheng", "gdp GROWTH 2021-2025").label == TARGET
    with pytest.raises(RunError, match="Did you mean 'GDP growth 2021-2025'"):
        find_target(case.study, "shuangcheng", "GDP growth 2021-2024")
    with pytest.raises(RunError, match="No document gives it one"):
        find_target(case.study, "hachang_zone", TARGET)
