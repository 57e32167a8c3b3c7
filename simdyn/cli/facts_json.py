"""Figures, gaps and conflicts as plain data for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from simdyn.facts.checks.record import Conflict
from simdyn.facts.collection import Facts
from simdyn.facts.coverage import CORE, Coverage, coverage
from simdyn.facts.records import Fact, Layer, Region


def overview_json(facts: Facts, conflicts: Iterable[Conflict]) -> str:
    """Return the counts of every region."""
    found = [conflict.region for conflict in conflicts]
    return _dump([_counts(facts, region, found) for region in facts.regions.values()])


def region_json(
    facts: Facts, region: Region, chosen: Iterable[Fact], conflicts: Iterable[Conflict]
) -> str:
    """Return the figures chosen of one region, its gaps and its conflicts."""
    return _dump(
        {
            "region": region.model_dump(),
            "facts": [_fact(fact) for fact in chosen],
            "coverage": [_coverage(item) for item in coverage(facts, region.key)],
            "conflicts": [asdict(conflict) for conflict in conflicts],
        }
    )


def facts_json(chosen: Iterable[Fact]) -> str:
    """Return figures of any region as one list."""
    return _dump([_fact(fact) for fact in chosen])


def _counts(facts: Facts, region: Region, found: list[str]) -> dict[str, Any]:
    layers = {layer.value: len(facts.select(region=region.key, layer=layer)) for layer in Layer}
    covered = sum(item.reported for item in coverage(facts, region.key))
    core = {"core_quantities": covered, "core_quantities_of": len(CORE)}
    return {**region.model_dump(), **layers, **core, "conflicts": found.count(region.key)}


def _fact(fact: Fact) -> dict[str, Any]:
    data = asdict(fact)
    data |= {"unit": fact.unit.unit, "period": str(fact.period), "path": fact.path.as_posix()}
    return data


def _coverage(item: Coverage) -> dict[str, Any]:
    data = asdict(item)
    return {**data, "missing_level": item.missing_level, "missing": item.missing}


def _dump(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
