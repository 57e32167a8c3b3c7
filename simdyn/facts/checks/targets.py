"""The growth that a target level needs, against the growth that the same document aims at."""

from __future__ import annotations

from collections.abc import Iterator

from simdyn.facts.checks.record import Conflict, ConflictKind, conflict
from simdyn.facts.collection import Facts
from simdyn.facts.intervals import yearly
from simdyn.facts.records import Bound, Fact, Kind
from simdyn.facts.series import Dated, dated, reported_levels
from simdyn.facts.words import title, unit_words, value_words

TOLERANCE = 1.0
"""Percentage points a year between needed and stated growth that are not worth a remark."""

TARGET_GROWTH = (Kind.TARGET_GROWTH_ANNUAL, Kind.TARGET_GROWTH_YOY)


def target_level_against_growth(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each target level that the document's own target growth does not reach."""
    for target in dated(facts.select(region=region, kind=Kind.TARGET_LEVEL)):
        base = _base(facts, target)
        if base is None:
            continue
        needed = yearly(target.fact.amount / base.fact.amount, target.year - base.year)
        for growth in _own_growth(facts, target.fact, base.year + 1):
            if abs(needed - growth.number) > TOLERANCE:
                yield _conflict(target.fact, base.fact, growth, needed)


def _base(facts: Facts, target: Dated) -> Dated | None:
    """Return the last level reported before the target by the same document."""
    levels = reported_levels(facts, target.fact.region, target.fact.quantity)
    earlier = [item for item in levels if item.year < target.year and _akin(item, target)]
    return earlier[-1] if earlier else None


def _akin(level: Dated, target: Dated) -> bool:
    """Whether document and unit are the same."""
    own, other = level.fact, target.fact
    return (own.document, own.unit.base) == (other.document, other.unit.base)


def _own_growth(facts: Facts, target: Fact, first_year: int) -> list[Fact]:
    """Return the target growth that the same document gives from `first_year` on."""
    found = facts.select(region=target.region, quantity=target.quantity, kind=TARGET_GROWTH)
    own = [growth for growth in found if growth.document == target.document]
    return [growth for growth in own if growth.period.years[0] == first_year]


def _conflict(target: Fact, base: Fact, growth: Fact, needed: float) -> Conflict:
    limit = "up to " if base.bound in {Bound.GT, Bound.GE} else ""
    sentence = (
        f"{title(target.quantity)}: the target of {value_words(target)} in {target.period} from "
        f"{value_words(base)} in {base.period} ({unit_words(target)}) needs {limit}{needed:.1f} "
        f"% a year, but the target for {growth.period} is {value_words(growth)} %."
    )
    return conflict(ConflictKind.TARGET, sentence, growth.number, needed, target, base, growth)
