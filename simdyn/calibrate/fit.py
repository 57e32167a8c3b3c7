"""Maximum a posteriori fit from several starts, and the Gaussian (Laplace) spread around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import least_squares

from simdyn.arrays import Array
from simdyn.calibrate.posterior import Posterior
from simdyn.errors import RunError

MAX_EVALUATIONS = 100
AGREEMENT = 0.1
"""Starts whose negative log posterior lies this close to the best count as agreeing."""
REFUSED_RESIDUAL = 1e3
"""Residual of a run that left the finite numbers, so that the search turns back."""
START_SPREAD = 0.7
"""Spread of the random starts, in prior standard deviations."""


@dataclass(frozen=True)
class Fit:
    """The best fit of some regions and the spread around it.

    point : (coordinate,) best fit
    information : (coordinate, coordinate) J'J of the figures' residuals there
    cost : negative log posterior at the best fit, up to a constant
    costs : of every start, in the order of the starts
    """

    point: Array
    information: Array
    cost: float
    costs: tuple[float, ...]

    @property
    def n_agreeing(self) -> int:
        """How many starts ended at the best fit."""
        return sum(cost - self.cost < AGREEMENT for cost in self.costs)

    @cached_property
    def root(self) -> Array:
        """The symmetric root R of the Laplace covariance (I + J'J)^-1 = R R.

        Coordinates that no figure touches keep a spread of exactly one. Source: Gelman and others,
        Bayesian Data Analysis, 3rd edition, section 4.1.
        """
        values, vectors = self._axes
        root: Array = (vectors * (1 / np.sqrt(values))) @ vectors.T
        return root

    @cached_property
    def inverse_root(self) -> Array:
        """The inverse of the root."""
        values, vectors = self._axes
        inverse: Array = (vectors * np.sqrt(values)) @ vectors.T
        return inverse

    @property
    def covariance(self) -> Array:
        """The Laplace covariance (coordinate, coordinate)."""
        return self.root @ self.root.T

    @cached_property
    def _axes(self) -> tuple[Array, Array]:
        """The eigenvalues and eigenvectors of I + J'J."""
        values, vectors = np.linalg.eigh(self.information)
        return 1 + np.maximum(values, 0.0), vectors


def fit(posterior: Posterior, n_start: int, rng: np.random.Generator) -> Fit:
    """Fit by least squares from the prior medians and `n_start` - 1 random points.

    Raises
    ------
    RunError
        The best fit of a region is no possible run.
    """
    n = posterior.n_coordinate
    starts = [np.zeros(n)]
    starts += [START_SPREAD * rng.standard_normal(n) for _ in range(n_start - 1)]
    ends = [_descend(posterior, start) for start in starts]
    cost, point = min(ends, key=lambda end: end[0])
    _refuse_impossible(posterior, point)
    _, jacobian = posterior.residuals(point)
    return Fit(point, jacobian.T @ jacobian, cost, tuple(end[0] for end in ends))


def _refuse_impossible(posterior: Posterior, point: Array) -> None:
    """Refuse a best fit whose run is not finite or turns a stock negative."""
    for key, z in posterior.regions(point).items():
        problem = posterior.problems[key]
        if not np.isfinite(problem.answers(z[:, None])).all():
            message = (
                f"no parameters near the priors give a possible run of {problem.region.name}. "
            )
            raise RunError(message + "Mend the centres of its priors, or its fixed values.")


def _descend(posterior: Posterior, start: Array) -> tuple[float, Array]:
    """Return the negative log posterior, up to a constant, and the point where a search ends."""
    known: dict[bytes, tuple[Array, Array]] = {}

    def at(point: Array) -> tuple[Array, Array]:
        # The search asks for residuals and jacobian of one point in turn.
        if point.tobytes() not in known:
            known.clear()
            known[point.tobytes()] = posterior.residuals(point)
        return known[point.tobytes()]

    def residuals(point: Array) -> Array:
        found = np.nan_to_num(at(point)[0], nan=REFUSED_RESIDUAL)
        return np.concatenate([found, point])

    def jacobian(point: Array) -> Array:
        return np.vstack([at(point)[1], np.eye(len(point))])

    end = least_squares(residuals, start, jac=jacobian, method="lm", max_nfev=MAX_EVALUATIONS)
    return float(end.cost), np.asarray(end.x, dtype=np.float64)
