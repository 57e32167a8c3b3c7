"""Naive forecasts that the model has to beat, with spreads from the history of growth.

A rival foretells a figure only where the facts give what it needs. Spreads come from
`simdyn.calibrate.structural`: underlying growth walks with yearly steps of standard deviation w,
and a year differs from it by noise s. The walk of a quantity other than GDP is taken as wider in
the proportion of the noise (assumption: there are too few figures to tell).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simdyn.calibrate.linear import Figure
from simdyn.calibrate.predictive import Normal
from simdyn.calibrate.structural import (
    growth_drift,
    plan_fulfilment,
    region_gap,
    yearly_noise,
)
from simdyn.facts.collection import Facts
from simdyn.facts.records import Fact, Kind, Role, Vintage
from simdyn.facts.series import EXACT, reported_levels
from simdyn.regions import Operator

LAST, AVERAGE = "last growth persists", "average of past years persists"
PLAN, REFERENCE = "the plan's target", "growth of Heilongjiang or Harbin in that year"
REFERENCES = ("heilongjiang", "harbin_city")
"""Whose growth of the year stands in for a region's: the province, else its capital."""
OTHERS = (
    "industrial_value_added_above_scale",
    "fixed_asset_investment",
    "general_budget_revenue",
)
"""Quantities whose noise is estimated together, as their pairs of figures are few."""
FORETOLD = (Operator.GROWTH, Operator.LEVEL)


@dataclass(frozen=True)
class Average:
    """Average growth over `n_year` years up to `last`, percent a year."""

    region: str
    quantity: str
    last: int
    n_year: int
    growth: float


@dataclass(frozen=True)
class Rival:
    """A naive forecast: its name, what it expects and what it rests on."""

    name: str
    predictive: Normal
    basis: str


@dataclass(frozen=True)
class Spreads:
    """Standard deviations of the errors of rivals, percentage points.

    gdp, other : noise of a single year of growth, of GDP and of other quantities
    walk : yearly step of the underlying growth of GDP
    plan : root mean square by which plans were missed
    reference : the same of taking the province's growth for a region's
    """

    gdp: float
    other: float
    walk: float
    plan: float
    reference: float

    @classmethod
    def of(cls, facts: Facts) -> Spreads:
        """Estimate all of them from the facts."""
        return cls(
            yearly_noise(facts, "gdp").sd,
            yearly_noise(facts, *OTHERS).sd,
            growth_drift(facts).walk,
            plan_fulfilment(facts).rms,
            region_gap(facts, REFERENCES[0]).sd,
        )

    def scale(self, quantity: str) -> float:
        """How much wider growth of a quantity swings than that of GDP."""
        return 1.0 if quantity == "gdp" else self.other / self.gdp

    def persisting(self, quantity: str, n_year: int) -> float:
        """Return the error of expecting the mean growth of the last n years for the next.

        The walk adds w^2 (n + 1) (2 n + 1) / (6 n), the noise s^2 (1 + 1 / n).
        """
        walked = self.walk**2 * (n_year + 1) * (2 * n_year + 1) / (6 * n_year)
        return self.scale(quantity) * float(np.sqrt(walked + self.gdp**2 * (1 + 1 / n_year)))


def rivals(
    figure: Figure, facts: Facts, spreads: Spreads, averages: tuple[Average, ...]
) -> tuple[Rival, ...]:
    """Return the rivals that foretell a figure: growth of one year, or a level after it.

    Parameters
    ----------
    averages : that were worked out from figures of the region, besides those on file
    """
    observation = figure.observation
    fact = facts[observation.fact_ids[0]]
    if observation.operator not in FORETOLD or fact.bound not in EXACT:
        return ()
    growths = _growths(fact.region, fact.quantity, observation.end, facts, spreads, averages)
    if observation.operator is Operator.GROWTH:
        return tuple(growths)
    base = _level(facts, fact.region, fact.quantity, observation.end - 1)
    if base is None or observation.measurement_parameters:
        return ()
    start = base.number * observation.scale
    return tuple(
        Rival(
            rival.name,
            Normal(start * (1 + rival.predictive.mean / 100), start * rival.predictive.sd / 100),
            f"{base.id}; {rival.basis}",
        )
        for rival in growths
    )


def _growths(
    region: str,
    quantity: str,
    year: int,
    facts: Facts,
    spreads: Spreads,
    averages: tuple[Average, ...],
) -> Iterator[Rival]:
    """Yield the rivals' forecasts of growth in a year."""
    if (last := _growth(facts, region, quantity, year - 1)) is not None:
        sd = spreads.persisting(quantity, 1)
        yield Rival(LAST, Normal(last[0], sd), last[1])
    known = (*_averages(facts, region, quantity), *averages)
    for average in known:
        if (average.region, average.quantity, average.last) == (region, quantity, year - 1):
            sd = spreads.persisting(quantity, average.n_year)
            basis = f"mean of {year - average.n_year}-{year - 1}"
            yield Rival(AVERAGE, Normal(average.growth, sd), basis)
            break
    for fact in facts.select(region=region, quantity=quantity, kind=Kind.TARGET_GROWTH_YOY):
        if fact.year == year:
            sd = spreads.plan * spreads.scale(quantity)
            yield Rival(PLAN, Normal(fact.number, sd), fact.id)
            break
    for reference in REFERENCES:
        if (growth := _growth(facts, reference, quantity, year)) is not None:
            sd = spreads.reference * spreads.scale(quantity)
            yield Rival(REFERENCE, Normal(growth[0], sd), growth[1])
            break


def _growth(facts: Facts, region: str, quantity: str, year: int) -> tuple[float, str] | None:
    """Return growth in a year, percent, and what it rests on: as reported, else from levels."""
    for fact in facts.select(region=region, quantity=quantity, kind=Kind.GROWTH_YOY):
        if fact.year == year and _is_current(fact):
            return fact.number, fact.id
    before, after = (_level(facts, region, quantity, y) for y in (year - 1, year))
    if quantity == "gdp" or before is None or after is None:
        # Growth of GDP is real, that of its level is not.
        return None
    return 100 * (after.number / before.number - 1), f"{before.id}, {after.id}"


def _averages(facts: Facts, region: str, quantity: str) -> Iterator[Average]:
    for fact in facts.select(region=region, quantity=quantity, kind=Kind.GROWTH_ANNUAL_AVERAGE):
        years = fact.period.years
        if len(years) and _is_current(fact):
            yield Average(region, quantity, years[-1], len(years), fact.number)


def _level(facts: Facts, region: str, quantity: str, year: int) -> Fact | None:
    levels = reported_levels(facts, region, quantity)
    found = (item.fact for item in levels if item.year == year and _is_current(item.fact))
    return next(found, None)


def _is_current(fact: Fact) -> bool:
    is_exact = fact.role is Role.OBSERVED and fact.bound in EXACT
    return is_exact and fact.vintage is Vintage.CURRENT
