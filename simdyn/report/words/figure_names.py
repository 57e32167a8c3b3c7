"""What the report calls figures and targets of regions, composed from what they are."""

from __future__ import annotations

from collections.abc import Mapping

from simdyn.facts.collection import Facts
from simdyn.facts.records import Kind, RegionRole
from simdyn.regions import Operator, Reading
from simdyn.report.words.language import Labels
from simdyn.report.words.names import TITLES
from simdyn.study import Study

PATTERNS = {
    Operator.LEVEL: "{what} {years}",
    Operator.GROWTH: "growth of {what} {years}",
    Operator.AVERAGE_GROWTH: "mean growth of {what} {years}",
    Operator.RATIO: "last over first {what} {years}",
    Operator.SUM: "sum of {what} {years}",
    Operator.SHARE: "{what} {years}",
}
"""Terms for how a figure is read off a path."""


def figure_label(reading: Reading, facts: Facts, labels: Labels) -> str:
    """Return the name of a figure or target; the English is its label as it stands."""
    ends = dict.fromkeys((reading.start, reading.end))
    last_only = reading.operator in (Operator.LEVEL, Operator.GROWTH, Operator.SHARE)
    years = str(reading.end) if last_only else "-".join(map(str, ends))
    pattern = labels.term(PATTERNS[reading.operator])
    composed = pattern.format(what=_what(reading, facts, labels), years=years)
    return labels.either(reading.label, composed)


def figure_labels(study: Study, labels: Labels) -> Mapping[tuple[str, str], str]:
    """Return the names of all figures by region and label, as tables of the fit have them."""
    return {
        (region.key, reading.label): figure_label(reading, study.facts, labels)
        for region in study.regions.values()
        for reading in region.observations
    }


def target_labels(study: Study, labels: Labels) -> Mapping[tuple[str, str], str]:
    """Return the names of all targets by region and label, as tables of targets have them."""
    return {
        (region.key, reading.label): figure_label(reading, study.facts, labels)
        for region in study.regions.values()
        for reading in region.targets
    }


def _what(reading: Reading, facts: Facts, labels: Labels) -> str:
    """Return what is read: the quantity of the fact, of its place if that is not the region."""
    sources = [facts[name] for name in reading.fact_ids]
    fact, quantities = sources[0], [labels.quantity(f.quantity) for f in sources]
    what = quantities[0]
    counted = fact.kind is Kind.CUMULATIVE and reading.operator is Operator.LEVEL
    if counted or len(sources) > 1:
        variable = labels.term(TITLES.get(reading.variable, reading.variable))
        pattern = labels.term("{what} by {sources}")
        what = pattern.format(what=variable, sources=labels.listed(quantities))
    if reading.over and reading.operator is Operator.LEVEL:
        what = labels.term("{what} per {over}").format(what=what, over=labels.term(reading.over))
    place = facts.regions[fact.region]
    if place.role is RegionRole.COMPARATOR:
        name = labels.either(place.name, place.name_zh)
        what = labels.term("{what} of {place}").format(what=what, place=name)
    return what
