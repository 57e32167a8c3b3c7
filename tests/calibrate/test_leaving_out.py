"""Leaving figures out by weights agrees with fitting without them; planted fights are found."""

from dataclasses import replace

import numpy as np
import pytest
from small_region import OBSERVATIONS, PRIORS, calibrate_here, make_region

from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.conflicts import (
    LOO_COLUMNS,
    fight_table,
    leave_out,
    loo_table,
    useless,
    without,
)
from simdyn.calibrate.fit import Fit
from simdyn.calibrate.leaving_out import USELESS, By, moved, moved_to, weigh
from simdyn.calibrate.linear import Linear
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.refit import refit
from simdyn.facts.collection import Facts

ERRORS = (30.0, 0.6, 100.0, 10.0)
"""Wide enough that the prior speaks too."""


@pytest.fixture(scope="module")
def fighting(problem: Problem) -> Calibration:
    """Two readings of one level that contradict each other, and two other figures."""
    again = OBSERVATIONS[0].model_copy(update={"label": "nominal GDP again"})
    figures = tuple(
        o.model_copy(update={"sd": sd, "facts": "shuangcheng.gdp.level.2020"})
        for o, sd in zip((*OBSERVATIONS, again), ERRORS, strict=True)
    )
    reported = np.append(problem.reported, problem.reported[0] * 1.3)
    region = make_region("test", PRIORS, figures)
    mixed = replace(problem, region=region, reported=reported)
    return calibrate_here({"test": mixed}, 4000, 2)


def test_a_planted_fight_is_found(fighting: Calibration) -> None:
    fights = fight_table(fighting)
    first = fights.iloc[0]
    assert {first["figure"], first["other"]} == {"nominal GDP level", "nominal GDP again"}
    assert abs(first["z"]) > 2.5
    assert abs(first["z_without_other"]) < 1.0
    assert "without 'nominal GDP" in first["words"]


def test_leaving_out_by_weights_is_fitting_without(fighting: Calibration, facts: Facts) -> None:
    weighed = weigh(fighting)
    hard = useless(weighed)
    problems = fighting.posterior.problems
    again = [refit(without(problems, figure, 5)) for figure in hard]
    found = leave_out(weighed, again, np.random.default_rng(1))
    for n in (0, 2):
        each, fitted = found[n], refit(without(problems, found[n].figure, 6))
        z = fitted.draws["test"]
        answers = each.figure.problem.answers(z)[each.figure.place]
        sd = np.hypot(answers.std(), each.figure.observation.sd)
        assert each.predictive.mean == pytest.approx(answers.mean(), abs=0.2 * sd)
        assert each.predictive.sd == pytest.approx(sd, rel=0.2)
    table = loo_table(found, facts)
    assert list(table.columns) == LOO_COLUMNS
    assert table["flag"].tolist() == ["!" if abs(z) > 2 else "" for z in table["z"]]
    assert table["flag"].tolist()[3] == "!"


def test_moved_draws_are_those_without_the_figure_if_all_is_linear() -> None:
    rng = np.random.default_rng(3)
    jacobian, figures = 3 * rng.standard_normal((4, 3)), rng.standard_normal(4)
    covariance = np.linalg.inv(np.eye(3) + jacobian.T @ jacobian)
    best = covariance @ jacobian.T @ figures
    apart = np.linalg.inv(np.eye(4) + jacobian @ jacobian.T)
    linear = Linear((), jacobian @ best - figures, jacobian, apart)
    points = rng.multivariate_normal(best, covariance, 400_000).T
    rest = jacobian[1:]
    wider = np.linalg.inv(np.eye(3) + rest.T @ rest)
    there = moved(linear, best, points, 0)
    np.testing.assert_allclose(there.mean(axis=1), wider @ rest.T @ figures[1:], atol=0.01)
    np.testing.assert_allclose(np.cov(there), wider, atol=0.01)


def test_draws_are_moved_from_one_gaussian_to_another() -> None:
    rng = np.random.default_rng(4)
    old, new = (
        Fit(rng.standard_normal(3), root @ root.T, 0.0, (0.0,))
        for root in rng.standard_normal((2, 3, 3))
    )
    points = rng.multivariate_normal(old.point, old.covariance, 400_000).T
    there = moved_to(new, old, points)
    np.testing.assert_allclose(there.mean(axis=1), new.point, atol=0.01)
    np.testing.assert_allclose(np.cov(there), new.covariance, atol=0.01)


def test_exact_figures_need_moved_draws(problem: Problem) -> None:
    found = calibrate_here({"test": problem}, 1000, 3)
    weighed = weigh(found)
    # Each of three exact figures alone fixes a parameter: plain weights can have no use.
    assert By.WEIGHTS not in {each.by for each in weighed if each.k <= USELESS}
