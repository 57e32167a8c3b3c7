"""Where reported figures contradict each other; every sentence is computed from the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simdyn.facts.checks.breaks import level_breaks
from simdyn.facts.checks.compounding import average_against_total
from simdyn.facts.checks.heads import population_implied
from simdyn.facts.checks.levels import levels_against_growth
from simdyn.facts.checks.parts import parts_above_whole, zone_targets_above_whole
from simdyn.facts.checks.record import Conflict
from simdyn.facts.checks.sectors import sector_jumps, sector_sums
from simdyn.facts.checks.targets import target_level_against_growth
from simdyn.facts.checks.twice import reported_twice
from simdyn.facts.collection import Facts

CHECKS: tuple[Callable[[Facts, str], Iterator[Conflict]], ...] = (
    average_against_total,
    levels_against_growth,
    reported_twice,
    level_breaks,
    parts_above_whole,
    zone_targets_above_whole,
    sector_sums,
    sector_jumps,
    population_implied,
    target_level_against_growth,
)
"""Each takes the facts and the key of a region; a new check is a new row."""


def find_conflicts(facts: Facts, region: str | None = None) -> tuple[Conflict, ...]:
    """Return the conflicts of one region, or of all in the order of the register."""
    keys = tuple(facts.regions) if region is None else (region,)
    return tuple(conflict for key in keys for check in CHECKS for conflict in check(facts, key))
