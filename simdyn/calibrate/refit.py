"""Fit and sample anew with other figures or parameters, several times side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.diagnostics import diagnose
from simdyn.calibrate.fit import fit
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.sample import Plan, sample_here
from simdyn.processes import Watch, spread

STARTS = 2
DRAWS, TUNING = 400, 250
"""Draws of each chain of a refit, and its steps of tuning."""


@dataclass(frozen=True)
class Job:
    """All regions with the figures and parameters of one refit."""

    problems: Mapping[str, Problem]
    seed: int


@dataclass(frozen=True)
class Refit:
    """What a refit found.

    draws : by region, z (parameter, draw)
    rhat : the largest over all coordinates
    """

    draws: Mapping[str, Array]
    rhat: float


def refit(job: Job) -> Refit:
    """Fit all regions of a job together and sample them in this process."""
    posterior = Posterior(job.problems)
    best = fit(posterior, STARTS, np.random.default_rng(job.seed))
    sample = sample_here(posterior, best, Plan(DRAWS, job.seed, n_tuning=TUNING))
    rhat = float(diagnose(sample.points)["rhat"].max())
    return Refit(posterior.regions(sample.pooled), rhat)


def refits(jobs: Sequence[Job], watch: Watch = lambda _: None) -> Iterator[Refit]:
    """Do several jobs in processes and yield what they find in their order."""
    if jobs:
        yield from spread(refit, jobs, watch)


def keep(problem: Problem, places: Sequence[int]) -> Problem:
    """Return the problem with those of its figures alone; its parameters stay."""
    observations = tuple(problem.region.observations[n] for n in places)
    region = replace(problem.region, observations=observations)
    return replace(problem, region=region, reported=problem.reported[list(places)])


def hold(problem: Problem, values: Mapping[str, float]) -> Problem:
    """Return the problem with parameters of the model held at values."""
    priors = tuple(p for p in problem.region.priors if p.parameter not in values)
    held = {p.parameter: values[p.parameter] for p in problem.region.priors if p not in priors}
    region = replace(problem.region, priors=priors)
    return replace(problem, region=region, fixed={**problem.fixed, **held})
