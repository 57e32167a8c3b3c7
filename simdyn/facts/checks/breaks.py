"""Successive levels from different sources that no economy moves between."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

from simdyn.facts.checks.levels import links
from simdyn.facts.checks.record import Conflict, ConflictKind, conflict
from simdyn.facts.collection import Facts
from simdyn.facts.intervals import yearly
from simdyn.facts.records import Kind
from simdyn.facts.series import EXACT, Dated, dated
from simdyn.facts.words import figure_words, title

ADMISSIBLE = (-10.0, 50.0)
"""Change of a level, percent a year, beyond which source, scope or vintage has changed."""


def level_breaks(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each jump between successive levels that no growth figure joins."""
    joined = {link.pair for link in links(facts, region)}
    for first, last in _successive(facts, region):
        change = yearly(last.fact.amount / first.fact.amount, last.year - first.year)
        outside = not ADMISSIBLE[0] <= change <= ADMISSIBLE[1]
        elsewhere = first.fact.document != last.fact.document
        if outside and elsewhere and (first.fact.id, last.fact.id) not in joined:
            yield _conflict(first, last, change)


def _successive(facts: Facts, region: str) -> Iterator[tuple[Dated, Dated]]:
    """Yield neighbouring years of each quantity, its targets included."""
    levels = dated(facts.select(region=region, kind=(Kind.LEVEL, Kind.TARGET_LEVEL)))
    exact = sorted((item for item in levels if item.fact.bound in EXACT), key=_series)
    for _, series in groupby(exact, key=_series):
        yield from ((a, b) for a, b in pairwise(series) if a.year != b.year)


def _series(item: Dated) -> tuple[str, str]:
    return item.fact.quantity, item.fact.unit.base


def _conflict(first: Dated, last: Dated, change: float) -> Conflict:
    early, late = first.fact, last.fact
    aim = "the target of " if late.kind.is_target else ""
    sentence = (
        f"{title(early.quantity)}: {figure_words(early)} in {first.year} and {aim}"
        f"{figure_words(late)} in {last.year} differ by {change:+.1f} % a year."
    )
    if early.vintage is not late.vintage:
        sentence += f" The levels are of different vintages ({early.vintage}, {late.vintage})."
    return conflict(ConflictKind.BREAK, sentence, early.number, late.number, early, late)
