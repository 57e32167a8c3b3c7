"""Shares of the three sectors: whether they add up, and whether they can move so fast."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simdyn.facts.checks.record import Conflict, ConflictKind, conflict
from simdyn.facts.collection import Facts
from simdyn.facts.intervals import rounding
from simdyn.facts.records import Fact, Kind, Vintage
from simdyn.facts.series import Dated, dated
from simdyn.facts.words import title

SECTORS = ("primary_share", "secondary_share", "tertiary_share")

FASTEST_SHIFT = 5.0
"""Percentage points a year; a faster shift needs another boundary or other statistics."""


def sector_sums(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each year whose three shares do not add up to 100 within their rounding."""
    first = facts.select(region=region, quantity=SECTORS[0], kind=Kind.SHARE)
    for period, vintage in dict.fromkeys((fact.period, fact.vintage) for fact in first):
        shares = [
            fact
            for fact in facts.select(region=region, kind=Kind.SHARE)
            if fact.quantity in SECTORS and (fact.period, fact.vintage) == (period, vintage)
        ]
        if len(shares) == len(SECTORS) and not _adds_up(shares):
            yield _sum_conflict(shares)


def sector_jumps(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each share that moves faster than an economy can, between years of one vintage."""
    for sector in SECTORS:
        for vintage in Vintage:
            shares = facts.select(region=region, quantity=sector, kind=Kind.SHARE)
            series = dated(share for share in shares if share.vintage is vintage)
            for early, late in pairwise(series):
                if early.year != late.year and abs(_shift(early, late)) > FASTEST_SHIFT:
                    yield _jump_conflict(early, late)


def _shift(early: Dated, late: Dated) -> float:
    """Return the change of a share, percentage points a year."""
    return (late.fact.number - early.fact.number) / (late.year - early.year)


def _adds_up(shares: list[Fact]) -> bool:
    return abs(sum(f.number for f in shares) - 100) <= sum(map(rounding, shares)) + 1e-9


def _sum_conflict(shares: list[Fact]) -> Conflict:
    total = sum(fact.number for fact in shares)
    added = " + ".join(fact.printed for fact in shares)
    sentence = f"Sector shares {shares[0].period}: {added} make {total:.1f} %, not 100 %."
    return conflict(ConflictKind.SECTORS, sentence, 100.0, total, *shares)


def _jump_conflict(early: Dated, late: Dated) -> Conflict:
    first, last = early.fact, late.fact
    sentence = (
        f"{title(first.quantity)}: from {first.printed} % in {early.year} to {last.printed} % in "
        f"{late.year} is {last.number - first.number:+.1f} points, {_shift(early, late):+.1f} a "
        f"year; the boundary or the statistics probably changed."
    )
    return conflict(ConflictKind.SECTORS, sentence, first.number, last.number, first, last)
