"""Levels of a quantity as a series of years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from simdyn.facts.collection import Facts
from simdyn.facts.records import Bound, Fact, Kind, Role

EXACT = frozenset({Bound.EQ, Bound.APPROX})
"""Bounds that give a value rather than a limit."""


class Dated(NamedTuple):
    """A figure for one whole year."""

    year: int
    fact: Fact


def dated(facts: Iterable[Fact]) -> list[Dated]:
    """Return the figures of single whole years with a positive number, in order of years."""
    found = [Dated(f.year, f) for f in facts if f.year is not None and (f.value or 0) > 0]
    return sorted(found, key=lambda item: item.year)


def reported_levels(facts: Facts, region: str, quantity: str | None = None) -> list[Dated]:
    """Return the observed levels of one quantity, or of all, in order of years."""
    levels = facts.select(region=region, quantity=quantity, kind=Kind.LEVEL, role=Role.OBSERVED)
    return dated(levels)
