"""Draws from the posterior by many short chains that start at, and propose from, the Gaussian fit.

Preconditioned Crank-Nicolson with the Laplace approximation as reference: a proposal is accepted
by how much the posterior differs from that Gaussian, so a direction that no figure touches keeps
its prior exactly and dimension costs nothing. Source: Cotter, Roberts, Stuart and White (2013),
Statistical Science 28(3), 424-446, section 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.fit import Fit

N_ADAPT = 200
"""Steps in which the size of the proposals is tuned; their states are dropped."""
N_BETWEEN = 60
"""Steps between two snapshots of the chains."""
ACCEPTANCE = 0.35
"""Share of proposals to be accepted; flat optimum between 0.2 and 0.5."""


class Target(Protocol):
    """What is sampled: half the sum of squared residuals is the negative log density."""

    def residuals(self, z: Array) -> Array:
        """Return residuals, shape (residual, member), for z of shape (parameter, member)."""


@dataclass(frozen=True)
class Sample:
    """States of many chains.

    draws : (snapshot, parameter, chain); the last snapshot is the one that runs use
    acceptance : share of proposals accepted after tuning
    """

    draws: Array
    acceptance: float

    @property
    def last(self) -> Array:
        """One state of each chain, shape (parameter, chain)."""
        return self.draws[-1]

    @property
    def pooled(self) -> Array:
        """All snapshots side by side, shape (parameter, snapshot x chain)."""
        return np.concatenate(list(self.draws), axis=1)

    @property
    def rhat(self) -> float:
        """Largest potential scale reduction over the parameters, 1 where chains agree.

        Source: Gelman and Rubin (1992), Statistical Science 7(4), 457-472, section 2.2.
        """
        n_snapshot = len(self.draws)
        within = self.draws.var(axis=0, ddof=1).mean(axis=1)
        between = self.draws.mean(axis=0).var(axis=1, ddof=1)
        return float(np.sqrt((n_snapshot - 1) / n_snapshot + between / within).max())


def sample(
    target: Target, fit: Fit, n_chain: int, n_snapshot: int, rng: np.random.Generator
) -> Sample:
    """Draw `n_chain` chains around `fit` and keep `n_snapshot` states of each."""
    root = np.linalg.cholesky(fit.covariance).astype(np.float64, copy=False)
    n_parameter = len(fit.z)
    white = rng.standard_normal((n_parameter, n_chain))
    excess = _excess(target, fit, root, white)
    size = 0.5
    snapshots, accepted = [], 0.0
    n_step = N_BETWEEN * n_snapshot
    for step in range(N_ADAPT + n_step):
        noise = rng.standard_normal((n_parameter, n_chain))
        proposal = np.sqrt(1 - size**2) * white + size * noise
        proposed = _excess(target, fit, root, proposal)
        take = np.log(rng.random(n_chain)) < excess - proposed
        white = np.where(take, proposal, white)
        excess = np.where(take, proposed, excess)
        share = float(np.mean(take))
        if step < N_ADAPT:
            # Robbins-Monro on the logit scale keeps the size between 0 and 1.
            logit = np.log(size / (1 - size)) + (share - ACCEPTANCE) / (1 + step) ** 0.6
            size = float(1 / (1 + np.exp(-np.clip(logit, -7, 7))))
            continue
        accepted += share / n_step
        if (step - N_ADAPT + 1) % N_BETWEEN == 0:
            snapshots.append(fit.z[:, None] + root @ white)
    return Sample(np.array(snapshots), accepted)


def _excess(target: Target, fit: Fit, root: Array, white: Array) -> Array:
    """Return the negative log posterior less that of the Gaussian fit, shape (chain,)."""
    residuals = target.residuals(fit.z[:, None] + root @ white)
    return 0.5 * (np.sum(residuals**2, axis=0) - np.sum(white**2, axis=0))
