"""Where an outcome's variance is from: policy, groups of parameters, noise, the solver.

Every draw of the parameters is run under every scenario. By the law of total variance, with
scenarios as the fixed set that they are, equally likely, and draws as a sample (Searle, Casella and
McCulloch 1992, Variance Components, chapter 4), the variance is the sum of

- policy: of the scenarios' means,
- parameters: of the draws' means over scenarios, split among groups by Shapley effects,
- policy and parameters together: what a policy does differs from draw to draw,
- noise of single years, if given, and the square of what halving the solver's step changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.given.data import GivenData, Rows, enough, given
from simdyn.sensitivity.given.half_samples import N_HALF, WIDTH, halves, standard_error
from simdyn.sensitivity.given.hermite import Term, chosen_terms, normal_scores
from simdyn.sensitivity.given.shapley import (
    DRAWS_PER_INPUT,
    Players,
    effects_of,
    players_of,
)

POLICY = "policy"
TOGETHER = "policy and parameters together"
UNEXPLAINED = "parameters, not told apart"
NOISE = "noise of single years"
SOLVER = "solver"


@dataclass(frozen=True)
class Crossed:
    """Outcomes of every draw under every scenario.

    outcomes : (draw, scenario, outcome)
    noise : what the noise of single years adds to each, of that shape, or None
    halved : the outcomes with half the solver's step, of that shape, or None
    """

    outcomes: Array
    noise: Array | None = None
    halved: Array | None = None


@dataclass(frozen=True)
class Split:
    """Shares of the variance and what was left out.

    shares : outcome, source, share (they add up to one), low, high (95 percent), variance (in the
        unit of the outcome, squared); a share that is none may fall below zero by chance
    data : the draws in use; its outcomes are each draw's means over scenarios
    """

    shares: pd.DataFrame
    data: GivenData


def split(
    inputs: Array,
    crossed: Crossed,
    input_names: Sequence[str],
    outcome_names: Sequence[str],
    groups: Mapping[str, str],
    rng: np.random.Generator,
    n_half: int = N_HALF,
) -> Split:
    """Return the share of each source in the variance of each outcome.

    Parameters
    ----------
    inputs : values of parameters (draw, input)
    groups : group of each input, such as "data could tell", "prior alone", "structural noise"

    Raises
    ------
    RunError : shapes that do not fit, fewer than two scenarios, too few draws, an input without
        group or a group with the name of another source
    """
    _check(crossed, groups)
    data = given(inputs, _means(crossed), input_names, outcome_names)
    enough(data.n_draw, DRAWS_PER_INPUT * len(data.input_names))
    sound = _sound(inputs, crossed, data, input_names, outcome_names)
    players = players_of(data.input_names, groups, rng)
    terms = chosen_terms(normal_scores(data.inputs), data.outcomes)
    variances = partial(_variances, data, sound, terms, players)
    everything = variances(np.arange(data.n_draw))
    shares = _as_shares(everything)
    error = standard_error(
        lambda half: _as_shares(variances(half)), halves(data.n_draw, n_half, rng), data.n_draw
    )
    sources = _sources(players, crossed)
    tables = [
        pd.DataFrame(
            {
                "outcome": outcome,
                "source": sources,
                "share": shares[n],
                "low": shares[n] - WIDTH * error[n],
                "high": shares[n] + WIDTH * error[n],
                "variance": everything[n],
            }
        )
        for n, outcome in enumerate(data.outcome_names)
    ]
    return Split(pd.concat(tables, ignore_index=True), data)


def _check(crossed: Crossed, groups: Mapping[str, str]) -> None:
    shape = crossed.outcomes.shape
    if len(shape) != 3 or shape[1] < 2:
        message = f"outcomes of shape {shape}. Pass (draw, scenario, outcome)"
        raise RunError(f"{message} with two scenarios or more.")
    for name, more in (("noise", crossed.noise), ("halved", crossed.halved)):
        if more is not None and more.shape != shape:
            message = f"{name} of shape {more.shape}, outcomes of {shape}."
            raise RunError(f"{message} Run the same draws and scenarios.")
    taken = {POLICY, TOGETHER, UNEXPLAINED, NOISE, SOLVER} & set(groups.values())
    if taken:
        message = f"a group is named '{min(taken)}', as is another source of variance."
        raise RunError(f"{message} Give the group another name.")


def _means(crossed: Crossed) -> Array:
    """Return means over scenarios (draw, outcome), nan where any run of a draw failed."""
    means = crossed.outcomes.mean(axis=1)
    for more in (crossed.noise, crossed.halved):
        if more is not None:
            means = np.where(np.isfinite(more).all(axis=1), means, np.nan)
    return means


def _sound(
    inputs: Array,
    crossed: Crossed,
    data: GivenData,
    input_names: Sequence[str],
    outcome_names: Sequence[str],
) -> Crossed:
    """Return the runs of the draws and outcomes that `given` left in `data`."""
    use_x = [list(input_names).index(name) for name in data.input_names]
    use_y = [list(outcome_names).index(name) for name in data.outcome_names]
    means = _means(crossed)[:, use_y]
    sound = np.isfinite(np.asarray(inputs)[:, use_x]).all(axis=1) & np.isfinite(means).all(axis=1)
    noise, halved = (
        None if more is None else more[sound][:, :, use_y]
        for more in (crossed.noise, crossed.halved)
    )
    return Crossed(crossed.outcomes[sound][:, :, use_y], noise, halved)


def _sources(players: Players, crossed: Crossed) -> list[str]:
    sources = [POLICY, TOGETHER, *players.names, UNEXPLAINED]
    if crossed.noise is not None:
        sources.append(NOISE)
    if crossed.halved is not None:
        sources.append(SOLVER)
    return sources


def _as_shares(variances: Array) -> Array:
    return variances / variances.sum(axis=1, keepdims=True)


def _variances(
    data: GivenData,
    crossed: Crossed,
    terms: Sequence[tuple[Term, ...]],
    players: Players,
    rows: Rows,
) -> Array:
    """Return the variance from each source (outcome, source) in some draws."""
    policy, together, parameters = components(crossed.outcomes[rows])
    found = effects_of(data.inputs[rows], data.outcomes[rows], terms, players)
    by_group = found.effects * parameters[:, None]
    parts = [policy, together, *by_group.T, parameters - by_group.sum(axis=1)]
    if crossed.noise is not None:
        parts.append(crossed.noise[rows].var(axis=0, ddof=1).mean(axis=0))
    if crossed.halved is not None:
        parts.append(np.square(crossed.halved[rows] - crossed.outcomes[rows]).mean(axis=(0, 1)))
    return np.stack(parts, axis=1)


def components(outcomes: Array) -> tuple[Array, Array, Array]:
    """Return unbiased variances from policy, from both together, and from parameters, (outcome,).

    `outcomes` have shape (draw, scenario, outcome).
    """
    n_draw, n_scenario, _ = outcomes.shape
    draws, scenarios = outcomes.mean(axis=1), outcomes.mean(axis=0)
    rest = outcomes - draws[:, None] - scenarios + draws.mean(axis=0)
    together = np.square(rest).sum(axis=(0, 1)) / ((n_draw - 1) * n_scenario)
    # Means of scenarios over a sample of draws differ by chance, too.
    policy = scenarios.var(axis=0) - together / n_draw
    return policy, together, draws.var(axis=0, ddof=1)
