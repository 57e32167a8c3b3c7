"""The population that GDP and GDP per head imply, against the population reported."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simdyn.facts.checks.record import Conflict, ConflictKind, conflict
from simdyn.facts.collection import Facts
from simdyn.facts.records import Bound, Fact
from simdyn.facts.series import Dated, reported_levels
from simdyn.facts.words import quantity_words, value_words

TOLERANCE = 0.05
"""Relative difference of heads left to rounding and to the day of the count."""

CONCEPTS = ("population", "registered_population")


def population_implied(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each population that differs from GDP over GDP per head of the same year.

    A year without a census is read off the straight line (in logarithms) between two.
    """
    for year, gdp in reported_levels(facts, region, "gdp"):
        for head_year, head in reported_levels(facts, region, "gdp_per_capita"):
            same = (year, gdp.vintage) == (head_year, head.vintage)
            if same and head.unit.base == f"{gdp.unit.base}/person":
                yield from _against_counts(facts, year, gdp, head)


def _against_counts(facts: Facts, year: int, gdp: Fact, head: Fact) -> Iterator[Conflict]:
    implied = gdp.amount / head.amount
    for concept in CONCEPTS:
        counts = _around(reported_levels(facts, gdp.region, concept), year)
        if counts and abs(implied / _persons(counts, year) - 1) > TOLERANCE:
            yield _conflict(gdp, head, _persons(counts, year), [item.fact for item in counts])


def _around(counts: list[Dated], year: int) -> list[Dated]:
    """Return the count of `year`, or the last before and the first after; else nothing."""
    before = [item for item in counts if item.year <= year]
    after = [item for item in counts if item.year >= year]
    if not before or not after:
        return []
    return [before[-1]] if before[-1].year == year else [before[-1], after[0]]


def _persons(counts: list[Dated], year: int) -> float:
    """Return the persons in `year` from one count, or between two."""
    first, last = counts[0], counts[-1]
    if first is last:
        return first.fact.amount
    weight = (year - first.year) / (last.year - first.year)
    return math.exp(
        (1 - weight) * math.log(first.fact.amount) + weight * math.log(last.fact.amount)
    )


def _conflict(gdp: Fact, head: Fact, persons: float, counts: list[Fact]) -> Conflict:
    implied = gdp.amount / head.amount
    limit = "fewer than " if head.bound in {Bound.GT, Bound.GE} else ""
    counted = " and ".join(str(fact.period) for fact in counts)
    sentence = (
        f"GDP {gdp.printed} over {value_words(head)} per head in {gdp.period} gives "
        f"{limit}{implied:,.0f} persons; {quantity_words(counts[0].quantity)} was {persons:,.0f} "
        f"(counted in {counted}), or {gdp.amount / persons:,.0f} per head. Resident and "
        f"registered population are probably mixed."
    )
    return conflict(ConflictKind.POPULATION, sentence, persons, implied, gdp, head, *counts)
