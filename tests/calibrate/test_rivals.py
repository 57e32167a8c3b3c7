"""Rivals say what the facts say, with spreads from the history of growth."""

import numpy as np
import pytest
from small_region import PRIORS, make_region, observe

from simdyn.calibrate.linear import Figure
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.rivals import AVERAGE, LAST, PLAN, REFERENCE, Average, Spreads, rivals
from simdyn.calibrate.structural import region_gap
from simdyn.engine.model import Model
from simdyn.facts.collection import Facts
from simdyn.regions import Operator

SPREADS = Spreads(gdp=1.2, other=3.6, walk=1.0, plan=1.5, reference=2.0)


def _rivals(model: Model, facts: Facts, fact: str, operator: Operator, *averages: Average):
    year = facts[fact].period.years[-1]
    one = observe(operator, "GDP", year, year, 1.0).model_copy(update={"facts": fact})
    problem = Problem(make_region("qiqihar", PRIORS, (one,)), model, {}, np.zeros(1))
    found = rivals(Figure(problem, 0), facts, SPREADS, averages)
    return {each.name: each.predictive for each in found}


def test_rivals_of_growth(growth_model: Model, facts: Facts) -> None:
    average = Average("qiqihar", "gdp", 2020, 4, 5.4)
    found = _rivals(growth_model, facts, "qiqihar.gdp.growth_yoy.2021", Operator.GROWTH, average)
    assert {name: each.mean for name, each in found.items()} == {
        LAST: 3.5,
        AVERAGE: 5.4,
        REFERENCE: 6.1,
    }
    assert found[LAST].sd == pytest.approx(np.sqrt(1 + 2 * 1.2**2))
    walked = (4**2 + 3**2 + 2**2 + 1) / 4**2
    assert found[AVERAGE].sd == pytest.approx(np.sqrt(walked + 1.25 * 1.2**2))


def test_rivals_of_other_quantities_are_wider(growth_model: Model, facts: Facts) -> None:
    name = "qiqihar.general_budget_revenue.growth_yoy.2021"
    found = _rivals(growth_model, facts, name, Operator.GROWTH)
    assert list(found) == [REFERENCE]
    assert found[REFERENCE].mean == pytest.approx(100 * (1300.5 / 1152.5 - 1))
    assert found[REFERENCE].sd == pytest.approx(6.0)


def test_rivals_of_a_level_start_at_the_last_one(growth_model: Model, facts: Facts) -> None:
    found = _rivals(growth_model, facts, "qiqihar.gdp.level.2020", Operator.LEVEL)
    assert found[LAST].mean == pytest.approx(1128.9 * 1.06)
    assert found[LAST].sd == pytest.approx(11.289 * np.sqrt(1 + 2 * 1.2**2))
    assert PLAN not in found


def test_nothing_is_foretold_without_facts(growth_model: Model, facts: Facts) -> None:
    name = "shuangcheng.gdp.growth_annual_average.2016-2020"
    assert _rivals(growth_model, facts, name, Operator.AVERAGE_GROWTH) == {}
    # Above 500 is a bound: no forecast of it can be scored as one of a value.
    assert _rivals(growth_model, facts, "songbei.gdp.level.2020", Operator.LEVEL) == {}


def test_spreads_are_those_of_the_facts(facts: Facts) -> None:
    spreads = Spreads.of(facts)
    assert 0 < spreads.walk < spreads.persisting("gdp", 1)
    assert spreads.persisting("general_budget_revenue", 1) > spreads.persisting("gdp", 1)
    gap = region_gap(facts, "heilongjiang")
    assert spreads.reference == gap.sd
    for pair in gap.pairs:
        first, second = facts[pair.first], facts[pair.second]
        assert second.region == "heilongjiang" != first.region
        assert first.period == second.period
        assert first.vintage == second.vintage
