"""Widths from evidence: the files say what the facts give, and planted widths come back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simdyn.calibrate.structural import growth_drift, plan_fulfilment, yearly_noise
from simdyn.errors import FactError
from simdyn.facts.collection import Facts
from simdyn.facts.records import Fact, Layer, Moment, Period, Vintage
from simdyn.project import Project
from simdyn.records import read_table
from simdyn.regions import Operator, Prior, read_discrepancy

NOISY = (
    "industrial_value_added_above_scale",
    "fixed_asset_investment",
    "general_budget_revenue",
)
PLANTED = "heilongjiang.gdp.growth_yoy.2015"


def test_the_drift_of_the_priors_is_that_of_the_facts(root: Path, facts: Facts) -> None:
    drift = growth_drift(facts)
    priors = [p for _, p in read_table(Project(root).priors, Prior, FactError)]
    drifts = [p for p in priors if p.parameter.startswith("growth drift from")]
    assert len(drifts) == 3
    for prior in drifts:
        assert prior.centre == 0
        assert prior.spread == pytest.approx(round(drift.step / 100, 3))
        assert prior.pooling == pytest.approx(round(drift.pooling, 2))
        assert f"{len(drift.figures)} figures" in prior.note


def test_only_growth_of_one_vintage_before_the_epidemic_is_compared(facts: Facts) -> None:
    drift = growth_drift(facts)
    used = [facts[name] for name in drift.figures]
    assert {fact.region for fact in used} == {
        "daoli", "harbin_city", "heilongjiang", "jilin_province",
    }  # fmt: skip
    assert {fact.vintage for fact in used} == {Vintage.PRE_2018_CENSUS}
    assert max(fact.period.years[-1] for fact in used) < 2020
    assert {fact.layer for fact in used} == {Layer.PUBLIC}
    assert "shuangcheng.gdp.growth_annual_average.2011-2015" in drift.unused
    assert "daoli.gdp.growth_annual_average.2016-2019" in drift.unused


def test_the_discrepancies_are_those_of_the_facts(root: Path, facts: Facts) -> None:
    gdp, other = yearly_noise(facts, "gdp"), yearly_noise(facts, *NOISY)
    table = read_discrepancy(
        Project(root).discrepancy,
        {"GDP", "nominal GDP", "industry output", "fixed asset investment", "budget revenue"},
    )
    for row in table:
        noise = gdp if row.variable.endswith("GDP") else other
        assert row.sd == pytest.approx(round(noise.sd, 1))
        if row.operator is Operator.GROWTH and "pairs" in row.note:
            assert f"{len(noise.pairs)} pairs" in row.note


def test_plans_were_missed_more_often_than_beaten(facts: Facts) -> None:
    found = plan_fulfilment(facts)
    assert [round(pair.difference, 1) for pair in found.pairs] == [0.1, -2.9, -0.3, 0.4, -1.7]
    assert found.mean == pytest.approx(-0.88)
    assert found.rms == pytest.approx(1.52, abs=0.01)


def _planted(facts: Facts, growth: np.ndarray) -> Facts:
    """Return facts of yearly growth of shape (region, year)."""

    def rows() -> Iterator[Fact]:
        for region, path in enumerate(growth):
            for year, value in enumerate(path, start=2000):
                moment = Moment(year)
                yield replace(
                    facts[PLANTED],
                    id=f"{region}.{year}",
                    region=f"r{region}",
                    value=value,
                    printed=f"{value:.1f}",
                    period=Period(moment, moment),
                )

    return Facts({fact.id: fact for fact in rows()}, facts.registers)


def test_a_planted_walk_and_noise_come_back(facts: Facts) -> None:
    rng = np.random.default_rng(3)
    n_region, n_year, walk, pooling, noise = 12, 19, 1.0, 0.6, 0.8
    common, own = rng.standard_normal((1, n_year)), rng.standard_normal((n_region, n_year))
    steps = walk * (np.sqrt(pooling) * common + np.sqrt(1 - pooling) * own)
    growth = 8 + steps.cumsum(axis=1) + noise * rng.standard_normal((n_region, n_year))
    drift = growth_drift(_planted(facts, growth))
    assert drift.step == pytest.approx(walk * np.sqrt(51 / 15), rel=0.2)
    assert drift.pooling == pytest.approx(pooling, abs=0.2)
    assert drift.noise == pytest.approx(noise, rel=0.2)
    assert len(drift.figures) == n_region * n_year


def test_planted_noise_alone_comes_back(facts: Facts) -> None:
    growth = 5 + 1.5 * np.random.default_rng(4).standard_normal((20, 19))
    assert yearly_noise(_planted(facts, growth), "gdp").sd == pytest.approx(1.5, rel=0.1)


def test_the_step_between_five_year_means_of_a_walk() -> None:
    walks = np.random.default_rng(5).standard_normal((200_000, 10)).cumsum(axis=1)
    change = walks[:, 5:].mean(axis=1) - walks[:, :5].mean(axis=1)
    assert change.std() == pytest.approx(np.sqrt(51 / 15), rel=0.01)
