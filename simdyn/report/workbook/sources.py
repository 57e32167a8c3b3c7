"""Topics of evidence: every reported figure and every source, and links that lead to them."""

from __future__ import annotations

from simdyn.export.cells import Link, Marked
from simdyn.report.reported import first_fact
from simdyn.report.workbook.layout import Column, Row, Topic, Words
from simdyn.study import Study

TOP = 2
"""The row of the first figure or source, below the header."""


def evidence(study: Study, words: Words) -> Topic:
    """Return every reported figure as it is printed, with where it stands."""
    rows: list[Row] = [
        {
            "fact": fact.id,
            "region": words.labels.either(
                study.facts.regions[fact.region].name, study.facts.regions[fact.region].name_zh
            ),
            "quantity": fact.quantity.replace("_", " "),
            "kind": fact.kind.value.replace("_", " "),
            "bound": fact.bound.sign,
            "printed": fact.printed,
            "number": fact.value,
            "unit": fact.unit.meaning,
            "period": str(fact.period),
            "role": fact.role.value,
            "prices": fact.price_basis.value,
            "layer": kind_mark(fact.layer.value, words),
            "document": document_link(study, fact.document, words),
            "title": study.facts.sources[fact.document].title,
            "section": fact.section,
            "confidence": fact.confidence.value,
            "note": fact.note,
        }
        for fact in study.facts
    ]
    columns = [
        Column("fact"),
        Column("region"),
        Column("quantity", "term"),
        Column("kind", "term", header="figure_kind"),
        Column("bound"),
        Column("printed"),
        Column("number", look="General"),
        Column("unit", "term"),
        Column("period"),
        Column("role", "term"),
        Column("prices", "term"),
        Column("layer"),
        Column("document"),
        Column("title"),
        Column("section"),
        Column("confidence", "term"),
        Column("note"),
    ]
    return Topic("evidence", columns, rows, 1)


def documents(study: Study, words: Words) -> Topic:
    """Return every document and publication."""
    rows: list[Row] = [
        {**source.model_dump(mode="json"), "layer": kind_mark(source.layer.value, words)}
        for source in study.facts.sources.values()
    ]
    columns = [
        Column("id", header="document"),
        Column("title"),
        Column("title_en"),
        Column("issuer"),
        Column("published"),
        Column("covers"),
        Column("layer"),
        Column("confidence", "term"),
        Column("address"),
        Column("note"),
    ]
    return Topic("sources", columns, rows, 1)


def kind_mark(kind: str, words: Words) -> Marked:
    """Return a kind of evidence in words, with its look: one of the last four of `LOOKS`."""
    return Marked(words.labels(f"kind_{kind}"), kind)


def document_link(study: Study, name: str, words: Words) -> Link | str:
    """Return a link from the id of a document to its row; the text where there is none."""
    if name not in study.facts.sources:
        return name
    row = TOP + list(study.facts.sources).index(name)
    return Link(name, f"'{words.sheet('sources')}'!A{row}")


def fact_link(study: Study, names: str, words: Words) -> Link:
    """Return a link from the ids of facts, as a reading has them, to the row of the first."""
    row = TOP + list(study.facts.by_id).index(first_fact(names))
    return Link(names, f"'{words.sheet('evidence')}'!A{row}")
