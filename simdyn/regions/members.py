"""Which county of a region has which figures."""

from __future__ import annotations

from dataclasses import dataclass

from simdyn.facts.collection import Facts
from simdyn.facts.records import Fact, Kind, Role, Vintage
from simdyn.facts.words import kind_words, quantity_words
from simdyn.names import FIRST_YEAR
from simdyn.regions.records import Region

NO_FIGURE = "no figure"


@dataclass(frozen=True)
class County:
    """A county of a region and its figures since the first year of the model.

    read : figures that an observation of the region reads
    unread : other reported figures of the current vintage
    """

    name: str
    name_zh: str
    read: tuple[Fact, ...]
    unread: tuple[Fact, ...]

    @property
    def label(self) -> str:
        """The figures read, in words, or that there is none."""
        return ", ".join(map(_words, self.read)) or NO_FIGURE


def counties(region: Region, facts: Facts) -> tuple[County, ...]:
    """Return the members of a region with their figures, in the order of its file."""
    read = {name for observation in region.observations for name in observation.fact_ids}
    found = []
    for key in region.file.members:
        own = [fact for fact in facts.select(region=key, role=Role.OBSERVED) if _is_usable(fact)]
        entry = facts.regions[key]
        found.append(
            County(
                entry.name,
                entry.name_zh,
                tuple(fact for fact in own if fact.id in read),
                tuple(fact for fact in own if fact.id not in read),
            )
        )
    return tuple(found)


def _words(fact: Fact) -> str:
    kind = "" if fact.kind is Kind.LEVEL else f" {kind_words(fact)}"
    return f"{quantity_words(fact.quantity)}{kind} {fact.period}"


def _is_usable(fact: Fact) -> bool:
    recent = fact.period.end is not None and fact.period.end.year >= FIRST_YEAR
    return recent and fact.vintage is Vintage.CURRENT
