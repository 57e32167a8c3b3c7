"""Names of facts: `region.quantity.kind.PERIOD`, unique over both layers.

Where several sources report the same figure, the first keeps the plain name: documents before
public statistics, then in the order of the file. The others append `@document`, and a second
bound of one source (a range such as 3 to 5) appends `:bound` to that, e.g.
`harbin_new_area.gdp.growth_yoy.2019H1@china-daily-2019-08-30`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from simdyn.facts.records import Fact


def with_ids(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield `facts`, which come in order of precedence, each with its id."""
    taken: set[str] = set()
    for fact in facts:
        name = next(name for name in _names(fact) if name not in taken)
        taken.add(name)
        yield replace(fact, id=name)


def _names(fact: Fact) -> Iterator[str]:
    name = f"{fact.region}.{fact.quantity}.{fact.kind}.{fact.period}"
    yield name
    yield f"{name}@{fact.document}"
    yield f"{name}@{fact.document}:{fact.bound}"
