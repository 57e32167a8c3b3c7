"""Draws of what was known before the figures that are to be foretold.

Either all regions are fitted and sampled anew, or the draws of the posterior of all figures are
moved and weighted (see `simdyn.calibrate.leaving_out`), and sampled anew only where that fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.ahead import Ahead
from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.diagnostics import diagnose, effective_size
from simdyn.calibrate.fit import fit
from simdyn.calibrate.leaving_out import USELESS, By, carried
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.predictive import Weighted
from simdyn.calibrate.refit import STARTS, Refit
from simdyn.calibrate.sample import CHAINS, Plan, sample
from simdyn.processes import Watch, one_thread

FEWEST = 400
"""Effective draws below which weights are taken for useless, whatever their tail index."""
DRAWS, TUNING = 250, 150
"""Draws of each chain, and its steps of tuning, where a backtest has to be short."""


@dataclass(frozen=True)
class Way:
    """How figures were left out, and whether the draws can be relied on.

    name : of the trial, or of the one figure
    k : tail index of the weights; nan where none were tried
    rhat : the largest over all parameters of a new fit; nan for weights
    rhat_foretold, size : the largest over the answers foretold, nan for weights; and the least
        number of independent draws that say as much about one of them
    """

    name: str
    by: By
    k: float
    rhat: float
    rhat_foretold: float
    size: float


@dataclass(frozen=True)
class Known:
    """The posterior of what was known.

    draws : by region, z (parameter, draw)
    log_weights : (draw,)
    k, rhat : as of `Way`
    """

    draws: Mapping[str, Array]
    log_weights: Array
    by: By
    k: float
    rhat: float

    @classmethod
    def anew(cls, found: Refit, k: float = np.nan) -> Known:
        """Take the draws of a new fit; `k` is that of the weights that were of no use."""
        n_draw = next(iter(found.draws.values())).shape[-1]
        return cls(found.draws, np.zeros(n_draw), By.REFIT, k, found.rhat)

    def way(self, name: str, answers: Array) -> Way:
        """Say how good the draws are for what they foretell, (figure, draw)."""
        if self.by is not By.REFIT:
            return Way(name, self.by, self.k, np.nan, np.nan, _size(self.log_weights))
        # A run that failed says nothing of how the chains agree.
        middle = np.nanmean(answers, axis=1, keepdims=True)
        whole = np.where(np.isfinite(answers), answers, middle)
        chains = np.moveaxis(whole.reshape(len(whole), CHAINS, -1), 0, -1)
        rhat = float(diagnose(chains)["rhat"].max())
        size = float(effective_size(chains).min())
        return Way(name, self.by, self.k, self.rhat, rhat, size)


def known_before(ahead: Ahead, calibration: Calibration, seed: int, watch: Watch) -> Known:
    """Return what was known by moved draws, or by new ones where their weights are of no use.

    Parameters
    ----------
    watch : is told how many points are drawn anew, if any
    """
    posterior = Posterior(ahead.known)
    with one_thread():
        best = fit(posterior, STARTS, np.random.default_rng(seed))
        moved, log_weights, k = carried(calibration, posterior, best)
    if k <= USELESS and _size(log_weights) >= FEWEST:
        return Known(posterior.regions(moved), log_weights, By.MOVED, k, np.nan)
    n_draw = min(DRAWS, calibration.sample.points.shape[1])
    found = sample(posterior, best, Plan(n_draw, seed, n_tuning=min(TUNING, n_draw)), watch)
    rhat = float(diagnose(found.points)["rhat"].max())
    return Known.anew(Refit(posterior.regions(found.pooled), rhat), k)


def _size(log_weights: Array) -> float:
    """Return how many equal weights say as much (Kish 1965, Survey Sampling, section 11.7)."""
    if not np.isfinite(log_weights).any():
        return 0.0
    return float(1 / np.sum(Weighted.of(np.zeros(len(log_weights)), log_weights).weights ** 2))
