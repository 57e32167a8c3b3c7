"""The same figure for the same period, given twice with different values."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from simdyn.facts.checks.record import Conflict, ConflictKind, conflict
from simdyn.facts.collection import Facts
from simdyn.facts.intervals import Interval, interval
from simdyn.facts.records import Fact
from simdyn.facts.words import figure_words, kind_words, title


def reported_twice(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each pair of sources that leave no common value for one figure."""
    valued = [f for f in facts.select(region=region) if f.value is not None and f.period.end]
    for one, other in combinations(valued, 2):
        if _same_figure(one, other) and not _scaled(one).meets(_scaled(other)):
            yield _conflict(one, other)


def _same_figure(one: Fact, other: Fact) -> bool:
    return (one.quantity, one.kind, one.role, one.period, one.unit.base) == (
        other.quantity,
        other.kind,
        other.role,
        other.period,
        other.unit.base,
    )


def _scaled(fact: Fact) -> Interval:
    """Return the interval of the figure in the base of its unit."""
    allowed, factor = interval(fact), fact.unit.factor
    return Interval(allowed.low * factor, allowed.high * factor)


def _conflict(one: Fact, other: Fact) -> Conflict:
    across = one.vintage is not other.vintage
    sentence = (
        f"{title(one.quantity)}, {kind_words(one)} {one.period}: {figure_words(one)} in "
        f"{one.document}, {figure_words(other)} in {other.document}."
    )
    implied = other.amount / one.unit.factor
    kind = ConflictKind.VINTAGES if across else ConflictKind.TWO_VALUES
    return conflict(kind, sentence, one.number, implied, one, other)
