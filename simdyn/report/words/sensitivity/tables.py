"""The tables of the section on sensitivity, each with the note below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simdyn.names import LAST_YEAR
from simdyn.report.words.language import Labels
from simdyn.report.words.markdown import escaped, markdown
from simdyn.report.words.sensitivity.levers import STRONGEST
from simdyn.report.words.sensitivity.quotes import Finding, Topic
from simdyn.report.words.sensitivity.telling import WORDS, Telling
from simdyn.report.words.sensitivity.uncertain import MATTERS
from simdyn.report.words.sensitivity.weights import POLICY_SHARE
from simdyn.sensitivity.regional import Question


def overview(telling: Telling, told: Sequence[Finding], names: Mapping[str, str]) -> Iterator[str]:
    """Yield the table of regions and outcomes, with a column for each question asked."""
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for finding in told:
        if finding.indicator and finding.topic is not Topic.SOURCES:
            cells.setdefault((finding.region, finding.indicator), {}).update(finding.cells)
    columns = [c for c in (MATTERS, POLICY_SHARE, STRONGEST) if any(c in k for k in cells.values())]
    if columns:
        rows = [
            [names[region], telling.word(indicator), *(row.get(column, "") for column in columns)]
            for (region, indicator), row in cells.items()
        ]
        yield markdown([*_outcome_head(telling.labels), *map(telling.labels, columns)], rows)
        yield telling.labels("matters_units", units=_units(telling))


def sources(telling: Telling, told: Sequence[Finding], names: Mapping[str, str]) -> Iterator[str]:
    """Yield the table of where variances are from, and what it shows."""
    labels, found = telling.labels, telling.found
    split = [finding for finding in told if finding.topic is Topic.SOURCES]
    if split:
        columns = list(dict.fromkeys(source for finding in split for source in finding.cells))
        rows = [
            [names[f.region], telling.word(f.indicator), *(f.cells.get(c, "") for c in columns)]
            for f in split
        ]
        heads = [escaped(labels.term(column)) for column in columns]
        reference, policy = (
            escaped(telling.scenario(scenario.name)) for scenario in (found.reference, found.policy)
        )
        yield f"### {labels('sources_heading')}"
        yield markdown([*_outcome_head(labels), *heads], rows)
        if found.reference.name == found.policy.name:
            yield labels("sources_note_one", reference=reference)
        else:
            yield labels("sources_note", reference=reference, policy=policy)


def settled(telling: Telling, told: Sequence[Finding], names: Mapping[str, str]) -> Iterator[str]:
    """Yield the table of how far sampling got, and what that means."""
    labels = telling.labels
    cells: dict[str, dict[str, str]] = {}
    for finding in told:
        if finding.topic in (Topic.SETTLED, Topic.FIT):
            cells.setdefault(finding.region, {}).update(finding.cells)
    columns = [q.value for q in Question if any(q.value in row for row in cells.values())]
    known = {column: labels.term(column) for column in columns}
    if any(Topic.FIT in row for row in cells.values()):
        posterior = labels.term(Question.POSTERIOR.value)
        known[Topic.FIT] = labels("column_unexplained", question=posterior)
    if known:
        yield f"### {labels('settled_heading')}"
        rows = [
            [names[region], *(row.get(column, "") for column in known)]
            for region, row in cells.items()
        ]
        yield markdown([labels("column_region"), *known.values()], rows)
        if columns:
            half_width = f"{100 * telling.found.plan.precision.half_width:g}"
            yield labels("settled_note", half_width=half_width)


def told_with(telling: Telling, column: str) -> dict[str, list[str]]:
    """Return the words for indicators by what tables have for them in a column."""
    known: dict[str, str] = {}
    for table in telling.found.tables.values():
        if {"indicator", column} <= set(table.columns):
            pairs = table[["indicator", column]].drop_duplicates()
            known |= dict(zip(pairs["indicator"], pairs[column], strict=True))
    values = dict.fromkeys(known[name] for name in WORDS if name in known)
    return {v: [telling.word(name) for name in WORDS if known.get(name) == v] for v in values}


def _outcome_head(labels: Labels) -> list[str]:
    """Return the heads of the columns that say which outcome a row is of."""
    return [labels("column_region"), labels("column_outcome", year=LAST_YEAR)]


def _units(telling: Telling) -> str:
    """Return the units of outcomes."""
    labels = telling.labels
    units = [
        labels("matters_unit", unit=escaped(labels.term(unit)), names=telling.labels.listed(words))
        for unit, words in told_with(telling, "unit").items()
    ]
    return labels("clause_between").join(units)
