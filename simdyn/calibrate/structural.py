"""How far growth has strayed from its own past: what the facts say about the width of projections.

Nothing here is fitted to a region of the study. The figures are the reported growth of real GDP of
every region on file before the epidemic, which the model describes by itself. Growth of one vintage
is compared with growth of the same vintage only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from scipy.optimize import minimize

from simdyn.arrays import Array
from simdyn.facts.collection import Facts
from simdyn.facts.intervals import rounding
from simdyn.facts.records import Bound, Fact, Kind, Role
from simdyn.facts.series import EXACT

EPIDEMIC_YEAR = 2020
"""Figures that touch this year or a later one are left out of the history of growth."""
STEP_YEARS = 5
"""Years between two steps of the growth drift of the model."""
GROWTH = (Kind.GROWTH_YOY, Kind.GROWTH_ANNUAL_AVERAGE)


@dataclass(frozen=True)
class Drift:
    """How growth wandered: a random walk that regions share in part, and noise of single years.

    step : standard deviation of the change from one five-year average of growth to the next,
        percentage points
    walk : standard deviation of the change of underlying growth from one year to the next,
        percentage points
    pooling : correlation of the changes of two regions
    noise : standard deviation of the noise of single years, percentage points
    figures : ids of the figures used
    unused : ids of the figures that have no other of their region and vintage to change from
    """

    step: float
    walk: float
    pooling: float
    noise: float
    figures: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two figures that differ by `difference` (percentage points), first less second."""

    first: str
    second: str
    difference: float


@dataclass(frozen=True)
class Noise:
    """Standard deviation of the noise of one year, percentage points, and the pairs behind it."""

    sd: float
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Fulfilment:
    """Growth of a year less what was aimed at, percentage points: mean and root mean square."""

    mean: float
    rms: float
    pairs: tuple[Pair, ...]


def growth_drift(facts: Facts) -> Drift:
    """Estimate the random walk of real GDP growth over the regions on file.

    Growth of region r in year t is its level plus a walk plus noise; yearly steps of the walk
    have variance q and correlation `pooling` between regions. A figure is the mean over its
    years. q, pooling and the noise maximise the likelihood of what does not depend on the levels
    (restricted maximum likelihood: Harvey 1989, Forecasting, structural time series models and
    the Kalman filter, chapters 3 and 4). No trend is taken out: the drift is the error of
    expecting growth to stay as it was.
    """
    groups = list(_by_vintage(_history(facts)))
    used = [group for group in groups if len(group) > 1]
    history = _History.of(used)
    starts = ([0.0, 0.5, 0.0], [-1.0, 0.0, 1.0])
    ends = [minimize(history.cost, x, method="Nelder-Mead", tol=1e-9) for x in starts]
    noise, walk, pooling = _unpacked(min(ends, key=lambda end: float(end.fun)).x)
    # Neighbouring means over n years of a walk with yearly variance q differ with (2 n^2 + 1) q/3n.
    step = walk * np.sqrt((2 * STEP_YEARS**2 + 1) / (3 * STEP_YEARS))
    return Drift(
        float(step),
        walk,
        float(pooling),
        float(noise),
        tuple(fact.id for group in used for fact in group),
        tuple(group[0].id for group in groups if len(group) == 1),
    )


def yearly_noise(facts: Facts, *quantities: str) -> Noise:
    """Estimate the noise of growth in a single year from figures of one region and vintage.

    A year less the mean of the n years around it has variance (1 - 1/n) of the noise, a year less
    the one before twice that of the noise. The epidemic years count: only their first is
    calibrated in the model.
    """
    pairs: list[Pair] = []
    squares: list[float] = []
    for quantity in quantities:
        for group in _by_vintage(_growth(facts, quantity)):
            for one in group:
                for other in group:
                    if share := _noise_share(one, other):
                        difference = one.number - other.number
                        pairs.append(Pair(one.id, other.id, difference))
                        squares.append(difference**2 / share)
    return Noise(float(np.sqrt(np.mean(squares))), tuple(pairs))


def region_gap(facts: Facts, reference: str) -> Noise:
    """Compare growth of real GDP of each region on file with the reference's in the same year.

    Figures of one vintage, before the epidemic. The standard deviation is the root mean square
    about zero: what one misses by taking the reference's growth for a region's.
    """
    yearly = [fact for fact in _history(facts) if fact.period.year is not None]
    pairs = tuple(
        Pair(fact.id, other.id, fact.number - other.number)
        for fact in yearly
        for other in yearly
        if other.region == reference != fact.region
        and (other.period, other.vintage) == (fact.period, fact.vintage)
    )
    return Noise(float(np.sqrt(np.mean([pair.difference**2 for pair in pairs]))), pairs)


def plan_fulfilment(facts: Facts) -> Fulfilment:
    """Compare growth of real GDP in single years with what had been aimed at for them.

    Of a range, its lower end counts as the aim.
    """
    aims = facts.select(quantity="gdp", kind=Kind.TARGET_GROWTH_YOY)
    pairs = tuple(
        Pair(fact.id, aim.id, fact.number - aim.number)
        for aim in aims
        for fact in facts.select(region=aim.region, quantity="gdp", kind=Kind.GROWTH_YOY)
        if fact.period == aim.period and aim.bound is not Bound.LE
    )
    differences = np.array([pair.difference for pair in pairs])
    rms = np.sqrt(np.mean(differences**2))
    return Fulfilment(float(differences.mean()), float(rms), pairs)


def _growth(facts: Facts, quantity: str) -> list[Fact]:
    """Return reported growth over whole years, by region, vintage and time."""
    found = [
        fact
        for fact in facts.select(quantity=quantity, kind=GROWTH, role=Role.OBSERVED)
        if fact.bound in EXACT and not (fact.period.end and fact.period.end.part)
    ]
    return sorted(found, key=lambda f: (f.region, f.vintage, f.period.years[0], f.period.years[-1]))


def _history(facts: Facts) -> list[Fact]:
    return [fact for fact in _growth(facts, "gdp") if fact.period.years[-1] < EPIDEMIC_YEAR]


def _by_vintage(figures: Sequence[Fact]) -> Iterator[list[Fact]]:
    for _, group in groupby(figures, key=lambda fact: (fact.region, fact.vintage)):
        yield list(group)


def _noise_share(one: Fact, other: Fact) -> float:
    """Return the variance of one figure less another per variance of the noise; 0 for no pair."""
    year, around = one.period.year, other.period.years
    if year is None:
        return 0.0
    if len(around) > 1:
        return 1 - 1 / len(around) if year in around else 0.0
    return 2.0 if year == around[0] + 1 else 0.0


@dataclass(frozen=True)
class _History:
    """Growth figures as means over years.

    values : (figure,) percent
    years : (figure, year) weights that take the mean
    levels : (figure, group) which level each figure has
    rounding : (figure,) variance of what rounding hides
    """

    values: Array
    years: Array
    levels: Array
    rounding: Array

    @classmethod
    def of(cls, groups: Sequence[Sequence[Fact]]) -> _History:
        figures = [fact for group in groups for fact in group]
        first = min(fact.period.years[0] for fact in figures)
        span = np.arange(first, EPIDEMIC_YEAR)
        covered = [np.isin(span, fact.period.years) for fact in figures]
        groups_of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        return cls(
            np.array([fact.number for fact in figures]),
            np.array([row / row.sum() for row in covered]),
            (groups_of[:, None] == np.arange(len(groups))).astype(float),
            np.array([rounding(fact) ** 2 / 3 for fact in figures]),
        )

    def cost(self, packed: Array) -> float:
        """Return the negative restricted log-likelihood up to a constant."""
        root = np.linalg.cholesky(self._covariance(*_unpacked(packed)))
        levels = np.linalg.solve(root, self.levels)
        values = np.linalg.solve(root, self.values)
        basis, triangle = np.linalg.qr(levels)
        rest = values - basis @ (basis.T @ values)
        log_sizes = np.log(np.diag(root)).sum() + np.log(np.abs(np.diag(triangle))).sum()
        return float(log_sizes + 0.5 * rest @ rest)

    def _covariance(self, noise: float, walk: float, pooling: float) -> Array:
        n_year = self.years.shape[1]
        steps = np.minimum.outer(np.arange(n_year), np.arange(n_year)) + 1
        own = self.levels @ self.levels.T
        shared = own + pooling * (1 - own)
        walked = walk**2 * shared * (self.years @ steps @ self.years.T)
        noisy = noise**2 * own * (self.years @ self.years.T)
        return walked + noisy + np.diag(self.rounding)


def _unpacked(packed: Array) -> tuple[float, float, float]:
    """Return noise, walk and pooling: logarithms of the first two, logit of the third."""
    noise, walk = np.exp(packed[:2])
    return float(noise), float(walk), float(1 / (1 + np.exp(-packed[2])))
