"""Two reported levels against the growth reported between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from simdyn.facts.checks.record import Conflict, ConflictKind, conflict
from simdyn.facts.collection import Facts
from simdyn.facts.intervals import compounded, interval, yearly
from simdyn.facts.records import Fact, Kind, PriceBasis, Role
from simdyn.facts.series import EXACT, Dated, reported_levels
from simdyn.facts.words import figure_words, title

PRICE_CHANGE = (-1.0, 5.0)
"""Percent a year by which prices may part levels (current prices) from growth (constant ones).

An assumption: wide for a Chinese region after 2010, so that only plain contradictions remain.
"""

SLACK = 0.1
"""Percent a year left to rounding of the levels where prices play no part."""

GROWTH = (Kind.GROWTH_TOTAL, Kind.GROWTH_ANNUAL_AVERAGE, Kind.GROWTH_YOY)
"""Growth that joins two levels, most direct first."""


@dataclass(frozen=True)
class Link:
    """Growth between two levels: `early` at its base, `late` in its last year."""

    growth: Fact
    early: Dated
    late: Dated

    @property
    def n_year(self) -> int:
        """Years of growth."""
        return self.late.year - self.early.year

    @property
    def pair(self) -> tuple[str, str]:
        """Ids of the two levels."""
        return self.early.fact.id, self.late.fact.id

    @property
    def implied(self) -> float:
        """The early level, in its unit, from the late level and the growth."""
        factor = growth_factor(self.growth, self.growth.number)
        return self.late.fact.amount / factor / self.early.fact.unit.factor

    @property
    def price_change(self) -> tuple[float, float]:
        """Lowest and highest price change, percent a year, that would reconcile the three."""
        ratio = self.late.fact.amount / self.early.fact.amount
        allowed = interval(self.growth)
        factors = [growth_factor(self.growth, rate) for rate in (allowed.high, allowed.low)]
        low, high = (yearly(ratio / factor, self.n_year) for factor in factors)
        return low, high


def levels_against_growth(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each pair of levels that the growth between them cannot join.

    The growth must be of the vintage of the late level. Across vintages the early level is
    one that must not be chained to the late one.
    """
    seen: set[tuple[str, str]] = set()
    for link in links(facts, region):
        if link.pair not in seen and not _joins(link):
            seen.add(link.pair)
            yield _conflict(link)


def links(facts: Facts, region: str) -> Iterator[Link]:
    """Yield every growth figure of the region with the levels at its two ends."""
    levels = [item for item in reported_levels(facts, region) if item.fact.bound in EXACT]
    for kind in GROWTH:
        for growth in facts.select(region=region, kind=kind, role=Role.OBSERVED):
            if _is_rate(growth):
                yield from _ends(growth, levels)


def growth_factor(growth: Fact, rate: float) -> float:
    """Return late level over early level if the growth figure were `rate` percent."""
    n_year = len(growth.period.years) if growth.kind is Kind.GROWTH_ANNUAL_AVERAGE else 1
    return 1 + compounded(rate, n_year) / 100


def _is_rate(growth: Fact) -> bool:
    """Whether the figure is a finite growth rate over whole years."""
    whole = not (growth.period.end and growth.period.end.part)
    percent = growth.unit.base == "percent" and growth.bound in EXACT
    return whole and percent and interval(growth).low > -100


def _base_year(growth: Fact) -> int:
    """Return the year that the growth starts from."""
    first = growth.period.years[0]
    return first if growth.kind is Kind.GROWTH_TOTAL else first - 1


def _ends(growth: Fact, levels: list[Dated]) -> Iterator[Link]:
    """Yield the pairs of levels at base and end; the late one shares the growth's vintage."""
    own = [item for item in levels if item.fact.quantity == growth.quantity]
    early = [item for item in own if item.year == _base_year(growth)]
    late = [item for item in own if item.year == growth.period.years[-1]]
    for first, last in product(early, late):
        comparable = first.fact.unit.base == last.fact.unit.base
        if comparable and last.fact.vintage is growth.vintage:
            yield Link(growth, first, last)


def _joins(link: Link) -> bool:
    """Whether some admissible price change reconciles levels and growth."""
    priced = link.early.fact.unit.dimension == "money"
    nominal = link.growth.price_basis is PriceBasis.NOMINAL
    lowest, highest = PRICE_CHANGE if priced and not nominal else (-SLACK, SLACK)
    low, high = link.price_change
    return low <= highest and high >= lowest


def _conflict(link: Link) -> Conflict:
    early, late, growth = link.early.fact, link.late.fact, link.growth
    same = early.vintage is late.vintage
    each = " a year" if growth.kind is Kind.GROWTH_ANNUAL_AVERAGE else ""
    sentence = (
        f"{title(growth.quantity)}: {late.printed} in {late.period} after growth of "
        f"{growth.printed} %{each} over {growth.period} implies {link.implied:.1f} in "
        f"{early.period}, but {figure_words(early)} is reported, a ratio of "
        f"{link.implied / early.number:.2f}."
    )
    if not same:
        sentence += f" The levels are of different vintages ({early.vintage}, {late.vintage})."
    kind = ConflictKind.LEVELS if same else ConflictKind.VINTAGES
    return conflict(kind, sentence, early.number, link.implied, early, late, growth)
