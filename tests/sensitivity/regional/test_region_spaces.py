"""What a row of a design sets in the model: priors, draws, limits, strengths, and what holds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import ks_2samp

from simdyn.answers.case import Case
from simdyn.arrays import Array
from simdyn.calibrate.priors import coordinate, parameter
from simdyn.regions import Distribution, Prior, Scope
from simdyn.scenarios import Scenario, ScenarioFile, constant_of
from simdyn.sensitivity.designed.design import saltelli
from simdyn.sensitivity.regional.inputs import Kind, over_shares
from simdyn.sensitivity.regional.outcomes import outcomes_of, values_of
from simdyn.sensitivity.regional.runs import SpaceRuns
from simdyn.sensitivity.regional.space import (
    SECTOR_SHARES,
    middle,
    on_both,
    on_levers,
    on_priors,
    on_strengths,
    turned_levers,
)

ONE, ZONE = "qiqihar", "hachang_zone"
OUTCOMES = outcomes_of(["GDP", "population", "Debt"], [2020, 2035])
LEVELS = outcomes_of(["GDP", "population", "budget revenue"], [2020, 2028, 2035])


def _prior(name: str, shape: Distribution, centre: float, spread: float) -> Prior:
    return Prior(
        parameter=name, distribution=shape, centre=centre, spread=spread, unit="Dmnl",
        applies_to=Scope.MODEL, source="test",
    )  # fmt: skip


def _scenario(**entries: object) -> Scenario:
    told = {"name": "made", "title": "Made up", "title_zh": "虚构", "description": "Made up."}
    return Scenario(ScenarioFile.model_validate({**told, **entries}), Path("made.toml"))


@pytest.fixture(scope="module")
def baseline(real_case: Case) -> Scenario:
    return real_case.study.reference


@pytest.mark.parametrize("shape", list(Distribution))
def test_a_coordinate_is_a_parameter_turned_round(shape: Distribution) -> None:
    prior = _prior("a", shape, 0.0 if shape is Distribution.HALF_NORMAL else 2.0, 0.5)
    z = np.array([-3.0, -0.5, 0.0, 1.0, 3.0])
    np.testing.assert_allclose(coordinate(prior, parameter(prior, z)), z, atol=1e-8)


@pytest.mark.parametrize("shape", [Distribution.NORMAL, Distribution.LOGNORMAL])
def test_shares_of_a_whole_have_their_priors_where_both_fit(shape: Distribution) -> None:
    spread = 0.1 if shape is Distribution.NORMAL else 0.25
    first, second = _prior("a", shape, 0.4, spread), _prior("b", shape, 0.5, spread)
    found = over_shares(first, second)(np.random.default_rng(7).random((2**15, 2)))
    one, other = np.asarray(found["a"]), np.asarray(found["b"])
    assert (one + other < 1).all()
    z = np.random.default_rng(1).standard_normal((2, 400_000))
    drawn = parameter(first, z[0]), parameter(second, z[1])
    fits = drawn[0] + drawn[1] < 1
    assert 0.5 < fits.mean() < 0.9
    for mine, theirs in ((one, drawn[0]), (other, drawn[1]), (one + other, sum(drawn))):
        assert ks_2samp(mine, theirs[fits]).pvalue > 0.05


def test_priors_of_a_region(real_case: Case, baseline: Scenario) -> None:
    space = on_priors(real_case, ONE, baseline)
    rows = np.random.default_rng(2).random((50, len(space.problem.names)))
    found = space.parameters(ONE, rows)
    priors = {p.parameter: p for p in real_case.calibrated[ONE].problem.region.priors}
    for name in ("capital output ratio", "initial population", "growth drift from 2026"):
        z = ndtri(rows[:, space.problem.names.index(name)])
        np.testing.assert_allclose(np.asarray(found[name]), parameter(priors[name], z))
    shares = [np.asarray(found[f"initial {name} share"]) for name in ("primary", "services")]
    assert (sum(shares) < 1).all()
    assert SECTOR_SHARES in space.problem.inputs
    assert all(item.kind is Kind.UNCERTAINTY for item in space.inputs)
    assert set(real_case.calibrated[ONE].problem.fixed) <= set(found)


def test_priors_of_a_sum_keep_what_regions_share(real_case: Case, baseline: Scenario) -> None:
    space = on_priors(real_case, ZONE, baseline)
    rows = np.random.default_rng(3).random((20_000, len(space.problem.names)))
    z = []
    for part in ("shuangcheng", "hachang_rest"):
        priors = {p.parameter: p for p in real_case.calibrated[part].problem.region.priors}
        found = space.parameters(part, rows)
        z.append(
            [
                coordinate(priors[name], np.asarray(found[name]))
                for name in ("birth rate", "initial population")
            ]
        )
        np.testing.assert_allclose(np.std(z[-1], axis=1), 1, atol=0.02)
    pooling = priors["birth rate"].pooling
    assert np.corrcoef(z[0][0], z[1][0])[0, 1] == pytest.approx(pooling, abs=0.02)
    assert np.corrcoef(z[0][1], z[1][1])[0, 1] == pytest.approx(0, abs=0.02)
    assert space.problem.inputs.count("birth rate") == 1


def test_draws_stay_whole_and_parts_take_the_same(real_case: Case, baseline: Scenario) -> None:
    space = on_both(real_case, ZONE, baseline, turned_levers(real_case))
    rows = np.full((3, len(space.problem.names)), 0.5)
    rows[:, 0] = [0.0, 0.25, 1 - 1e-12]
    picked = [0, 150, 599]
    for part in ("shuangcheng", "hachang_rest"):
        calibrated = real_case.calibrated[part]
        expected = calibrated.problem.model_parameters(calibrated.draws[:, picked])
        found = space.parameters(part, rows)
        for name, values in expected.items():
            np.testing.assert_array_equal(np.asarray(found[name]), values)
    assert space.problem.inputs == ("uncertainties", "policy levers", "outside conditions")


def test_levers_go_from_limit_to_limit(real_case: Case, baseline: Scenario) -> None:
    levers = turned_levers(real_case)
    space = on_levers(real_case, ONE, baseline, levers)
    rows = np.array([np.zeros(len(levers)), np.ones(len(levers))])
    found = space.parameters(ONE, rows)
    for lever in levers:
        np.testing.assert_allclose(
            np.asarray(found[f"{lever.lever} lever"]), [lever.low, lever.high]
        )
    assert {item.kind for item in space.inputs} == {Kind.POLICY, Kind.OUTSIDE}


def test_a_lever_that_is_turned_follows_no_course(real_case: Case) -> None:
    dated = {"path": {"2024": 0.1}, "source": "assumption"}
    changed = {"value": 0.05, "source": "assumption"}
    scenario = _scenario(
        levers={"all": {"tax": dated}}, uncertainties={"all": {"interest rate": changed}}
    )
    levers = turned_levers(real_case)
    rows = np.full((2, len(levers)), 0.5)
    turned = on_levers(real_case, ONE, scenario, levers).parameters(ONE, rows)
    assert "tax policy" not in turned
    np.testing.assert_array_equal(np.asarray(turned["interest rate"]), [0.05, 0.05])
    others = [lever for lever in levers if lever.lever != "tax"]
    kept = on_levers(real_case, ONE, scenario, others).parameters(ONE, rows[:, 1:])
    assert "tax policy" in kept


def _at_best(real_case: Case, scenario: Scenario) -> Array:
    """Return levels at the best fit under a scenario, by the way that studies are run."""
    one = real_case.calibrated[ONE]
    best = replace(one, draws=np.repeat(one.best[:, None], real_case.n_draw, axis=1))
    years = replace(real_case, calibrated={ONE: best}).run(ONE, [scenario])
    return values_of(LEVELS, years)[0]


def test_full_strength_is_the_scenario_and_none_the_trend(
    real_case: Case, baseline: Scenario
) -> None:
    entries = {
        "tax": {"value": 0.1},
        "interest rate": {"value": 0.01},
        "births": {"ramp": {"from": 2024, "to": 2030, "value": 0.2}},
        "migration": {"switch": {"from": 2025, "until": 2031, "value": 0.01}},
        "technology": {"path": {"2022": 0.002, "2028": 0.004}},
        "second shock depth": {"value": 0.1},
        "second shock year": {"value": 2027},
    }
    sourced = {name: {**entry, "source": "assumption"} for name, entry in entries.items()}
    scenario = _scenario(levers={"all": sourced})
    space = on_strengths(real_case, ONE, scenario)
    # The year of the shock is held: between it and none there is nothing to turn.
    turned = [constant_of(name) for name in list(entries)[:-1]]
    assert [item.name for item in space.inputs[-len(turned) :]] == turned
    middles = (
        middle(real_case.calibrated[ONE], item.name) for item in space.inputs[: -len(turned)]
    )
    best = [-low / (high - low) for low, high in middles]
    rows = np.array([[*best, *np.full(len(turned), strength)] for strength in (0.0, 1.0)])
    runs = SpaceRuns(real_case, space, LEVELS)
    found = np.exp(runs(rows) / 100)
    for values, setting in zip(found, (baseline, scenario), strict=True):
        np.testing.assert_allclose(values, _at_best(real_case, setting), rtol=1e-9)
    assert (found[0] != found[1]).any()


def test_runs_do_not_depend_on_what_is_run_beside(real_case: Case, baseline: Scenario) -> None:
    runs = SpaceRuns(real_case, on_priors(real_case, ZONE, baseline), OUTCOMES)
    rows = np.random.default_rng(4).random((1500, len(runs.space.problem.names)))
    whole = runs(rows)
    np.testing.assert_array_equal(whole[1100:1110], runs(rows[1100:1110]))
    assert whole.shape == (1500, len(OUTCOMES))


def test_a_sum_is_the_sum_of_its_parts(real_case: Case, baseline: Scenario) -> None:
    levers = turned_levers(real_case)
    rows = np.random.default_rng(5).random((4, len(levers)))
    spaces = [on_levers(real_case, key, baseline, levers) for key in (ZONE, "shuangcheng")]
    spaces.append(on_levers(real_case, "hachang_rest", baseline, levers))
    zone, *parts = (SpaceRuns(real_case, space, OUTCOMES).years(rows) for space in spaces)
    total = sum(part.values["GDP"] for part in parts)
    np.testing.assert_allclose(zone.values["GDP"], total, rtol=1e-12)


def test_a_run_that_fails_is_nan(real_case: Case, baseline: Scenario) -> None:
    space = on_priors(real_case, ONE, baseline)
    broken = {
        key: replace(held, constants={**held.constants, "initial GDP": float("nan")})
        for key, held in space.held.items()
    }
    without = tuple(t for t in space.turns[ONE] if "initial GDP" not in t(np.full((1, 99), 0.5)))
    runs = SpaceRuns(real_case, replace(space, held=broken, turns={ONE: without}), OUTCOMES)
    assert np.isnan(runs(np.full((2, len(space.problem.names)), 0.5))).all()


def test_a_design_of_a_space_has_the_inputs_of_the_space(
    real_case: Case, baseline: Scenario
) -> None:
    space = on_priors(real_case, ZONE, baseline)
    design = saltelli(space.problem, 32, 1)
    assert len(design.rows) == 32 * (2 * len(space.inputs) + 2)
    assert tuple(item.name for item in space.inputs) == space.problem.inputs


def test_what_a_scenario_sets_to_one_value_is_not_varied(real_case: Case) -> None:
    changes = {
        "interest rate": {"value": 0.05, "source": "assumption"},
        "birth rate": {"times": 0.9, "source": "assumption"},
    }
    scenario = _scenario(uncertainties={"all": changes})
    for space in (on_priors(real_case, ONE, scenario), on_strengths(real_case, ONE, scenario)):
        names = {item.name for item in space.inputs}
        assert "interest rate" not in names
        assert "birth rate" in names
