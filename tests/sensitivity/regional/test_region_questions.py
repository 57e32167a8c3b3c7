"""Questions put to real regions, against other ways to the same answers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from simdyn.answers.case import Case
from simdyn.errors import RunError
from simdyn.regions import Discrepancy, Operator
from simdyn.report.words.sensitivity import sensitivity_section
from simdyn.sensitivity.designed import Precision
from simdyn.sensitivity.given import Crossed
from simdyn.sensitivity.regional import (
    Plan,
    Question,
    Sensitivity,
    ask,
    find_questions,
    outcomes_of,
)
from simdyn.sensitivity.regional.corners import Corners
from simdyn.sensitivity.regional.outcomes import LOG_POINTS, values_of
from simdyn.sensitivity.regional.posterior import (
    MOVED,
    PRIOR,
    SET,
    STRUCTURAL,
    check_draws,
    drawn,
    job_of,
    noise_sd,
    run_scenarios,
    with_draws,
)  # fmt: skip
from simdyn.sensitivity.regional.runs import SpaceRuns
from simdyn.sensitivity.regional.shares import shares
from simdyn.sensitivity.regional.space import on_priors, turned_levers
from simdyn.sensitivity.regional.tornado import tornado_table

ONE, ZONE = "qiqihar", "hachang_zone"
TOLD = outcomes_of(["GDP", "population"], [2035])
PLAN = Plan(
    outcomes=outcomes_of(["GDP", "population"], [2016, 2035]),
    told=TOLD,
    most_runs=40_000,
    draws=600,
    trajectories=4,
    n_half=4,
)


class Quiet:
    """Progress that only counts."""

    def __init__(self) -> None:
        self.wanted = self.done = 0

    def stage(self, _: str, total: int) -> None:
        self.wanted += total

    def advance(self, _: str, steps: int = 1) -> None:
        self.done += steps


@pytest.fixture(scope="module")
def found(real_case: Case) -> Sensitivity:
    progress = Quiet()
    answer = ask(real_case, PLAN, progress, [ONE, ZONE])
    assert progress.done == progress.wanted > 0
    return answer


def test_levels_are_told_on_a_logarithmic_scale_and_debt_in_its_unit() -> None:
    gdp, debt, growth = outcomes_of(["GDP", "Debt", "GDP growth 2026-2035"], [2030])
    assert (gdp.label, gdp.scale) == ("GDP 2030", LOG_POINTS)
    assert (debt.label, debt.scale) == ("Debt 2030", "100 million CNY, current prices")
    assert (growth.label, growth.scale) == ("GDP growth 2026-2035", "percent a year")
    np.testing.assert_allclose(gdp.on_scale(np.array([1.0, np.e])), [0, 100])
    np.testing.assert_array_equal(debt.on_scale(np.array([-1.0, 2.0])), [-1, 2])


def test_all_indicators_that_runs_give_can_be_asked_for() -> None:
    every = outcomes_of(["all"])
    assert {"transfer ratio 2016", "debt ratio 2035", "population growth 2021-2035"} <= {
        outcome.label for outcome in every
    }
    with pytest.raises(RunError, match="unknown indicator 'GPD'"):
        outcomes_of(["GPD"])


@pytest.mark.parametrize("name", ["GDP doubling year", "GDP per registered head 2020"])
def test_indicators_that_runs_alone_do_not_give_are_refused(name: str) -> None:
    with pytest.raises(RunError, match=r"no number in every run|evidence"):
        outcomes_of([name])


def test_first_order_is_the_variance_that_one_input_explains(real_case: Case) -> None:
    """A straight line through the scores explains as much of these outcomes, to a few percent."""
    plan = replace(PLAN, precision=Precision(half_width=0.02), most_runs=120_000)
    table = shares(real_case, Question.PRIORS, ONE, real_case.study.reference, plan).indices
    space = on_priors(real_case, ONE, real_case.study.reference)
    rows = np.random.default_rng(1).random((20_000, len(space.problem.names)))
    values = SpaceRuns(real_case, space, TOLD)(rows)
    for outcome, y in zip(TOLD, values.T, strict=True):
        rows_of = table[(table["indicator"] == outcome.indicator.name) & (table["year"] == 2035)]
        indices = rows_of.set_index("input")["first"]
        for name in ("initial GDP", "growth drift from 2021", "initial population", "birth rate"):
            z = ndtri(rows[:, space.problem.names.index(name)])
            explained = np.corrcoef(z, y)[0, 1] ** 2
            assert indices[name] == pytest.approx(explained, abs=0.03)


def test_every_question_is_answered_for_every_region(found: Sensitivity) -> None:
    for question in (Question.PRIORS, Question.LEVERS, Question.BOTH):
        rows = found.rows("sobol", question=question.value)
        assert set(rows["region"]) == {ONE, ZONE}
        assert np.isfinite(rows[["first", "total", "first_low", "total_high"]]).all(axis=None)
        assert (rows["total_low"] <= rows["total"]).all()
    methods = found.tables["posterior"].groupby("region")["method"].agg(set)
    assert all(each == {"Shapley", "PAWN", "RBD-FAST"} for each in methods)
    stages = found.tables["stages"]
    assert set(zip(stages["region"], stages["question"], strict=True)) == {
        (region, question.value)
        for region in (ONE, ZONE)
        for question in Question
        if question is not Question.POSTERIOR
    }


def test_what_levers_cannot_have_moved_is_excluded_by_name(found: Sensitivity) -> None:
    excluded = found.rows("excluded", region=ONE, question="levers only")
    assert set(excluded["outcome"]) == {"GDP 2016", "population 2016"}
    assert set(excluded["reason"]) == {"constant"}
    levers = found.rows("sobol", region=ONE, question="levers only")
    assert set(levers["year"]) == {2035}


def test_sources_add_up(found: Sensitivity) -> None:
    sources = found.tables["sources"]
    sums = sources.groupby(["region", "indicator"])["share"].sum()
    np.testing.assert_allclose(sums, 1)
    assert {PRIOR, STRUCTURAL, "policy", "solver", "noise of single years"} <= set(
        sources["source"]
    )


def test_origins_are_told_by_what_is_left_of_a_prior(real_case: Case) -> None:
    one = real_case.calibrated[ONE]
    narrow = one.draws.copy()
    names = [prior.parameter for prior in one.problem.region.priors]
    for name, width in (("initial GDP", 0.1), ("birth rate", 0.9), ("growth drift from 2021", 0.1)):
        row = names.index(name)
        narrow[row] *= width / narrow[row].std()
    narrow[names.index("interest rate")] /= narrow[names.index("interest rate")].std()
    case = replace(real_case, calibrated={ONE: replace(one, draws=narrow)})
    job = job_of(case, ONE, case.study.reference, case.study.policy, PLAN)
    assert job.origins["initial GDP"] == SET
    assert job.origins["birth rate"] == MOVED
    assert job.origins["interest rate"] == PRIOR
    assert job.origins["growth drift from 2021"] == STRUCTURAL


def test_shapley_effects_of_a_sum_are_of_parameters(found: Sensitivity) -> None:
    shapley = found.rows("posterior", region=ZONE, method="Shapley", indicator="GDP")
    assert shapley["input"].is_unique
    assert "birth rate" in set(shapley["input"])
    single = found.rows("posterior", region=ZONE, method="PAWN", indicator="GDP")
    assert "birth rate, Shuangcheng" in set(single["input"])


def test_same_seed_same_bits(real_case: Case, found: Sensitivity) -> None:
    again = ask(real_case, replace(PLAN, questions=(Question.BOTH,)), Quiet(), [ONE])
    for name in ("sobol", "stages", "convergence"):
        first = found.rows(name, region=ONE, question=Question.BOTH.value)
        pd.testing.assert_frame_equal(
            first.reset_index(drop=True), again.tables[name], check_exact=True
        )
    for name in ("screening", "tornado"):
        first = found.rows(name, region=ONE).reset_index(drop=True)
        pd.testing.assert_frame_equal(first, again.tables[name], check_exact=True)
    assert "posterior" not in again.tables


def test_tornado_is_what_runs_at_the_ends_give(real_case: Case) -> None:
    study = real_case.study
    table = tornado_table(real_case, ONE, study.reference, turned_levers(real_case), TOLD)
    calibrated = real_case.calibrated[ONE]
    names = [prior.parameter for prior in calibrated.problem.region.priors]
    z = np.repeat(calibrated.best[:, None], real_case.n_draw, axis=1)
    low, high = np.percentile(calibrated.draws[names.index("initial GDP")], [10, 90])
    z[names.index("initial GDP"), 1:3] = low, high
    case = replace(real_case, calibrated={ONE: replace(calibrated, draws=z)})
    values = values_of(TOLD, case.run(ONE, [study.reference]))
    for n, outcome in enumerate(TOLD):
        row = table[(table["outcome"] == outcome.label) & (table["input"] == "initial GDP")].iloc[0]
        np.testing.assert_allclose(
            row[["centre", "at_low", "at_high"]].astype(float), values[:3, n], rtol=1e-12
        )
        assert row["span"] == pytest.approx(abs(values[2, n] - values[1, n]))
    ranked = table[table["outcome"] == "GDP 2035"]
    assert ranked["span"].is_monotonic_decreasing
    lever = ranked[ranked["input"] == "market investment lever"].iloc[0]
    assert (lever["low"], lever["high"], lever["kind"]) == (-0.8, 1.0, "policy lever")
    assert lever["at_low"] < lever["centre"] < lever["at_high"]


def test_ends_that_differ_between_parts_are_not_told(real_case: Case) -> None:
    table = tornado_table(real_case, ZONE, real_case.study.reference, (), TOLD)
    row = table[table["input"] == "initial GDP"].iloc[0]
    assert np.isnan(row["low"])
    assert row["at_low"] < row["centre"] < row["at_high"]


def test_noise_of_single_years() -> None:
    table = [
        Discrepancy(operator=Operator.GROWTH, variable="GDP", sd=1.2, source="test"),
        Discrepancy(operator=Operator.LEVEL, variable="nominal GDP", sd=2.0, source="test"),
    ]
    names = ["GDP", "nominal GDP", "Debt", "GDP growth 2026-2035", "debt ratio"]
    sd = [noise_sd(outcome, table) for outcome in outcomes_of(names, [2035])]
    np.testing.assert_allclose(sd, [1.2, 2.0, 0, 1.2 / np.sqrt(10), 0])


def test_drawn_inputs_are_those_that_are_run(real_case: Case) -> None:
    case = with_draws(real_case, 300)
    draws = drawn(case, ZONE)
    assert draws.z.shape == (300, len(draws.names))
    place = draws.names.index("initial GDP, Shuangcheng")
    calibrated = case.calibrated["shuangcheng"]
    expected = calibrated.problem.model_parameters(calibrated.thinned(300))["initial GDP"]
    np.testing.assert_allclose(draws.values[:, place], expected)
    values = run_scenarios(case, ZONE, [case.study.reference, case.study.policy], TOLD)
    assert values.shape == (300, 2, 2)
    years = case.run(ZONE, [case.study.policy])
    np.testing.assert_array_equal(values[:, 1], values_of(TOLD, years))


def test_the_corner_in_which_a_target_fails() -> None:
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(1000, 6)) * 0.01
    fails = ((inputs[:, 2] < -0.005) & (inputs[:, 4] > 0)).astype(float)
    fails[:7] = np.nan
    names = tuple(f"p{n}" for n in range(6))
    head = {"region": ONE, "basis": "fitted", "scenario": "plan", "target": "made up"}
    boxes, limits = Corners(head, inputs, names, ("1/Year",) * 6, fails, 1)()
    box = boxes.iloc[0]
    assert (box["n_draw"], box["n_fail"]) == (993, int(np.nansum(fails)))
    assert min(box["coverage"], box["density"], box["density_left_out"]) > 0.85
    found = limits.set_index("input")
    assert set(found.index) == {"p2", "p4"}
    assert found.loc["p2", "high"] == pytest.approx(-0.005, abs=0.001)
    assert found.loc["p4", "low"] == pytest.approx(0, abs=0.001)
    assert set(found["input_unit"]) == {"1/Year"}


@pytest.mark.parametrize(("share", "n"), [(0.0, 0), (1.0, 1000)])
def test_a_target_that_always_or_never_fails_has_a_note(share: float, n: int) -> None:
    inputs = np.random.default_rng(1).normal(size=(1000, 3))
    head = {"region": ONE, "basis": "fitted", "scenario": "plan", "target": "made up"}
    corners = Corners(head, inputs, ("a", "b", "c"), ("", "", ""), np.full(1000, share), 1)
    boxes, limits = corners()
    assert boxes.loc[0, "base"] == share
    assert f"fails in {n} draws" in boxes.loc[0, "note"]
    assert limits.empty


def test_questions_by_their_short_names() -> None:
    assert find_questions([]) == tuple(Question)
    assert find_questions(["both", "priors"]) == (Question.PRIORS, Question.BOTH)
    with pytest.raises(RunError, match=r"unknown question 'prior'\. Did you mean 'priors'"):
        find_questions(["prior"])


def test_a_refusal_says_region_and_question(real_case: Case) -> None:
    plan = replace(PLAN, most_runs=1000)
    with pytest.raises(RunError, match="Qiqihar, on priors: The first stage takes"):
        shares(real_case, Question.PRIORS, ONE, real_case.study.reference, plan)


def test_what_cannot_be_answered_is_refused_before_anything_is_run(real_case: Case) -> None:
    progress = Quiet()
    with pytest.raises(RunError, match="zone, on the posterior: 100 draws are too few") as refused:
        ask(real_case, replace(PLAN, draws=100), progress, [ZONE, ONE])
    least = int(str(refused.value).split("at least ")[1].rstrip("."))
    check_draws(real_case, ZONE, replace(PLAN, draws=least))
    with pytest.raises(RunError, match="let the study draw as many"):
        check_draws(_short(real_case), ZONE, replace(PLAN, draws=10**6))
    with pytest.raises(RunError, match=r"Qiqihar, levers only: .* of memory"):
        ask(
            real_case,
            replace(PLAN, most_runs=10**15, questions=(Question.LEVERS,)),
            progress,
            [ONE],
        )
    assert progress.done == progress.wanted == 0


def _short(case: Case) -> Case:
    regions = {key: replace(one, draws=one.draws[:, :90]) for key, one in case.calibrated.items()}
    return replace(case, calibrated=regions, n_draw=90)


def test_with_one_scenario_policy_has_no_share(real_case: Case) -> None:
    plan = replace(PLAN, questions=(Question.POSTERIOR,), outcomes=TOLD)
    baseline = real_case.study.reference
    found = ask(real_case, plan, Quiet(), [ONE], baseline, baseline)
    sources = found.tables["sources"]
    assert not sources["source"].str.contains("policy").any()
    np.testing.assert_allclose(sources.groupby("indicator")["share"].sum(), 1, atol=1e-12)
    text = sensitivity_section(real_case.study, found)
    assert "under 'baseline' alone" in text


def test_outcomes_that_draws_cannot_move_are_excluded_by_name(real_case: Case) -> None:
    told = outcomes_of(["GDP"], [2035])
    job = job_of(real_case, ONE, *real_case.study.scenarios, replace(PLAN, told=told))
    still = np.concatenate([job.crossed.outcomes, np.ones_like(job.crossed.outcomes)], axis=2)
    told_of = replace(job, crossed=Crossed(still), outcomes=("GDP 2035", "still"))()
    assert told_of.excluded == {"outcome": ["still"], "reason": ["the same value in every draw"]}


def test_an_outcome_of_a_period_has_its_path_and_is_named(real_case: Case) -> None:
    told = outcomes_of(["GDP growth 2021-2025"])
    plan = replace(PLAN, questions=(Question.LEVERS,), outcomes=told, told=told)
    found = ask(real_case, plan, Quiet(), [ONE])
    assert set(found.tables["convergence"]["indicator"]) == {"GDP growth 2021-2025"}
    assert "Of GDP growth 2021-2025 only the tables" in sensitivity_section(real_case.study, found)
    assert "scale" not in found.tables["tornado"]
