"""Draws of the posterior and what they lead to: the questions that need no design."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from simdyn.answers.case import Case
from simdyn.answers.indicators import SPANS
from simdyn.arrays import Array
from simdyn.calibrate.priors import parameter
from simdyn.calibrate.verdicts import SET_BY_FIGURES, UNTOUCHED
from simdyn.errors import RunError
from simdyn.regions import Discrepancy, Operator, Prior, Scope
from simdyn.scenarios import Scenario
from simdyn.sensitivity.given import Crossed, given, indices, shapley, split
from simdyn.sensitivity.given.data import LEAST_DRAWS
from simdyn.sensitivity.given.shapley import DRAWS_PER_INPUT
from simdyn.sensitivity.given.split import POLICY, TOGETHER
from simdyn.sensitivity.regional.outcomes import Outcome, scaled, values_of
from simdyn.sensitivity.regional.plan import Plan, Question
from simdyn.sensitivity.regional.space import SECTOR_SHARES, SHARES
from simdyn.study import generator

DRIFT = "growth drift"
"""How the names of the parameters begin that carry how growth strays every five years."""
STRUCTURAL = "drift of growth"
SET = "parameters set by figures"
MOVED = "parameters moved by figures"
PRIOR = "parameters on priors alone"


@dataclass(frozen=True)
class Drawn:
    """Draws of the model's parameters in a region.

    names : of the inputs; in a sum of regions with the part's name behind
    priors : of each input, in the same order
    parts : of each input, the region that it is a parameter of
    z : in prior standard deviations, (draw, input)
    """

    names: tuple[str, ...]
    priors: tuple[Prior, ...]
    parts: tuple[str, ...]
    z: Array

    @property
    def values(self) -> Array:
        """The parameters in their units, (draw, input)."""
        columns = zip(self.priors, self.z.T, strict=True)
        return np.stack([parameter(prior, column) for prior, column in columns], axis=1)


def drawn(case: Case, region: str) -> Drawn:
    """Return the draws of a case, evenly spread over those of the posterior."""
    names, priors, parts, rows = [], [], [], []
    several = len(case.parts(region)) > 1
    for part in case.parts(region):
        calibrated = case.calibrated[part]
        where = f", {case.study.regions[part].name}" if several else ""
        for prior, row in zip(
            calibrated.problem.region.priors, calibrated.thinned(case.n_draw), strict=True
        ):
            if prior.applies_to is Scope.MODEL:
                names.append(prior.parameter + where)
                priors.append(prior)
                parts.append(part)
                rows.append(row)
    return Drawn(tuple(names), tuple(priors), tuple(parts), np.array(rows).T)


def with_draws(case: Case, n_draw: int) -> Case:
    """Return the case with so many draws to run, or as many as its calibration has."""
    most = min(region.draws.shape[1] for region in case.calibrated.values())
    return replace(case, n_draw=min(n_draw, most))


def check_draws(case: Case, region: str, plan: Plan) -> None:
    """Refuse draws that are too few for the inputs of a region, before anything is run.

    Raises
    ------
    RunError : fewer draws than the methods without a design need
    """
    small = with_draws(case, plan.draws)
    least = max(LEAST_DRAWS, DRAWS_PER_INPUT * len(drawn(small, region).names))
    if small.n_draw < least:
        where = f"{case.study.regions[region].name}, {Question.POSTERIOR}"
        mend = f"Ask for at least {least:,}"
        if small.n_draw < plan.draws:
            mend += ", and let the study draw as many of the posterior"
        raise RunError(f"{where}: {small.n_draw:,} draws are too few. {mend}.")


def run_scenarios(
    case: Case, region: str, scenarios: Sequence[Scenario], outcomes: Sequence[Outcome]
) -> Array:
    """Run all draws of a case under scenarios; return (draw, scenario, outcome), nan if failed."""
    values = values_of(outcomes, case.run(region, scenarios))
    return values.reshape(len(scenarios), case.n_draw, -1).swapaxes(0, 1)


@dataclass(frozen=True)
class Told:
    """What the methods without a design tell of a region, by outcome label.

    single : of `indices`
    shapley : of `Shapley.effects`
    fits : of `Shapley.fits`
    sources : of `Split.shares`; without those that a choice between scenarios makes, if there is
        but one
    excluded : outcome, and the reason for which nothing is told of it
    """

    single: pd.DataFrame
    shapley: pd.DataFrame
    fits: pd.DataFrame
    sources: pd.DataFrame
    excluded: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Job:
    """What the methods without a design need of a region; it can be pickled.

    inputs : (draw, input), in prior standard deviations
    crossed : outcomes on their scales, of every draw under the reference and the policy
    outcomes : their labels
    groups : the input of `on_priors` that each is part of, by its name
    origins : what each input's uncertainty is from, by its name
    is_choice : whether reference and policy are two scenarios
    """

    inputs: Array
    crossed: Crossed
    names: tuple[str, ...]
    outcomes: tuple[str, ...]
    groups: Mapping[str, str]
    origins: Mapping[str, str]
    seeds: tuple[int, int, int]
    n_half: int
    is_choice: bool

    def __call__(self) -> Told:
        """Put the questions that need no design to the draws."""
        first, second, third = (np.random.default_rng(seed) for seed in self.seeds)
        data = given(self.inputs, self.crossed.outcomes[:, 0], self.names, self.outcomes)
        effects = shapley(data, second, self.groups, self.n_half)
        sources = split(
            self.inputs,
            self.crossed,
            self.names,
            self.outcomes,
            self.origins,
            third,
            self.n_half,
        )
        single = indices(data, first, self.n_half)
        shares = sources.shares
        if not self.is_choice:
            shares = shares[~shares["source"].isin((POLICY, TOGETHER))]
        reasons = {each.name: each.reason for each in (*data.excluded, *sources.data.excluded)}
        left_out = [name for name in self.outcomes if name in reasons]
        excluded = {"outcome": left_out, "reason": [reasons[name] for name in left_out]}
        return Told(single, effects.effects, effects.fits, shares, excluded)


def job_of(case: Case, region: str, reference: Scenario, policy: Scenario, plan: Plan) -> Job:
    """Run the draws of a plan under both scenarios, once more with half the step."""
    small = with_draws(case, plan.draws)
    draws = drawn(small, region)
    both = [reference, policy]
    values = run_scenarios(small, region, both, plan.told)
    halved = replace(small, time_step=small.time_step / 2)
    crossed = Crossed(
        scaled(plan.told, values),
        _noise(small, region, plan.told, values),
        scaled(plan.told, run_scenarios(halved, region, both, plan.told)),
    )
    seeds = generator(case.study, region, "given").integers(2**31, size=3).tolist()
    return Job(
        draws.z,
        crossed,
        draws.names,
        tuple(outcome.label for outcome in plan.told),
        {name: _input(p) for name, p in zip(draws.names, draws.priors, strict=True)},
        _origins(case, draws),
        (seeds[0], seeds[1], seeds[2]),
        plan.n_half,
        reference.name != policy.name,
    )


def _input(prior: Prior) -> str:
    """Return the input of `on_priors` that a parameter is, or is part of."""
    return SECTOR_SHARES if prior.parameter in SHARES else prior.parameter


def _origins(case: Case, draws: Drawn) -> dict[str, str]:
    """Return what each input's uncertainty is from, by its name."""
    left = {
        (part, prior.parameter): shrunk
        for part, calibrated in case.calibrated.items()
        for prior, shrunk in zip(
            calibrated.problem.region.priors, calibrated.shrinkage, strict=True
        )
    }
    return {
        name: _origin(prior.parameter, left[part, prior.parameter])
        for name, prior, part in zip(draws.names, draws.priors, draws.parts, strict=True)
    }


def _origin(parameter: str, shrunk: float) -> str:
    if parameter.startswith(DRIFT):
        return STRUCTURAL
    if shrunk > SET_BY_FIGURES:
        return SET
    return MOVED if shrunk > UNTOUCHED else PRIOR


def _noise(case: Case, region: str, outcomes: Sequence[Outcome], values: Array) -> Array:
    """Return what the noise of single years adds on the scale, the same under all scenarios."""
    rng = generator(case.study, region, "noise of single years")
    noise = rng.standard_normal((case.n_draw, 1, len(outcomes)))
    sd = [noise_sd(outcome, case.study.discrepancy) for outcome in outcomes]
    return np.broadcast_to(noise * np.array(sd), values.shape)


def noise_sd(outcome: Outcome, table: Sequence[Discrepancy]) -> float:
    """Return the deviation that the noise of single years gives an outcome, on its scale.

    A level has that of the growth in its year; an average of growth less, by the root of its years.
    What the table says nothing of has none.
    """
    rows = {(row.operator, row.variable): row.sd for row in table}
    variable, name = outcome.indicator.sources[0], outcome.indicator.name
    growth = rows.get((Operator.GROWTH, variable), 0.0)
    if name == variable and outcome.is_logarithmic:
        return rows.get((Operator.LEVEL, variable), growth)
    spans = [last - first + 1 for first, last in SPANS if name.endswith(f"{first}-{last}")]
    return growth / math.sqrt(spans[0]) if spans else 0.0
