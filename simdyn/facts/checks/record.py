"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from simdyn.facts.records import Fact


class ConflictKind(StrEnum):
    """What contradicts what."""

    COMPOUNDING = "yearly average against total growth"
    LEVELS = "levels against growth"
    VINTAGES = "two vintages"
    TWO_VALUES = "two values of one figure"
    BREAK = "break between levels"
    PARTS = "parts above the whole"
    SECTORS = "sector shares"
    POPULATION = "implied population"
    TARGET = "target level against target growth"


@dataclass(frozen=True)
class Conflict:
    """Two readings that cannot both hold.

    stated : the number that is reported (for parts, the whole)
    implied : the number that the other figures imply, in the same unit
    facts : ids of the figures compared
    places : their files, lines, documents and sections, in the same order
    """

    kind: ConflictKind
    region: str
    sentence: str
    stated: float
    implied: float
    facts: tuple[str, ...]
    places: tuple[str, ...]


def conflict(
    kind: ConflictKind, sentence: str, stated: float, implied: float, *facts: Fact
) -> Conflict:
    """Return the conflict between `facts`, which share one region."""
    return Conflict(
        kind=kind,
        region=facts[0].region,
        sentence=sentence,
        stated=stated,
        implied=implied,
        facts=tuple(fact.id for fact in facts),
        places=tuple(fact.place for fact in facts),
    )
