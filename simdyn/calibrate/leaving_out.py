"""Leaving figures out of a calibration without a new sample.

Leaving one figure out needs no new draws as long as few of them do not carry all the weight: draws
of the posterior of all figures are weighted by one over the likelihood of the figure, and the
largest weights smoothed (Vehtari, Gelman and Gabry 2017, Statistics and Computing 27, 1413-1432;
Vehtari and others 2024, Journal of Machine Learning Research 25(72)). Where the tail index k of the
weights is above 0.7 they are of no use. As draws may miss the tail, k is taken as no less than what
it would be were the posterior Gaussian: a residual r with variance h, its leverage, has weights
exp(r^2 / 2), whose tail falls with the power -1 / h, so that k = h.

Then the draws are first moved to where the posterior without the figure would be if the model were
linear, or is by the fit without it, and weighted for what that misses: importance sampling after
an affine map, as Paananen and others (2021, Statistics and Computing 31, 16) do with maps from
moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.diagnostics import smoothed_weights
from simdyn.calibrate.fit import Fit, fit
from simdyn.calibrate.likelihoods import Errors
from simdyn.calibrate.linear import Figure, Linear
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.sample import thinned
from simdyn.processes import one_thread

USELESS = 0.7
"""Tail index of weights above which they are of no use."""
WEIGHED = 4000
"""Draws that are weighted, at most."""


class By(StrEnum):
    """How a figure was left out: by weights, by weights of moved draws, or by a new fit."""

    WEIGHTS = "weights"
    MOVED = "moved draws"
    REFIT = "new fit"


@dataclass(frozen=True)
class Answered:
    """What the model answers to a figure where the figure is left out.

    answers : (draw,), in the unit of the reading
    log_weights : logarithms of the weights, (draw,)
    k : tail index of the weights; above `USELESS` they are of no use
    """

    figure: Figure
    answers: Array
    log_weights: Array
    k: float
    by: By


def weigh(calibration: Calibration) -> tuple[Answered, ...]:
    """Return every figure of every region left out by weights, of moved draws where needed."""
    linear = Linear.of(calibration)
    if not linear.figures:
        return ()
    points = _thinned(calibration)
    here = _at(calibration.posterior, points)
    logs = _log_density(here[1], points)

    def left_out(n: int) -> Iterator[Answered]:
        figure, leverage = linear.figures[n], float(linear.leverages[n])
        smoothed, k = smoothed_weights(here[1][n] ** 2 / 2)
        yield Answered(figure, here[0][n], smoothed, max(k, leverage), By.WEIGHTS)
        for move in (_by_algebra, _by_fit):
            there = move(calibration, linear, points, n)
            answers, residuals = _at(calibration.posterior, there)
            target = _log_density(np.delete(residuals, n, axis=0), there)
            yield Answered(figure, answers[n], *smoothed_weights(target - logs), By.MOVED)

    with one_thread():
        return tuple(_first_useful(left_out(n)) for n in range(len(linear.figures)))


def carried(calibration: Calibration, other: Posterior, best: Fit) -> tuple[Array, Array, float]:
    """Return draws of the posterior of other figures, moved from those that are there.

    Parameters
    ----------
    other, best : what is to be drawn from, of the same parameters, and its best fit

    Returns
    -------
    points : (coordinate, draw)
    log_weights, k : as of `Answered`
    """
    points = _thinned(calibration)
    here = _log_density(_residuals(calibration.posterior, points), points)
    there = moved_to(best, calibration.fit, points)
    weights = _log_density(_residuals(other, there), there) - here
    return there, *smoothed_weights(weights)


def _thinned(calibration: Calibration) -> Array:
    return thinned(calibration.sample.pooled, min(WEIGHED, calibration.sample.n_draw))


def _first_useful(ways: Iterator[Answered]) -> Answered:
    """Return the first way whose weights are of use, else the one with the least tail index."""
    tried: list[Answered] = []
    for way in ways:
        tried.append(way)
        if way.k <= USELESS:
            return way
    return min(tried, key=lambda way: way.k)


def moved(linear: Linear, best: Array, points: Array, n: int) -> Array:
    """Return draws moved to the posterior without figure n, were the model linear.

    With a the figure's row of the jacobian, S the covariance and h = a' S a its leverage, mean and
    covariance without it are m + S a r / (1 - h) and S + S a a' S / (1 - h). The map is linear in
    the draws, so that its determinant is the same for all and weights need not know it.

    Parameters
    ----------
    best : the best fit m, (coordinate,)
    points : draws of the posterior of all figures, (coordinate, draw)
    """
    own = linear.apart[n, n]
    towards = linear.jacobian.T @ linear.apart[:, n]
    stretch = (1 / np.sqrt(own) - 1) / max(1 - own, np.finfo(float).tiny)
    along = linear.jacobian[n] @ (points - best[:, None])
    return points + np.outer(towards, linear.residuals[n] / own + stretch * along)


def moved_to(new: Fit, old: Fit, points: Array) -> Array:
    """Return draws (coordinate, draw) moved from the Gaussian around one fit to that of another.

    The map is the least that does it: optimal transport between Gaussians (Olkin and Pukelsheim
    1982, Linear Algebra and its Applications 48, 257-263).
    """
    values, vectors = np.linalg.eigh(old.root @ new.covariance @ old.root)
    middle = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    least = old.inverse_root @ middle @ old.inverse_root
    return np.asarray(new.point[:, None] + least @ (points - old.point[:, None]))


class _Without(Posterior):
    """A posterior without one of its figures, whose model need not be compiled again."""

    def __init__(self, whole: Posterior, n: int) -> None:
        self.__dict__.update(whole.__dict__)
        self._left_out = n

    def residuals(self, point: Array) -> tuple[Array, Array]:
        """Return residuals of the other figures and their derivatives at a point."""
        residuals, jacobian = super().residuals(point)
        return np.delete(residuals, self._left_out), np.delete(jacobian, self._left_out, axis=0)


def _by_algebra(calibration: Calibration, linear: Linear, points: Array, n: int) -> Array:
    return moved(linear, calibration.fit.point, points, n)


def _by_fit(calibration: Calibration, _: Linear, points: Array, n: int) -> Array:
    # A search from the prior medians alone; nothing of it is random.
    new = fit(_Without(calibration.posterior, n), 1, np.random.default_rng(0))
    return moved_to(new, calibration.fit, points)


def _at(posterior: Posterior, points: Array) -> tuple[Array, Array]:
    """Return answers and residuals of all figures at points, (figure, draw)."""
    regions = posterior.regions(points)
    fitted = [
        (problem, regions[key])
        for key, problem in posterior.problems.items()
        if problem.region.observations
    ]
    answers = [problem.answers(z) for problem, z in fitted]
    residuals = [
        Errors(problem.region.observations, problem.reported)(found.T)[0].T
        for (problem, _), found in zip(fitted, answers, strict=True)
    ]
    return np.vstack(answers), np.vstack(residuals)


def _residuals(posterior: Posterior, points: Array) -> Array:
    """Return residuals of all figures at points, (figure, draw); of none if there is no figure."""
    if not any(problem.region.observations for problem in posterior.problems.values()):
        return np.empty((0, points.shape[1]))
    return _at(posterior, points)[1]


def _log_density(residuals: Array, points: Array) -> Array:
    """Return the log density at points up to a constant, -inf where a run fails, (draw,)."""
    value = -0.5 * (np.sum(residuals**2, axis=0) + np.sum(points**2, axis=0))
    return np.where(np.isfinite(value), value, -np.inf)
