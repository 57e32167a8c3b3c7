"""Calibrate regions together: best fit, draws of the posterior, and each region's part of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from simdyn.arrays import Array
from simdyn.calibrate.diagnostics import diagnose
from simdyn.calibrate.fit import Fit, fit
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.priors import shrinkage
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.sample import CHAINS, TUNING, Plan, Sample, sample, thinned
from simdyn.processes import Watch


@dataclass(frozen=True)
class Effort:
    """How much a calibration does.

    starts : of the search for the best fit
    draws : points drawn from the posterior, over all chains
    """

    starts: int
    draws: int

    @property
    def n_draw(self) -> int:
        """Points that each chain keeps."""
        return -(-self.draws // CHAINS)

    @property
    def n_tuning(self) -> int:
        """Points that each chain draws before."""
        return min(TUNING, self.n_draw)

    @property
    def n_point(self) -> int:
        """Points drawn in all chains, those of the tuning among them."""
        return CHAINS * (self.n_draw + self.n_tuning)


@dataclass(frozen=True)
class Calibrated:
    """One region's part of a calibration, in prior standard deviations z.

    best : (parameter,) at the best fit
    draws : (parameter, draw) of the posterior, the same draw of all regions belonging together
    points : the same as (chain, draw, parameter)
    jacobian : d(residual)/dz of the region's figures at the best fit, (figure, parameter)
    """

    problem: Problem
    best: Array
    draws: Array
    points: Array
    jacobian: Array

    @property
    def time_step(self) -> float:
        """Step of the region's runs, in years."""
        return self.problem.time_step or self.problem.model.time_step

    @cached_property
    def diagnostics(self) -> pd.DataFrame:
        """R-hat and effective sizes of each parameter, as of `diagnose`."""
        found = diagnose(self.points)
        found.index = pd.Index([p.parameter for p in self.problem.region.priors], name="parameter")
        return found

    @cached_property
    def shrinkage(self) -> Array:
        """1 - posterior variance / prior variance, (parameter,)."""
        return shrinkage(self.draws)

    @property
    def effective_figures(self) -> float:
        """How many independent figures' worth the region's figures say about its parameters.

        Sum of l / (1 + l) over the eigenvalues l of the figures' information.
        """
        values = np.linalg.svd(self.jacobian, compute_uv=False) ** 2
        return float(np.sum(values / (1 + values)))

    def thinned(self, n_draw: int) -> Array:
        """Return `n_draw` draws, evenly spread over all, (parameter, draw)."""
        return thinned(self.draws, n_draw)


@dataclass(frozen=True)
class Calibration:
    """All regions' best fit and draws."""

    posterior: Posterior
    fit: Fit
    sample: Sample

    @cached_property
    def regions(self) -> dict[str, Calibrated]:
        """Each region's part."""
        sides = self.posterior.by_region(self.fit.point)
        return {
            key: Calibrated(
                self.posterior.problems[key],
                matrix @ self.fit.point,
                matrix @ self.sample.pooled,
                self.sample.points @ matrix.T,
                sides[key][1] if key in sides else np.zeros((0, len(matrix))),
            )
            for key, matrix in self.posterior.maps.items()
        }

    @cached_property
    def diagnostics(self) -> pd.DataFrame:
        """Those of each region's parameters, regions one after the other."""
        return pd.concat([region.diagnostics for region in self.regions.values()])

    @cached_property
    def untouched(self) -> list[tuple[str, str]]:
        """(parameter, region) of the coordinates that no figure touches: negative controls."""
        return [
            name for name, is_so in zip(self.posterior.names, self._untouched, strict=True) if is_so
        ]

    @property
    def control_spread(self) -> Array:
        """Standard deviation of the draws of each negative control; one is right, (control,)."""
        return self.sample.pooled[self._untouched].std(axis=1)

    @cached_property
    def _untouched(self) -> Array:
        """Whether the figures' derivatives by a coordinate vanish, at the best fit and in draws."""
        points = [self.fit.point, *thinned(self.sample.pooled, 8).T]
        touched = [np.any(self.posterior.residuals(point)[1] != 0, axis=0) for point in points]
        return ~np.any(touched, axis=0)


def calibrate(
    problems: Mapping[str, Problem], effort: Effort, seed: int, watch: Watch = lambda _: None
) -> Calibration:
    """Fit and sample; the same seed gives the same bits.

    Parameters
    ----------
    watch : is told now and then how many points have been drawn, of `Effort.n_point`
    """
    posterior = Posterior(problems)
    best = fit(posterior, effort.starts, np.random.default_rng(seed))
    plan = Plan(effort.n_draw, seed, n_tuning=effort.n_tuning)
    return Calibration(posterior, best, sample(posterior, best, plan, watch))
