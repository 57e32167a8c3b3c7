"""One-at-a-time screening: what each input moves when it alone crosses its range.

The design is that of Morris (1991), Technometrics 33(2), 161-174, with the absolute mean mu* of
Campolongo and others (2007), Environmental Modelling and Software 22, 1509-1518: each trajectory
starts at a random point and moves one input at a time. Design and estimates are SALib's.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from SALib.analyze import morris as analyze_morris
from SALib.sample import morris as sample_morris

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.designed.digest import digest_of
from simdyn.sensitivity.designed.guards import ROUNDING
from simdyn.sensitivity.designed.outputs import Outputs
from simdyn.sensitivity.designed.problem import Problem

N_LEVEL = 4
"""Levels of the Morris grid; four is the choice of Morris (1991) and of SALib."""
N_RESAMPLE = 500
LEAST_TRAJECTORIES = 2


def trajectories(problem: Problem, n_trajectory: int, seed: int) -> Array:
    """Return the rows of a design, (row, factor), those of a trajectory next to each other.

    Raises
    ------
    RunError : inputs in groups, which SALib's effects do not tell apart
    """
    if problem.groups is not None:
        raise RunError("Screening turns inputs one by one. Leave groups out of the problem.")
    rows: Array = sample_morris.sample(_salib(problem), n_trajectory, N_LEVEL, seed=seed)
    rows.setflags(write=False)
    return rows


def screened(problem: Problem, rows: Array, outputs: Outputs, seed: int) -> pd.DataFrame:
    """Return the elementary effects of every input on every outcome, largest first.

    An effect is that of the whole range of the input: the design itself moves it by two thirds.

    Returns
    -------
    pandas.DataFrame
        outcome, rank, input, effect (mu*), effect_low, effect_high (95 percent bootstrap),
        direction (mean signed effect), spread (sigma), n_trajectory, in the outcome's unit. An
        outcome that nothing moves has no rows.

    Raises
    ------
    RunError : outputs of other rows; fewer than two trajectories stayed finite
    """
    if outputs.digest.ordered != digest_of(problem, rows).ordered:
        message = (
            "The outputs were not run on these rows. Analyse them with those they were run on."
        )
        raise RunError(message)
    step = len(problem.names) + 1
    values = outputs.columns(slice(None))
    finite = np.isfinite(values).all(axis=1)
    sound = np.asarray(finite.reshape(-1, step).all(axis=1))
    n_sound = int(np.count_nonzero(sound))
    if n_sound < LEAST_TRAJECTORIES:
        message = f"{n_sound} of {len(sound)} trajectories have sound runs only. "
        raise RunError(message + "Narrow the ranges of the inputs.")
    keep = np.repeat(sound, step)
    tables = [
        _effects(problem, rows[keep], column, outcome, seed)
        for outcome, column in zip(outputs.outcomes, values[keep].T, strict=True)
        if np.ptp(column) > ROUNDING * np.abs(column).max()
    ]
    if not tables:
        raise RunError("No input moves any outcome. Widen the ranges of the inputs.")
    return pd.concat(tables, ignore_index=True).assign(n_trajectory=n_sound)


def _effects(problem: Problem, rows: Array, values: Array, outcome: str, seed: int) -> pd.DataFrame:
    found = analyze_morris.analyze(
        _salib(problem), rows, values, num_resamples=N_RESAMPLE, num_levels=N_LEVEL, seed=seed
    )
    effect, half = (np.asarray(found[name], float) for name in ("mu_star", "mu_star_conf"))
    table = pd.DataFrame(
        {
            "outcome": outcome,
            "input": problem.names,
            "effect": effect,
            "effect_low": np.maximum(effect - half, 0),
            "effect_high": effect + half,
            "direction": np.asarray(found["mu"], float),
            "spread": np.asarray(found["sigma"], float),
        }
    )
    table = table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)
    table.insert(1, "rank", np.arange(1, len(table) + 1))
    return table


def _salib(problem: Problem) -> dict[str, object]:
    # SALib adds keys to the dict it is given, so each call gets a new one.
    names = list(problem.names)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
