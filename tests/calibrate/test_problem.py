"""A problem takes its errors from the figures and from what single years differ by."""

import math

import pytest

from simdyn.calibrate.problem import make_problem
from simdyn.engine.model import Model
from simdyn.facts.collection import Facts
from simdyn.project import Project
from simdyn.study import read_study


def test_the_noise_of_single_years_is_in_the_error_of_a_figure(
    project: Project, growth_model: Model, facts: Facts
) -> None:
    study = read_study(project, project.scenarios / "study.toml")
    region = study.regions["qiqihar"]
    plain = make_problem(region, growth_model, facts)
    noisy = make_problem(region, growth_model, facts, discrepancy=study.discrepancy)
    sds = {
        o.label: (o.sd, n.sd)
        for o, n in zip(plain.region.observations, noisy.region.observations, strict=True)
    }
    noise = {(row.operator, row.variable): row.sd for row in study.discrepancy}
    growth = noise["growth", "GDP"]
    own, wide = sds["GDP growth 2020"]
    assert wide == pytest.approx(math.hypot(own, growth))
    own, wide = sds["GDP growth 2017-2021"]
    assert wide == pytest.approx(math.hypot(own, growth / math.sqrt(5)))
    own, wide = sds["GDP 2020"]
    assert wide == pytest.approx(math.hypot(own, noise["level", "nominal GDP"] / 100 * 1200.4))
    own, wide = sds["population 2020"]
    assert wide == own
