"""Shapley effects: the explained variance of an outcome, split among inputs that are correlated.

The effect of an input is the mean, over all orders in which inputs may become known, of the
variance it explains beyond those before it (Owen 2014, SIAM/ASA J. Uncertainty Quantification 2,
245-251; Song, Nelson and Staum 2016, the same 4, 1060-1083). Effects add up to the explained
variance however inputs are correlated. An input without effect of its own shares in that of inputs
it goes with.

Nearest neighbours cannot tell the variance given twenty of forty inputs from some thousand draws.
Here a polynomial in normal scores stands for the model (`hermite`) and the dependence of the scores
is taken as normal, for which each order's variances have a closed form (`explained`). The share of
variance that the polynomial leaves is said. For a linear model it is the measure of Lindeman,
Merenda and Gold (Groemping 2007, American Statistician 61(2), 139-147).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from simdyn.arrays import Array
from simdyn.errors import RunError, did_you_mean
from simdyn.sensitivity.given.data import GivenData, enough
from simdyn.sensitivity.given.explained import known, polynomial, roots
from simdyn.sensitivity.given.half_samples import N_HALF, WIDTH, halves, standard_error
from simdyn.sensitivity.given.hermite import Fit, Term, chosen_terms, fit, normal_scores
from simdyn.sensitivity.given.indices import CHANCE

MOST_EXACT = 5
"""Groups up to which all orders are gone through, beyond a sample of them."""
N_PAIR = 100
"""Orders in the sample, each with its reverse."""
DRAWS_PER_INPUT = 5
"""Draws that an input needs at the least: half of them must still fit every linear term."""


@dataclass(frozen=True)
class Shapley:
    """Shapley effects and how good the polynomial is that they are those of.

    effects : outcome, rank, input (or group), effect (share of the outcome's variance, which may
        fall below zero by chance), low, high (95 percent), noise_floor: what the largest of as
        many inputs without effect, and uncorrelated with the others, stays below in 95 of 100
        cases, above_noise
    fits : outcome, n_draw, n_term, explained (adjusted R2; the effects add up to it), unexplained,
        r2, r2_left_out (see `hermite.Fit`), normality (variance by the normal formula over that
        in the draws; far from one, the dependence of the inputs is not that of normal scores),
        order_error (largest standard error from having sampled the orders)
    """

    effects: pd.DataFrame
    fits: pd.DataFrame


@dataclass(frozen=True)
class Players:
    """Groups of inputs and the orders in which they become known.

    names : of the groups
    members : positions of the inputs of each group
    orders : (order, group); rows 2 n and 2 n + 1 are each other's reverse if they are a sample
    """

    names: tuple[str, ...]
    members: tuple[NDArray[np.int64], ...]
    orders: NDArray[np.int64]

    @property
    def input_orders(self) -> NDArray[np.int64]:
        """Orders of the single inputs, (order, input)."""
        return np.array([np.concatenate([self.members[g] for g in row]) for row in self.orders])

    @property
    def last_places(self) -> NDArray[np.int64]:
        """Place of the last input of each group in its order, (order, place of group)."""
        sizes = np.array([len(each) for each in self.members])
        return sizes[self.orders].cumsum(axis=1) - 1


def shapley(
    data: GivenData,
    rng: np.random.Generator,
    groups: Mapping[str, str] | None = None,
    n_half: int = N_HALF,
) -> Shapley:
    """Return the Shapley effects of each input, or of groups of them, on each outcome.

    The terms of the polynomials are chosen once; intervals carry all but that choice.

    Parameters
    ----------
    groups : group of each input; without it each input is its own

    Raises
    ------
    RunError : fewer than `DRAWS_PER_INPUT` draws an input; an input without group
    """
    enough(data.n_draw, DRAWS_PER_INPUT * len(data.input_names))
    players = players_of(data.input_names, groups, rng)
    terms = chosen_terms(normal_scores(data.inputs), data.outcomes)
    everything = effects_of(data.inputs, data.outcomes, terms, players)
    rows = halves(data.n_draw, n_half, rng)
    error = standard_error(
        lambda half: effects_of(data.inputs[half], data.outcomes[half], terms, players).effects,
        rows,
        data.n_draw,
    )
    return Shapley(_effect_table(data, players, everything, error), _fit_table(data, everything))


def players_of(
    names: Sequence[str], groups: Mapping[str, str] | None, rng: np.random.Generator
) -> Players:
    """Return the groups, in the order in which the inputs first name them, and their orders."""
    group_of = {name: name for name in names} if groups is None else groups
    missing = [name for name in names if name not in group_of]
    if missing:
        message = f"input '{missing[0]}' has no group. {did_you_mean(missing[0], group_of)}"
        raise RunError(message)
    found = tuple(dict.fromkeys(group_of[name] for name in names))
    members = tuple(
        np.array([n for n, name in enumerate(names) if group_of[name] == each]) for each in found
    )
    return Players(found, members, _orders(len(found), rng))


def _orders(n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    if n <= MOST_EXACT:
        return np.array(list(permutations(range(n))))
    forward = [rng.permutation(n) for _ in range(N_PAIR)]
    return np.array([order for one in forward for order in (one, one[::-1])])


@dataclass(frozen=True)
class Effects:
    """Shapley effects of all outcomes.

    effects : (outcome, group)
    noise : variance of the effect of a group without effect of one input, (outcome,)
    order_error : largest standard error from having sampled the orders, (outcome,)
    normality : see `Shapley`, (outcome,)
    fits : of each outcome
    """

    effects: Array
    noise: Array
    order_error: Array
    normality: Array
    fits: tuple[Fit, ...]


def effects_of(
    inputs: Array, outcomes: Array, terms: Sequence[tuple[Term, ...]], players: Players
) -> Effects:
    """Return the effects for inputs (draw, input) and outcomes (draw, outcome).

    `terms` are those of each outcome's polynomial.
    """
    scores = normal_scores(inputs)
    orders = players.input_orders
    root = roots(np.corrcoef(scores.T).reshape(2 * (scores.shape[1],)), orders)
    fits = tuple(fit(scores, y, chosen) for y, chosen in zip(outcomes.T, terms, strict=True))
    parts = [_of_outcome(each, root, orders, players, len(inputs)) for each in fits]
    effects, noise, order_error, normality = (np.array(each) for each in zip(*parts, strict=True))
    return Effects(effects, noise, order_error, normality, fits)


def _of_outcome(
    fitted: Fit, root: Array, orders: NDArray[np.int64], players: Players, n_draw: int
) -> tuple[Array, float, float, float]:
    variance = known(polynomial(fitted, orders.shape[1]), root)
    share = variance * (fitted.r2 / variance[:, -1:])
    spent = _terms_known(fitted.terms, orders)
    # What as many terms explain by chance is taken off at every step, as in the adjusted R2.
    adjusted = share - (1 - share) * spent / (n_draw - 1 - spent)
    steps = np.take_along_axis(adjusted, players.last_places, axis=1)
    added = np.empty_like(steps)
    np.put_along_axis(added, players.orders, np.diff(steps, axis=1, prepend=0), axis=1)
    noise = (1 - share + share[:, :1]).mean() / n_draw
    return (
        added.mean(axis=0),
        float(noise),
        _order_error(added),
        float(variance[0, -1] / fitted.r2),
    )


def _terms_known(terms: Sequence[Term], orders: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many terms have all their inputs known at each place, (order, place)."""
    places = np.argsort(orders, axis=1)
    complete = np.stack([places[:, list(term)].max(axis=1) for term in terms], axis=1)
    return (complete[:, :, None] <= np.arange(orders.shape[1])).sum(axis=1)


def _order_error(added: Array) -> float:
    """Return the largest standard error of effects whose orders (order, group) are a sample."""
    n_order, n_group = added.shape
    if n_group <= MOST_EXACT:
        return 0.0
    pairs = added.reshape(n_order // 2, 2, n_group).mean(axis=1)
    return float(pairs.std(axis=0, ddof=1).max() / np.sqrt(len(pairs)))


def _effect_table(
    data: GivenData, players: Players, everything: Effects, error: Array
) -> pd.DataFrame:
    n_group = len(players.names)
    sizes = np.array([len(each) for each in players.members])
    reach = chi2.ppf(1 - CHANCE / n_group, sizes) - sizes
    tables = []
    for n, outcome in enumerate(data.outcome_names):
        effect, floor = everything.effects[n], everything.noise[n] * reach
        table = pd.DataFrame(
            {
                "outcome": outcome,
                "input": players.names,
                "effect": effect,
                "low": effect - WIDTH * error[n],
                "high": effect + WIDTH * error[n],
                "noise_floor": floor,
                "above_noise": effect > floor,
            }
        )
        table = table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)
        table.insert(1, "rank", np.arange(1, n_group + 1))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _fit_table(data: GivenData, everything: Effects) -> pd.DataFrame:
    fits = everything.fits
    explained = [each.r2_adjusted for each in fits]
    return pd.DataFrame(
        {
            "outcome": data.outcome_names,
            "n_draw": data.n_draw,
            "n_term": [len(each.terms) for each in fits],
            "explained": explained,
            "unexplained": [1 - each for each in explained],
            "r2": [each.r2 for each in fits],
            "r2_left_out": [each.r2_left_out for each in fits],
            "normality": everything.normality,
            "order_error": everything.order_error,
        }
    )
