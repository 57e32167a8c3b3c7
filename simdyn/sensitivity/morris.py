"""One-at-a-time sensitivity: what each input moves when it alone crosses its range.

The design is that of Morris (1991), Technometrics 33(2), 161-174, with the absolute mean mu* of
Campolongo and others (2007), Environmental Modelling and Software 22, 1509-1518: each trajectory
starts at a random point and moves one input at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from SALib.analyze import morris as analyze_morris
from SALib.sample import morris as sample_morris

from simdyn.arrays import Array
from simdyn.calibrate.priors import parameter
from simdyn.calibrate.problem import Problem
from simdyn.ensemble import run_years
from simdyn.errors import RunError
from simdyn.indicators import HEADLINES, Headline
from simdyn.names import EXTENSIVE, LAST_YEAR
from simdyn.regions import Prior, Scope

RANGE_SHARE = 0.8
"""Share of a parameter's posterior that its range covers, the middle of it."""
N_LEVEL = 4
"""Levels of the Morris grid; four is the choice of Morris (1991) and of SALib."""
N_RESAMPLE = 500
OUTCOMES = tuple(h for h in HEADLINES if h.name.endswith(str(LAST_YEAR)))
POINTS = frozenset({"percent a year", "percent of GDP", "percent of budget expenditure"})
"""Units of outcomes whose effects are given in percentage points, others in percent."""


@dataclass(frozen=True)
class Inputs:
    """The inputs of one region's design.

    priors, low, high : uncertain parameters and their ranges, in prior standard deviations
    levers : model constant and full strength of each lever, whose range starts at zero
    held : model constants that are set and not turned
    """

    priors: tuple[Prior, ...]
    low: Array
    high: Array
    levers: Mapping[str, float]
    held: Mapping[str, float]

    @property
    def names(self) -> list[str]:
        """Names of all inputs in the order of the design's columns."""
        return [p.parameter for p in self.priors] + list(self.levers)

    def parameters(self, design: Array) -> dict[str, float | Array]:
        """Return model constants, shape (member,), for a design (member, input) on [0, 1]."""
        share, lever_share = np.split(design.T, [len(self.priors)])
        z = self.low[:, None] + share * (self.high - self.low)[:, None]
        values: dict[str, float | Array] = dict(self.held)
        for prior, row in zip(self.priors, z, strict=True):
            values[prior.parameter] = parameter(prior, row)
        for (name, strength), row in zip(self.levers.items(), lever_share, strict=True):
            values[name] = strength * row
        return values


def inputs_of(
    problem: Problem, draws: Array, levers: Mapping[str, float], held: Mapping[str, float]
) -> Inputs:
    """Return the inputs: each model parameter over the middle of its posterior, each lever.

    `draws` of the posterior have shape (parameter, draw).
    """
    position = [i for i, p in enumerate(problem.region.priors) if p.applies_to is Scope.MODEL]
    tail = 50 * (1 - RANGE_SHARE)
    priors = tuple(problem.region.priors[i] for i in position)
    low, high = np.percentile(draws[position], [tail, 100 - tail], axis=1)
    return Inputs(priors, low, high, levers, held)


def screen(problem: Problem, inputs: Inputs, n_trajectory: int, seed: int) -> pd.DataFrame:
    """Return the ranking of inputs for every outcome of a region.

    Effects are elementary effects scaled to the whole range (the design itself moves an input by
    two thirds of it): in percent of the outcome's median over the design, or in percentage points
    where the outcome is a rate or a share.

    Returns
    -------
    pandas.DataFrame
        region, outcome, rank, input, kind, effect (mu*), effect_low, effect_high (95 percent
        bootstrap), direction (mean signed effect), spread (sigma), effect_unit

    Raises
    ------
    RunError : fewer than two trajectories stayed finite
    """
    design = sample_morris.sample(_salib_problem(inputs), n_trajectory, N_LEVEL, seed=seed)
    parameters = {**problem.fixed, **inputs.parameters(design)}
    variables = [q.variable for q in EXTENSIVE]
    years = run_years(problem.model, parameters, variables, LAST_YEAR, problem.time_step)
    sound = years.ok.reshape(-1, len(inputs.names) + 1).all(axis=1)
    if np.count_nonzero(sound) < 2:
        message = f"{problem.region.name}: too few sound runs for a sensitivity. "
        raise RunError(message + "Narrow its priors or the levers of the last scenario.")
    keep = np.repeat(sound, len(inputs.names) + 1)
    tables = [_rank(inputs, design[keep], h.read(years)[keep], h, seed) for h in OUTCOMES]
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "region", problem.region.key)
    return table


def _rank(
    inputs: Inputs, design: Array, outcome: Array, headline: Headline, seed: int
) -> pd.DataFrame:
    in_points = headline.unit in POINTS
    scaled = outcome if in_points else 100 * outcome / np.median(outcome)
    result = analyze_morris.analyze(
        _salib_problem(inputs),
        design,
        scaled,
        num_resamples=N_RESAMPLE,
        num_levels=N_LEVEL,
        seed=seed,
    )
    effect = np.asarray(result["mu_star"], dtype=np.float64)
    half_width = np.asarray(result["mu_star_conf"], dtype=np.float64)
    table = pd.DataFrame(
        {
            "outcome": headline.name,
            "input": inputs.names,
            "kind": ["uncertainty"] * len(inputs.priors) + ["lever"] * len(inputs.levers),
            "effect": effect,
            "effect_low": np.maximum(effect - half_width, 0),
            "effect_high": effect + half_width,
            "direction": np.asarray(result["mu"], dtype=np.float64),
            "spread": np.asarray(result["sigma"], dtype=np.float64),
            "effect_unit": "percentage points" if in_points else "percent",
        }
    )
    table = table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)
    table.insert(1, "rank", np.arange(1, len(table) + 1))
    return table


def _salib_problem(inputs: Inputs) -> dict[str, object]:
    # SALib adds keys to the dict it is given, so each call gets a new one.
    names: Sequence[str] = inputs.names
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
