"""Theil's index: closed forms, the exact split by groups, groups of a study."""

import numpy as np
import pytest
from planted_runs import make_years, planted_case

from simdyn.answers.case import Case
from simdyn.answers.growth import groups_of, theil, theil_parts, theil_table
from simdyn.errors import RunError

RNG = np.random.default_rng(5)


def test_equal_income_per_head_has_no_inequality() -> None:
    residents = RNG.lognormal(3, 1, (5, 7))
    np.testing.assert_allclose(theil(2.5 * residents, residents), 0, atol=1e-15)


def test_two_regions_have_the_closed_form() -> None:
    """Half the people with three quarters of output: ln 2 less the entropy of the shares."""
    expected = 0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    found = theil(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    assert found == pytest.approx(expected, abs=1e-15)


def test_all_of_output_in_one_place() -> None:
    found = theil(np.array([4.0, 0.0]), np.array([1.0, 3.0]))
    assert found == pytest.approx(np.log(4), abs=1e-15)


def test_between_and_within_add_up() -> None:
    output, residents = RNG.lognormal(5, 1, (5, 21, 40)), RNG.lognormal(3, 1, (5, 21, 40))
    between, within = theil_parts(output, residents, {"a": (0, 3), "b": (1, 4), "c": (2,)})
    np.testing.assert_allclose(
        between + sum(within.values()), theil(output, residents), rtol=0, atol=1e-12
    )
    assert (between >= 0).all()
    np.testing.assert_array_equal(within["c"], 0)


def test_a_known_split() -> None:
    """Two groups of equal means: all inequality is within the one that is unequal."""
    output, residents = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 1.0])
    between, within = theil_parts(output, residents, {"unequal": (0, 1), "even": (2,)})
    assert between == pytest.approx(0, abs=1e-15)
    own = 0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    assert within["unequal"] == pytest.approx(2 / 3 * own, abs=1e-15)


def test_the_study_names_the_districts_of_harbin(case: Case) -> None:
    keys = ("songbei", "shuangcheng", "qiqihar", "daoli", "hachang_rest")
    found = groups_of(case, keys)
    assert found == {
        "Districts of Harbin": (0, 1, 3),
        "Qiqihar": (2,),
        case.region("hachang_rest").name: (4,),
    }


def test_a_sum_in_a_group_stands_for_its_parts(case: Case) -> None:
    keys = ("songbei", "shuangcheng", "hachang_rest")
    found = groups_of(case, keys, {"zone": ["hachang_zone"], "gone": ["daoli"]})
    assert found == {"Songbei": (0,), "zone": (1, 2)}


def test_groups_that_do_not_fit_are_named(case: Case) -> None:
    keys = ("songbei", "hachang_zone")
    with pytest.raises(RunError, match="'hachang_zone' is cut by a group"):
        groups_of(case, keys)
    with pytest.raises(RunError, match=r"unknown region 'songbay'\. Did you mean 'songbei'"):
        groups_of(case, keys, {"one": ["songbay"]})
    with pytest.raises(RunError, match="groups 'one' and 'two' both hold 'shuangcheng'"):
        groups_of(case, keys, {"one": ["hachang_zone"], "two": ["shuangcheng"]})


def test_real_draws_add_up_in_every_year(case: Case) -> None:
    table = theil_table(case, scenarios=["plan"])
    assert set(table["component"]) == {"total", "between groups", "within groups"}
    assert (table["n"] + table["n_failed"] == case.n_draw).all()
    assert (table["n_failed"] > 0).all()
    assert set(table["n_region"]) == {5}
    whole = table[table["component"] == "total"]
    np.testing.assert_allclose(whole[["share_p10", "share_p90"]], 1)
    districts = table[table["group"] == "Districts of Harbin"]
    assert len(districts) == 21


def test_one_draw_adds_up_in_the_table_and_failed_ones_are_counted(case: Case) -> None:
    ok = [True, False]
    runs = {
        (key, "plan"): make_years(ok, GDP=np.array([gdp, np.nan]), population=np.array([1.0, 1.0]))
        for key, gdp in {"songbei": 5.0, "daoli": 2.0, "qiqihar": 1.0}.items()
    }
    table = theil_table(planted_case(case, runs), years=[2030])
    rows = table[table["group"] == ""].set_index("component")["p50"]
    parts = rows["between groups"] + rows["within groups"]
    assert parts == pytest.approx(rows["total"], abs=1e-12)
    assert set(table["n_failed"]) == {1}
    assert set(table["n"]) == {1}
