"""Contributions on the real model: they add up to the difference, draw by draw."""

from dataclasses import replace

import numpy as np
import pytest
from planted_runs import MemoryRuns

from simdyn.answers.case import Case
from simdyn.answers.contribution_table import contribution_table
from simdyn.answers.contributions import (
    SHOCK,
    Effort,
    contributions,
    levers_of,
    parts_of,
)
from simdyn.answers.indicators import INDICATORS, values_of
from simdyn.errors import RunError
from simdyn.scenarios import LeverEntry, UncertaintyEntry

READINGS = [(INDICATORS["GDP"], 2035), (INDICATORS["debt ratio"], 2030)]


def _with_levers(case: Case, **levers: float) -> Case:
    """Return the case with other levers of Songbei in its plan."""
    plan = case.study.scenarios[-1]
    values = {
        name.replace("_", " "): LeverEntry(value=x, source="assumption")
        for name, x in levers.items()
    }
    file = plan.file.model_copy(update={"levers": {"songbei": values}})
    scenarios = (*case.study.scenarios[:-1], replace(plan, file=file))
    study = replace(case.study, scenarios=scenarios)
    other = replace(case, study=study)
    return replace(other, runs=MemoryRuns(other))


@pytest.mark.parametrize("region", ["qiqihar", "songbei"])
def test_parts_add_up_to_the_difference_of_each_draw(case: Case, region: str) -> None:
    parts = parts_of(case, region, "plan", "baseline")
    found = contributions(case, region, "plan", "baseline", READINGS, parts)
    for each, (indicator, year) in zip(found, READINGS, strict=True):
        plan, base = (values_of(case, indicator, region, s, year) for s in ("plan", "baseline"))
        sound = ~np.isnan(each.total)
        assert sound.sum() > 70
        np.testing.assert_allclose(each.total[sound], (plan - base)[sound], rtol=1e-9, atol=1e-12)
        assert each.values.shape == (len(parts), case.n_draw)


def test_a_lever_alone_contributes_the_whole_and_one_at_rest_nothing(case: Case) -> None:
    moved = _with_levers(case, technology=0.003, research=0.0)
    parts = parts_of(moved, "songbei", "plan", "baseline")
    (found,) = contributions(moved, "songbei", "plan", "baseline", READINGS[:1], parts)
    technology, research = found.values
    np.testing.assert_array_equal(research[~np.isnan(research)], 0)
    np.testing.assert_allclose(technology, found.total)
    assert np.nanmin(technology) > 0


def test_grouped_levers_get_the_sum_if_no_others_are_left(case: Case) -> None:
    groups = {"all": levers_of(case, "qiqihar", "plan", "baseline")}
    parts = parts_of(case, "qiqihar", "plan", "baseline", groups)
    assert list(parts) == ["all"]
    table = contribution_table(case, READINGS, ["qiqihar"], "plan", "baseline", groups)
    for _, rows in table.groupby("indicator"):
        first, total = rows.to_dict("records")
        assert total["part"] == "total"
        assert first["p50"] == pytest.approx(total["p50"])


def test_means_of_the_table_add_up_in_the_sum_of_regions_too(case: Case) -> None:
    named = {
        "people": ("migration",),
        "money": ("interest rate", "transfer"),
        "sectors": ("farm productivity", "industry efficiency", "services efficiency"),
        "works": ("market investment", "contract realisation"),
    }
    table = contribution_table(case, READINGS, ["hachang_zone"], "plan", "baseline", named)
    for _, rows in table.groupby("indicator"):
        assert set(rows["part"]) == {*named, "integration", "total"}
        means = rows.set_index("part")["mean"]
        assert means.drop("total").sum() == pytest.approx(means["total"])
        assert (rows["n"] + rows["n_failed"] == case.n_draw).all()


def test_draws_that_do_not_double_in_every_run_are_left_out(case: Case) -> None:
    doubling = INDICATORS["GDP doubling year"]
    parts = parts_of(case, "songbei", "plan", "baseline")
    (found,) = contributions(case, "songbei", "plan", "baseline", [(doubling, 2035)], parts)
    plan, base = (values_of(case, doubling, "songbei", s, 2035) for s in ("plan", "baseline"))
    counted = ~np.isnan(found.total)
    assert 0 < counted.sum() < np.isfinite(plan).sum()
    np.testing.assert_allclose(found.total[counted], plan[counted] - base[counted], atol=1e-9)
    assert (found.total[counted] <= 0).all()


def test_depth_and_year_of_a_shock_are_one_part(case: Case) -> None:
    moved = _with_levers(case, second_shock_depth=0.05, second_shock_year=2030.0, technology=0.002)
    assert set(parts_of(moved, "songbei", "plan", "baseline")) == {SHOCK, "technology"}
    readings = [(INDICATORS["GDP"], 2030)]
    parts = parts_of(moved, "songbei", "plan", "baseline")
    (found,) = contributions(moved, "songbei", "plan", "baseline", readings, parts)
    plan = values_of(moved, INDICATORS["GDP"], "songbei", "plan", 2030)
    base = values_of(moved, INDICATORS["GDP"], "songbei", "baseline", 2030)
    np.testing.assert_allclose(found.total, plan - base)
    assert np.nanmax(found.values[list(parts).index(SHOCK)]) < 0


def test_many_parts_are_sampled_with_their_error(case: Case) -> None:
    parts = parts_of(case, "songbei", "plan", "baseline")
    (exact,) = contributions(case, "songbei", "plan", "baseline", READINGS[:1], parts)
    assert np.isnan(exact.errors).all()
    effort = Effort(exact_parts=2, n_pair=20)
    (rough,) = contributions(case, "songbei", "plan", "baseline", READINGS[:1], parts, effort)
    assert (exact.orders, rough.orders) == ("all", "40 sampled")
    np.testing.assert_allclose(rough.total, exact.total)
    gap = np.nanmean(rough.values, axis=1) - np.nanmean(exact.values, axis=1)
    assert (np.abs(gap) <= 5 * rough.errors + 1e-9).all()


def test_a_lever_and_a_constant_of_one_name_both_count(case: Case) -> None:
    """A change that both scenarios make does not hide a lever that one of them moves."""
    change = {"songbei": {"interest rate": UncertaintyEntry(plus=0.01, source="assumption")}}
    moved = _with_levers(case, interest_rate=-0.01)
    scenarios = tuple(
        replace(each, file=each.file.model_copy(update={"uncertainties": change}))
        for each in moved.study.scenarios
    )
    both = replace(moved, study=replace(moved.study, scenarios=scenarios))
    name = scenarios[-1].name
    assert "interest rate" in levers_of(both, "songbei", name, "baseline")


def test_what_does_not_fit_is_named(case: Case) -> None:
    with pytest.raises(RunError, match="moves no lever there that 'baseline' does not"):
        contribution_table(case, READINGS, ["songbei"], "baseline", "baseline")
    with pytest.raises(RunError, match=r"does not move 'reserch'\. Did you mean 'research'"):
        parts_of(case, "qiqihar", "plan", "baseline", {"science": ("reserch",)})
    twice = {"one": ("research",), "other": ("research",)}
    with pytest.raises(RunError, match="'research' stands in two groups"):
        parts_of(case, "qiqihar", "plan", "baseline", twice)
    for name in ("migration", "total", SHOCK):
        with pytest.raises(RunError, match=f"group '{name}': a part of its own has that name"):
            parts_of(case, "qiqihar", "plan", "baseline", {name: ("research",)})
