"""Maximum a posteriori fit from several starts, and the Gaussian (Laplace) spread around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from simdyn.arrays import Array
from simdyn.calibrate.priors import median_point
from simdyn.calibrate.problem import Problem

MAX_EVALUATIONS = 60
AGREEMENT = 0.1
"""Starts whose negative log posterior lies this close to the best count as agreeing."""
START_SPREAD = 0.7
"""Spread of the random starts, in prior standard deviations."""


@dataclass(frozen=True)
class Fit:
    """The best-fit point of a region and the spread around it.

    z : (parameter,) best fit in prior standard deviations
    covariance : (parameter, parameter) of the Laplace approximation, in the same units
    cost : negative log posterior at the best fit, up to a constant
    costs : of every start, in the order of the starts
    effective_figures : how many independent figures' worth the observations say about the
        parameters, sum of l / (1 + l) over the eigenvalues l of the data's information
    """

    z: Array
    covariance: Array
    cost: float
    costs: tuple[float, ...]
    effective_figures: float

    @property
    def n_agreeing(self) -> int:
        """How many starts ended at the best fit."""
        return sum(cost - self.cost < AGREEMENT for cost in self.costs)


def fit(problem: Problem, n_start: int, rng: np.random.Generator) -> Fit:
    """Fit `problem` by least squares from the prior median and `n_start` - 1 random points.

    The Laplace covariance is the inverse of J'J at the best point; a parameter that no figure
    touches keeps its prior spread exactly. Source: Gelman and others, Bayesian Data Analysis,
    3rd edition, section 4.1.
    """
    if not problem.region.observations:
        nothing = np.zeros(problem.n_parameter)
        return Fit(nothing, np.eye(problem.n_parameter), 0.0, (0.0,), 0.0)
    starts = [median_point(problem.region.priors)]
    starts += [START_SPREAD * rng.standard_normal(problem.n_parameter) for _ in range(n_start - 1)]
    ends = [_descend(problem, start) for start in starts]
    cost, z = min(ends, key=lambda end: end[0])
    covariance, effective = _laplace(problem.jacobian(z))
    return Fit(z, covariance, cost, tuple(end[0] for end in ends), effective)


def _descend(problem: Problem, start: Array) -> tuple[float, Array]:
    def residuals(z: Array) -> Array:
        return problem.residuals(z[:, None])[:, 0]

    end = least_squares(
        residuals,
        start,
        jac=problem.jacobian,
        method="trf",
        max_nfev=MAX_EVALUATIONS,
    )
    return float(end.cost), np.asarray(end.x, dtype=np.float64)


def _laplace(jacobian: Array) -> tuple[Array, float]:
    """Return the covariance and the effective number of figures from J at the best fit."""
    information = jacobian.T @ jacobian
    n_parameter = len(information)
    values, vectors = np.linalg.eigh(information - np.eye(n_parameter))
    data = np.maximum(values, 0.0)
    covariance = (vectors / (1 + data)) @ vectors.T
    return (covariance + covariance.T) / 2, float(np.sum(data / (1 + data)))
