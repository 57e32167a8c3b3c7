"""What one document says of a quantity: its last level, its target growth, both together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simdyn.facts.collection import Facts
from simdyn.facts.records import Fact, Kind, Role
from simdyn.facts.series import reported_levels

TARGET_GROWTH = (Kind.TARGET_GROWTH_ANNUAL, Kind.TARGET_GROWTH_YOY)
GROWS_AS = {"industrial_output_above_scale": "industrial_value_added_above_scale"}
"""Quantities without a target growth of their own, and the one whose target they are given."""


@dataclass(frozen=True)
class Forward:
    """A level carried forward by the document's own target growth over `n_year` years."""

    base: Fact
    growth: Fact
    n_year: int

    @property
    def amount(self) -> float:
        """The level in the year of the target, in the base of its unit."""
        return self.base.amount * factor(self.growth, self.n_year)

    @property
    def words(self) -> str:
        """The arithmetic in words."""
        rate = 1 + self.growth.number / 100
        value = self.base.number * factor(self.growth, self.n_year)
        return f"{self.base.printed} x {rate:g}^{self.n_year} = {value:.1f}"

    @property
    def facts(self) -> tuple[Fact, Fact]:
        """The facts behind it."""
        return self.base, self.growth


def forward(facts: Facts, target: Fact, quantity: str) -> Forward | None:
    """Return a quantity in the year of a target, as the target's document would have it grow."""
    base = base_of(facts, target, quantity)
    if base is None:
        return None
    name = GROWS_AS.get(quantity, quantity)
    growth = target_growth(facts, target, quantity, base) or target_growth(
        facts, target, name, base
    )
    if growth is None:
        return None
    return Forward(base, growth, last_year(target) - last_year(base))


def targets(facts: Facts, region: str, kind: Kind) -> Iterator[Fact]:
    """Yield the targets of single whole years with a positive number."""
    for fact in facts.select(region=region, kind=kind):
        if fact.year is not None and (fact.value or 0) > 0:
            yield fact


def base_of(facts: Facts, target: Fact, quantity: str) -> Fact | None:
    """Return the last level that the target's document reports before it."""
    levels = [item.fact for item in reported_levels(facts, target.region, quantity)]
    money = target.unit.dimension == "share" or target.quantity != quantity
    own = [
        level
        for level in levels
        if level.document == target.document
        and last_year(level) < target.period.years[-1]
        and (money or level.unit.base == target.unit.base)
    ]
    return own[-1] if own else None


def last_of(facts: Facts, target: Fact, quantity: str, *kinds: Kind) -> Fact | None:
    """Return the last figure of those kinds that the target's document reports before it."""
    found = [
        fact
        for fact in facts.select(
            region=target.region, quantity=quantity, kind=kinds, role=Role.OBSERVED
        )
        if fact.document == target.document
        and fact.unit.base == target.unit.base
        and fact.value is not None
        and fact.period.years
        and target.period.years
        and fact.period.years[-1] < target.period.years[-1]
    ]
    return max(found, key=lambda fact: fact.period.years[-1], default=None)


def aim_beside(facts: Facts, target: Fact, quantity: str) -> Fact | None:
    """Return the target of another quantity for the same time in the same document."""
    for fact in facts.select(region=target.region, quantity=quantity, role=Role.TARGET):
        same = (fact.document, fact.period) == (target.document, target.period)
        if same and not fact.kind.is_growth:
            return fact
    return None


def target_growth(facts: Facts, target: Fact, quantity: str, base: Fact) -> Fact | None:
    """Return the target growth of a quantity that the document gives from the base on."""
    for growth in facts.select(region=target.region, quantity=quantity, kind=TARGET_GROWTH):
        if growth.document == target.document and growth.period.years[0] == last_year(base) + 1:
            return growth
    return None


def factor(growth: Fact, n_year: int) -> float:
    """Return what `n_year` years of a growth figure multiply by."""
    return (1 + growth.number / 100) ** n_year


def last_year(fact: Fact) -> int:
    """Return the last year of a figure's period."""
    return fact.period.years[-1]
