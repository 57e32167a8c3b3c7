"""Where figures and plans of a region contradict themselves, and the known traps of its data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from simdyn.answers.coherence import Contradiction, contradictions
from simdyn.facts.checks.record import Conflict
from simdyn.facts.conflicts import find_conflicts
from simdyn.facts.records import Vintage
from simdyn.regions import Reading, Region
from simdyn.report.words.conflicts import conflict_text
from simdyn.report.words.language import Labels
from simdyn.study import Study

FIGURES, PLANS, TRAP = "figures", "plans", "trap"
VINTAGE, SCOPE, PART, CONCEPT = "vintage", "scope", "part", "concept"
DEPARTURE, NOTE = "departure", "note"
CONFLICT_COLUMNS = [
    *("region", "part", "kind", "what", "sentence", "stated", "implied", "in_fit"),
    *("facts", "sources"),
]


def conflicts_of(study: Study, labels: Labels) -> pd.DataFrame:
    """Return conflicts between figures, plans that contradict themselves, and traps of the data.

    Returns
    -------
    pandas.DataFrame
        `CONFLICT_COLUMNS`; part: the region, its part or the county that the figures are of; kind:
        figures, plans, or trap: what cannot be joined or is not what its name says; what: the rule,
        or the sort of trap, of which a note may also tell no more than where a figure is from;
        sentence: in the language, but for what a file of the project states;
        stated, implied: the two numbers, nan for traps; in_fit: whether a figure of it is in the
        fit; facts: ids; sources: documents and sections
    """
    rows = [
        {"region": region, "part": part, **row}
        for region in study.file.regions
        for part in _parts(study, region)
        for row in _of_part(study, part, labels)
    ]
    return pd.DataFrame(rows, columns=CONFLICT_COLUMNS)


def _parts(study: Study, region: str) -> tuple[str, ...]:
    """Return a region, its parts, and the counties whose figures their readings use."""
    sums = study.regions[region].file.sum_of
    members = (m for key in (region, *sums) for m in study.regions[key].file.members)
    return tuple(dict.fromkeys((region, *sums, *members)))


def _of_part(study: Study, part: str, labels: Labels) -> Iterator[dict[str, Any]]:
    plans = contradictions(study.facts, part)
    known = [{*each.facts} for each in plans]
    for conflict in find_conflicts(study.facts, part):
        # Of figures and plans alike: the rule of plans says more.
        if not any({*conflict.facts} <= facts for facts in known):
            yield _told(study, FIGURES, conflict.kind.value, conflict, labels)
    for plan in plans:
        yield _told(study, PLANS, plan.rule.value, plan, labels)
    yield from _traps(study, part, labels)


def _told(
    study: Study, kind: str, what: str, found: Conflict | Contradiction, labels: Labels
) -> dict[str, Any]:
    return {
        "kind": kind,
        "what": what,
        "sentence": conflict_text(found, study.facts, labels),
        "stated": found.stated,
        "implied": found.implied,
        **_behind(study, found.facts),
    }


def _traps(study: Study, part: str, labels: Labels) -> Iterator[dict[str, Any]]:
    old = [f for f in study.facts.select(region=part) if f.vintage is Vintage.PRE_2018_CENSUS]
    if old:
        sentence = labels("trap_vintage", n=len(old))
        yield _trap(study, VINTAGE, sentence, [fact.id for fact in old])
    region = study.regions.get(part)
    if region is None or region.is_sum:
        return
    for reading in (*_observed(study, region), *region.targets):
        yield from _of_reading(study, reading, labels)


def _of_reading(study: Study, reading: Reading, labels: Labels) -> Iterator[dict[str, Any]]:
    """Yield where a figure is not what its name says, and what is said of how it is read."""
    said = (
        (SCOPE, reading.scope),
        (PART, reading.times),
        (CONCEPT, reading.over),
        (DEPARTURE, reading.departs),
        (NOTE, reading.note),
    )
    for what, words in said:
        if words:
            sentence = labels(f"trap_{what}", figure=reading.label, words=words)
            yield _trap(study, what, sentence, reading.fact_ids)


def _trap(study: Study, what: str, sentence: str, facts: Sequence[str]) -> dict[str, Any]:
    return {"kind": TRAP, "what": what, "sentence": sentence, **_behind(study, facts)}


def _behind(study: Study, ids: Sequence[str]) -> dict[str, Any]:
    facts = [study.facts[name] for name in ids]
    return {
        "in_fit": bool({*ids} & _fitted(study)),
        "facts": "; ".join(dict.fromkeys(ids)),
        "sources": "; ".join(dict.fromkeys(f"{f.document} {f.section}".strip() for f in facts)),
    }


def _observed(study: Study, region: Region) -> tuple[Reading, ...]:
    return region.under(study.file.evidence, study.facts).observations


def _fitted(study: Study) -> set[str]:
    """Return the ids of all figures in the fit."""
    return {
        name for region in study.runs for one in _observed(study, region) for name in one.fact_ids
    }
