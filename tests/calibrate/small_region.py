"""A small region whose figures leave one parameter untouched."""

from collections.abc import Mapping

import numpy as np

from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.fit import fit
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.sample import Plan, sample_here
from simdyn.regions import (
    Basis,
    Distribution,
    Likelihood,
    Observation,
    Operator,
    Prior,
    Region,
    RegionFile,
    Scope,
)

FILE = RegionFile(name="Test", name_zh="测试", basis=Basis.FITTED, basis_note="synthetic")
# A spending rule that does not look at the population: the old death rate then moves no figure.
FIXED = {"public spending per head": 0.0, "migration response": 0.0}
UNTOUCHED = 3


def prior(
    name: str, distribution: Distribution, centre: float, spread: float, **more: object
) -> Prior:
    fields = {"unit": "Dmnl", "applies_to": Scope.MODEL, "source": "test", **more}
    return Prior(parameter=name, distribution=distribution, centre=centre, spread=spread, **fields)  # type: ignore[arg-type]


def observe(
    operator: Operator, variable: str, start: int, end: int, sd: float, **more: object
) -> Observation:
    fields = {"likelihood": Likelihood.GAUSSIAN, **more}
    return Observation(
        label=f"{variable} {operator}", operator=operator, variable=variable, start=start,
        end=end, facts="test", sd=sd, **fields,
    )  # type: ignore[arg-type] # fmt: skip


PRIORS = (
    prior("initial GDP", Distribution.LOGNORMAL, 300, 0.3),
    prior("technology growth trend", Distribution.NORMAL, 0.01, 0.02),
    prior("market investment rate", Distribution.LOGNORMAL, 0.5, 0.3),
    prior("old death rate", Distribution.NORMAL, 0.04, 0.004),
)
OBSERVATIONS = (
    observe(Operator.LEVEL, "nominal GDP", 2020, 2020, 0.05),
    observe(Operator.AVERAGE_GROWTH, "GDP", 2016, 2020, 0.005),
    observe(Operator.SUM, "fixed asset investment", 2016, 2020, 0.5),
)
PLANTED = np.array([0.5, -0.8, 1.0, 0.0])


def make_region(key: str, priors: tuple[Prior, ...], figures: tuple[Observation, ...]) -> Region:
    return Region(key, FILE, priors, figures, ())


def calibrate_here(problems: Mapping[str, Problem], n_draw: int, seed: int) -> Calibration:
    """Fit and sample two chains in this process."""
    posterior = Posterior(problems)
    best = fit(posterior, 1, np.random.default_rng(seed))
    plan = Plan(n_draw // 2, seed, n_chain=2, n_tuning=200)
    return Calibration(posterior, best, sample_here(posterior, best, plan))
