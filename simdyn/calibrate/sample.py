"""Draws from the posterior by the No-U-Turn sampler, in coordinates that the fit has whitened.

The sampler moves in xi, where the point is the best fit plus R xi and R is the root of the Laplace
covariance: there the posterior is nearly a standard normal, and a direction that no figure touches
is exactly one. Sources: Hoffman and Gelman (2014), JMLR 15, 1593-1623; the sampler is nutpie's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.calibrate.diagnostics import arviz
from simdyn.calibrate.fit import Fit
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.problem import Problem
from simdyn.processes import Watch, n_processor, spread, tick

CHAINS = 4
TUNING = 400
"""Steps in which a chain tunes itself, of many draws; they are dropped."""
ACCEPTANCE = 0.8
NAME = "point"


@dataclass(frozen=True)
class Sample:
    """Draws of some chains.

    points : coordinates, (chain, draw, coordinate)
    diverging : whether the step to a draw diverged, (chain, draw)
    n_gradient : gradients that the draws took, tuning apart
    n_impossible : draws on the way to which a run left the finite numbers, tuning apart; the
        sampler turns back there, and the draw counts as divergent
    """

    points: Array
    diverging: NDArray[np.bool_]
    n_gradient: int
    n_impossible: int

    @property
    def pooled(self) -> Array:
        """All draws of all chains, (coordinate, chain x draw)."""
        return self.points.reshape(-1, self.points.shape[-1]).T

    @property
    def n_draw(self) -> int:
        """How many draws there are in all chains."""
        return self.points.shape[0] * self.points.shape[1]

    @cached_property
    def n_diverging(self) -> int:
        """How many draws came after a divergent step."""
        return int(self.diverging.sum())


def thinned(draws: Array, n_draw: int) -> Array:
    """Return `n_draw` of the draws (..., draw), evenly spread over all."""
    n_all = draws.shape[-1]
    if n_draw > n_all:
        raise ValueError(f"{n_draw} draws asked of {n_all}")
    kept: Array = draws[..., np.arange(n_draw) * n_all // n_draw]
    return kept


class _ImpossibleError(Exception):
    """A run left the finite numbers: the sampler takes the step for divergent and turns back."""

    is_recoverable = True


@dataclass(frozen=True)
class Plan:
    """How to draw: `n_draw` points in each of `n_chain` chains, after `n_tuning` steps."""

    n_draw: int
    seed: int
    n_chain: int = CHAINS
    n_tuning: int = TUNING

    @property
    def seeds(self) -> list[int]:
        """A seed for each chain."""
        return np.random.SeedSequence(self.seed).generate_state(self.n_chain).tolist()


@dataclass(frozen=True)
class _Share:
    """The chains that one process draws; it compiles the model anew."""

    problems: Mapping[str, Problem]
    fit: Fit
    plan: Plan
    chains: tuple[int, ...]


def sample(posterior: Posterior, fit: Fit, plan: Plan, watch: Watch = lambda _: None) -> Sample:
    """Draw chains side by side in processes; the same seed gives the same bits.

    Parameters
    ----------
    watch : is told now and then how many points have been drawn
    """
    n_process = min(n_processor(), plan.n_chain)
    shares = [
        _Share(posterior.problems, fit, plan, tuple(range(first, plan.n_chain, n_process)))
        for first in range(n_process)
    ]
    found: dict[int, Sample] = {}
    for share, chains in zip(shares, spread(_draw_share, shares, watch), strict=True):
        found |= dict(zip(share.chains, chains, strict=True))
    return together([found[chain] for chain in range(plan.n_chain)])


def sample_here(posterior: Posterior, fit: Fit, plan: Plan) -> Sample:
    """Draw chains one after the other in this process; the same bits as `sample` gives."""
    return together([_chain(posterior, fit, plan, chain) for chain in range(plan.n_chain)])


def together(chains: Sequence[Sample]) -> Sample:
    """Return the chains of some samples as one sample."""
    return Sample(
        np.concatenate([chain.points for chain in chains]),
        np.concatenate([chain.diverging for chain in chains]),
        sum(chain.n_gradient for chain in chains),
        sum(chain.n_impossible for chain in chains),
    )


@lru_cache(maxsize=1)
def _nutpie() -> tuple[Any, Any]:
    """Return nutpie and its maker of models; they, and the ArviZ they need, take long to import."""
    arviz()
    return import_module("nutpie"), import_module("nutpie.compiled_pyfunc").from_pyfunc


def _draw_share(share: _Share) -> list[Sample]:
    posterior = Posterior(share.problems)
    return [_chain(posterior, share.fit, share.plan, chain) for chain in share.chains]


def _chain(posterior: Posterior, fit: Fit, plan: Plan, chain: int) -> Sample:
    root, n = fit.root, posterior.n_coordinate
    n_drawn = n_impossible = 0

    def log_density(white: Array) -> tuple[float, Array]:
        value, gradient = posterior.log_density(fit.point + root @ white)
        if not (np.isfinite(value) and np.isfinite(gradient).all()):
            nonlocal n_impossible
            n_impossible += n_drawn >= plan.n_tuning
            raise _ImpossibleError
        return value, root @ gradient

    def keep(white: Array) -> dict[str, Array]:
        nonlocal n_drawn
        n_drawn += 1
        tick()
        return {NAME: white}

    nutpie, from_pyfunc = _nutpie()
    model = from_pyfunc(
        n,
        lambda: log_density,
        lambda *_: keep,
        [np.dtype(np.float64)],
        [(n,)],
        [NAME],
        # A start of its own for each chain, as wide as the posterior.
        make_initial_point_fn=lambda chance: np.random.default_rng(chance).standard_normal(n),
    )
    trace = nutpie.sample(
        model,
        draws=plan.n_draw,
        tune=plan.n_tuning,
        chains=1,
        cores=1,
        seed=plan.seeds[chain],
        target_accept=ACCEPTANCE,
        progress_bar=False,
        save_warmup=False,
    )
    steps = trace.sample_stats
    points = fit.point + trace.posterior[NAME].to_numpy() @ root
    return Sample(points, steps["diverging"].to_numpy(), int(steps["n_steps"].sum()), n_impossible)
