"""Which fact may stand behind which reading: its region, kind, period, concept and vintage."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from simdyn.errors import FactError
from simdyn.facts.collection import Facts
from simdyn.facts.records import Fact, Kind, Vintage
from simdyn.facts.words import quantity_words
from simdyn.regions.records import Observation, Operator, Reading

KINDS: Mapping[Operator, frozenset[Kind]] = {
    Operator.LEVEL: frozenset({Kind.LEVEL, Kind.TARGET_LEVEL}),
    Operator.GROWTH: frozenset({Kind.GROWTH_YOY, Kind.TARGET_GROWTH_YOY}),
    Operator.AVERAGE_GROWTH: frozenset(
        {Kind.GROWTH_ANNUAL_AVERAGE, Kind.TARGET_GROWTH_ANNUAL, Kind.BOUND}
    ),
    Operator.RATIO: frozenset({Kind.GROWTH_TOTAL}),
    Operator.SUM: frozenset({Kind.CUMULATIVE}),
    Operator.SHARE: frozenset({Kind.SHARE, Kind.TARGET_SHARE}),
}
"""Kinds of fact that each operator reads."""

SECONDARY = frozenset(
    {
        "secondary_value_added",
        "secondary_share",
        "industrial_value_added",
        "industrial_value_added_above_scale",
    }
)
CONCEPTS: Mapping[str, frozenset[str]] = {
    "population": frozenset({"population"}),
    "GDP": frozenset({"gdp"}),
    "nominal GDP": frozenset({"gdp", "gdp_per_capita"}),
    "industry output": SECONDARY,
    "nominal industry output": SECONDARY,
    "fixed asset investment": frozenset({"fixed_asset_investment"}),
    "budget revenue": frozenset({"general_budget_revenue"}),
}
"""Quantities that mean the same as a variable; resident and registered population, general budget
and full-scope revenue do not. A variable that is not named here may be read from any."""

DEPARTS = "If that is meant, say why in the column 'departs'."


def wrong_facts(
    reading: Reading, region: str, members: Collection[str], facts: Facts
) -> Iterator[str]:
    """Say which fact is unknown, of another region, without a number, or read wrongly.

    `members` are the parts of the region whose figures may be read through a share.
    """
    has_value = isinstance(reading, Observation) and reading.reading is not None
    owners = {region, *members}
    for fact_id in reading.fact_ids:
        yield from wrong_fact(fact_id, owners, facts, needs_number=not has_value)
    first = reading.fact_ids[0]
    if first in facts and facts[first].region in owners and not reading.departs:
        yield from _wrong_reading(reading, facts[first])
        if facts[first].region != region and not (reading.times or reading.over):
            message = f"'{first}' is a figure of a part. Name its share of the whole, a "
            yield f"{message}measurement parameter, in 'times'. {DEPARTS}"


def wrong_fact(
    fact_id: str, owners: Collection[str], facts: Facts, *, needs_number: bool = True
) -> Iterator[str]:
    """Say whether a fact is unknown, of another region, or has no number where one is needed."""
    try:
        fact = facts[fact_id]
    except FactError as unknown:
        yield unknown.message
        return
    if fact.region not in owners:
        yield f"'{fact_id}' is a figure of {fact.region}, not of {', '.join(sorted(owners))}."
    elif needs_number and fact.value is None:
        yield f"'{fact_id}' has no number. Give the observation a 'reading'."


def _wrong_reading(reading: Reading, fact: Fact) -> Iterator[str]:
    """Say where a reading departs from the kind, period, concept or vintage of its fact."""
    if fact.kind not in KINDS[reading.operator]:
        yield f"'{fact.id}' is no figure for the operator '{reading.operator}'. {DEPARTS}"
    stated = (fact.period.years.start, fact.period.years.stop - 1)
    if stated != (reading.start, reading.end):
        message = f"'{reading.label}' reads {reading.start}-{reading.end}, but '{fact.id}' is for "
        yield f"{message}{fact.period}. {DEPARTS}"
    admitted = CONCEPTS.get(reading.variable, frozenset({fact.quantity}))
    if fact.quantity not in admitted:
        message = f"'{fact.id}' is {quantity_words(fact.quantity)}, which is not "
        yield f"{message}'{reading.variable}'. {DEPARTS}"
    if fact.vintage is Vintage.PRE_2018_CENSUS:
        message = f"'{fact.id}' is of the vintage before the economic census of 2018, which does "
        yield f"{message}not join to current figures. Use one of the current vintage. {DEPARTS}"
