"""What set each parameter is said of figures, of other regions' figures and of none."""

from dataclasses import replace

import numpy as np
import pytest
from small_region import OBSERVATIONS, PRIORS, UNTOUCHED, calibrate_here, make_region

from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.verdicts import (
    VERDICT_COLUMNS,
    Verdict,
    evidence_table,
    judge,
    pair_table,
    verdict_table,
)
from simdyn.engine.model import Model
from simdyn.facts.collection import Facts

FACT = "shuangcheng.gdp.level.2020"
POOLED = tuple(
    p.model_copy(update={"pooling": 0.9}) if p.parameter == "technology growth trend" else p
    for p in PRIORS
)


@pytest.fixture(scope="module")
def two(growth_model: Model, problem: Problem) -> Calibration:
    """One region with figures and one that only hears of them, with one pooled parameter."""
    figures = tuple(o.model_copy(update={"facts": FACT}) for o in OBSERVATIONS)
    known = replace(problem, region=make_region("known", POOLED, figures))
    bare = Problem(make_region("bare", POOLED, ()), growth_model, {}, np.empty(0))
    return calibrate_here({"known": known, "bare": bare}, 2000, 1)


def test_verdicts(two: Calibration) -> None:
    judged = judge(two)
    known, bare = judged["known"], judged["bare"]
    assert [each.verdict for each in known] == [Verdict.SET] * 3 + [Verdict.PRIOR]
    assert known[0].words.startswith("set by: nominal GDP level")
    assert known[2].figures[0][0].observation.label == "fixed asset investment sum"
    assert known[UNTOUCHED].words == "prior only"
    assert bare[1].verdict is Verdict.POOLED
    assert bare[1].other_regions == pytest.approx(1)
    assert [each.verdict for n, each in enumerate(bare) if n != 1] == [Verdict.PRIOR] * 3


def test_verdict_table_names_figures_and_where_they_stand(two: Calibration, facts: Facts) -> None:
    table = verdict_table(two, facts)
    assert list(table.columns) == VERDICT_COLUMNS
    assert len(table) == 8
    first = table.iloc[0]
    assert first["layer"] == "documents"
    assert "shuangcheng-14fyp-2022" in first["documents"]
    assert first["prior_p5"] < first["p5"] <= first["p95"] < first["prior_p95"]
    assert table.iloc[5]["figures"].startswith("Test: ")
    evidence = evidence_table(two)
    assert evidence.loc[0, "worth"] == pytest.approx(3, abs=0.1)
    assert evidence[[v.value for v in Verdict]].sum(axis=1).tolist() == [4, 4]


def test_a_pair_that_is_known_as_a_product(two: Calibration) -> None:
    rng = np.random.default_rng(1)
    points = rng.standard_normal((1, 4000, two.posterior.n_coordinate))
    level = two.posterior.names.index(("initial GDP", "known"))
    rate = two.posterior.names.index(("market investment rate", "known"))
    points[..., rate] = -points[..., level] + 0.1 * rng.standard_normal((1, 4000))
    planted = Calibration(two.posterior, two.fit, replace(two.sample, points=points))
    table = pair_table(planted)
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["first"], row["second"]) == ("initial GDP", "market investment rate")
    assert row["known"] == "product"
    assert row["correlation"] < -0.99
    assert row["shrinkage_together"] > 0.99
    assert abs(row["shrinkage_first"]) < 0.1
