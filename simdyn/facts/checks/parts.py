"""Parts that exceed the whole they are declared to belong to."""

from __future__ import annotations

from collections.abc import Iterator

from simdyn.facts.checks.record import Conflict, ConflictKind, conflict
from simdyn.facts.collection import Facts
from simdyn.facts.intervals import interval, yearly
from simdyn.facts.records import Fact, Kind, Role
from simdyn.facts.series import Dated, dated, reported_levels
from simdyn.facts.words import quantity_words, title, unit_words

PARTS = {
    "fixed_asset_investment": ("key_projects_investment", "infrastructure_investment"),
    "total_fiscal_revenue": ("etdz_tax_revenue",),
    "industrial_output_above_scale": ("etdz_industrial_output",),
}
"""Each whole with the parts that the documents present as lying within it, side by side."""


def parts_above_whole(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each whole whose parts, of the same kind and period, add up to more."""
    for whole in facts.select(region=region, role=Role.OBSERVED):
        parts = [
            part
            for name in PARTS.get(whole.quantity, ())
            for part in facts.select(region=region, quantity=name, kind=whole.kind)
            if part.period == whole.period and part.unit.base == whole.unit.base
        ]
        if parts and whole.kind in {Kind.LEVEL, Kind.CUMULATIVE} and _exceed(parts, whole):
            yield _sum_conflict(parts, whole)


def zone_targets_above_whole(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each target of a part that exceeds the last reported level of its whole."""
    for name, parts in PARTS.items():
        wholes = reported_levels(facts, region, name)
        targets = dated(facts.select(region=region, kind=Kind.TARGET_LEVEL))
        for part in (item for item in targets if item.fact.quantity in parts):
            earlier = [whole for whole in wholes if whole.year < part.year]
            if earlier and _target_exceeds(part.fact, earlier[-1].fact):
                yield _target_conflict(part, earlier[-1])


def _target_exceeds(part: Fact, whole: Fact) -> bool:
    return part.unit.base == whole.unit.base and _exceed([part], whole)


def _exceed(parts: list[Fact], whole: Fact) -> bool:
    """Whether the least that the parts can be is above the most that the whole can be."""
    least = sum(interval(part).low * part.unit.factor for part in parts)
    return least > interval(whole).high * whole.unit.factor


def _sum_conflict(parts: list[Fact], whole: Fact) -> Conflict:
    total = sum(part.amount for part in parts) / whole.unit.factor
    added = " plus ".join(f"{quantity_words(p.quantity)} {p.printed}" for p in parts)
    sentence = (
        f"{title(whole.quantity)} {whole.period}: {added} make {total:.1f}, above the whole of "
        f"{whole.printed} ({unit_words(whole)}) by {total - whole.number:.1f}; concepts overlap."
    )
    return conflict(ConflictKind.PARTS, sentence, whole.number, total, whole, *parts)


def _target_conflict(aim: Dated, last: Dated) -> Conflict:
    part, whole = aim.fact, last.fact
    target = part.amount / whole.unit.factor
    needed = yearly(target / whole.number, aim.year - last.year)
    sentence = (
        f"{title(part.quantity)}: the target of {part.printed} in {aim.year} exceeds the "
        f"{quantity_words(whole.quantity)} of the whole region, {whole.printed} in {last.year} "
        f"({unit_words(whole)}); even if all of it arose there, the whole would have to grow "
        f"by {needed:.1f} % a year."
    )
    return conflict(ConflictKind.PARTS, sentence, whole.number, target, part, whole)
