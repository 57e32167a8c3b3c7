"""The fit as a linear problem: how its figures hang together.

At the best fit the residuals of all figures are r, their derivatives by the coordinates J. A
coordinate is standard normal a priori and a residual has variance one, so that the figures, were
nothing known but the prior, would have covariance I + J J'. Its inverse A = I - J (I + J'J)^-1 J'
is what leaving figures out needs (Cook and Weisberg 1982, Residuals and Influence in Regression,
sections 2.2 and 3.6, with the prior as further observations).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.problem import Problem
from simdyn.regions import Observation


@dataclass(frozen=True)
class Figure:
    """An observation of a region: the `place`-th of the problem."""

    problem: Problem
    place: int

    @property
    def region(self) -> str:
        """Key of the region."""
        return self.problem.region.key

    @property
    def observation(self) -> Observation:
        """How the figure is read."""
        return self.problem.region.observations[self.place]

    @property
    def reported(self) -> float:
        """The reading, in the unit of the operator's answer."""
        return float(self.problem.reported[self.place])

    @property
    def label(self) -> str:
        """Region and label, for readers."""
        return f"{self.problem.region.name}: {self.observation.label}"


def figures_of(problem: Problem) -> tuple[Figure, ...]:
    """Return the figures of a region in their order."""
    return tuple(Figure(problem, place) for place in range(len(problem.region.observations)))


@dataclass(frozen=True)
class Linear:
    """All figures at the best fit.

    figures : of all regions, in the order of the rows below
    residuals : at the best fit, (figure,)
    jacobian : d(residual)/d(coordinate), (figure, coordinate)
    apart : A, (figure, figure)
    """

    figures: tuple[Figure, ...]
    residuals: Array
    jacobian: Array
    apart: Array

    @classmethod
    def of(cls, calibration: Calibration) -> Linear:
        """Take the best fit of a calibration as linear."""
        residuals, jacobian = calibration.posterior.residuals(calibration.fit.point)
        problems = calibration.posterior.problems.values()
        figures = tuple(figure for problem in problems for figure in figures_of(problem))
        apart = np.linalg.inv(np.eye(len(figures)) + jacobian @ jacobian.T)
        return cls(figures, residuals, jacobian, apart.astype(np.float64))

    @property
    def leverages(self) -> Array:
        """How far each figure sets what the fit answers to it, 0 to 1, (figure,)."""
        return 1 - np.diag(self.apart)

    @property
    def z(self) -> Array:
        """What the others foretell of each figure less what it says, in standard deviations.

        A figure left out is off by r / A_ii with variance 1 / A_ii, its own error included.
        """
        return self.residuals / np.sqrt(np.diag(self.apart))

    @property
    def z_without(self) -> Array:
        """The z of figure i when figure j is left out too, (i, j); nan for i = j."""
        own = np.diag(self.apart)
        both = own[:, None] * own - self.apart**2
        np.fill_diagonal(both, np.nan)
        off = (own * self.residuals[:, None] - self.apart * self.residuals) / both
        return np.asarray(off / np.sqrt(own / both))

    def gains(self, rows: Array) -> Array:
        """Return by how much the variance of some parameters grows without each figure.

        Parameters
        ----------
        rows : a parameter in prior standard deviations as weights of the coordinates,
            (parameter, coordinate)

        Returns
        -------
        gains : (parameter, figure), in prior variances; of the Gaussian around the best fit
        """
        pull = self.apart @ self.jacobian @ rows.T
        return np.asarray((pull**2 / np.diag(self.apart)[:, None]).T)
