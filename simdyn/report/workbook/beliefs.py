"""Topics of what the study rests on: fit, figures foretold, parameters and scenarios."""

from __future__ import annotations

import pandas as pd

from simdyn.calibrate.verdicts import Verdict
from simdyn.export.cells import EXACT, Link, Marked
from simdyn.report.answers import levers_of
from simdyn.report.answers.sources import Stated
from simdyn.report.words.figure_names import figure_labels
from simdyn.report.workbook.answers import rows_of
from simdyn.report.workbook.layout import BY_UNIT, Column, Row, Topic, Words
from simdyn.report.workbook.sources import document_link, fact_link, kind_mark
from simdyn.study import Study

ASSUMPTION = "assumption"
"""How sources say that there is none."""


def fit(table: pd.DataFrame, study: Study, words: Words) -> Topic:
    """Return each reported figure beside the model, with links to its evidence."""
    names = figure_labels(study, words.labels)
    rows = [
        {
            **row,
            "figure": names[row["region"], row["figure"]],
            "layer": kind_mark(row["layer"], words),
            "document": document_link(study, row["document"], words),
            "facts": fact_link(study, row["facts"], words),
        }
        for row in rows_of(table)
    ]
    within = words.labels("book_interval_90")
    columns = [
        Column("region", "region"),
        Column("basis", "term"),
        Column("figure"),
        Column("unit", "term"),
        Column("reported", look=BY_UNIT),
        Column("model", look=BY_UNIT),
        Column("z", "z", "0.00"),
        *(Column(p, look=BY_UNIT, group=within) for p in ("p5", "p50", "p95")),
        Column("error", "term"),
        Column("sd", look=EXACT),
        Column("sd_above", look=EXACT),
        Column("layer"),
        Column("document"),
        Column("section"),
        Column("facts", header="fact"),
        Column("note"),
    ]
    return Topic("fit", columns, rows, 3)


def held_out(table: pd.DataFrame | None, study: Study, words: Words) -> Topic:
    """Return each figure that the fit did not see beside what was expected of it."""
    names = figure_labels(study, words.labels)
    rows = [
        {
            **row,
            "figure": names.get((row["region"], row["figure"]), row["figure"]),
            "inside": words.labels("book_yes" if row["in_90"] else "book_no"),
            "layer": kind_mark(row["layer"], words),
            "document": document_link(study, row["document"], words),
        }
        for row in rows_of(table)
    ]
    within = words.labels("book_interval_90")
    columns = [
        Column("test", "term"),
        Column("method", "term"),
        Column("region", "region"),
        Column("figure"),
        Column("unit", "term"),
        Column("reported", look=BY_UNIT),
        Column("mean", look=BY_UNIT),
        Column("sd", look=EXACT),
        *(Column(p, look=BY_UNIT, group=within) for p in ("p5", "p50", "p95")),
        Column("inside"),
        Column("crps", look=EXACT),
        Column("layer"),
        Column("document"),
        Column("section"),
        Column("rests_on", header="rival_rests_on"),
    ]
    return Topic("held_out", columns, rows, 4)


def parameters(table: pd.DataFrame, words: Words) -> Topic:
    """Return each parameter: its prior, what the figures made of it, and on what that rests."""
    rows = [
        {**row, "rests_on": _rests_on(row, words), "source": _marked(row["source"])}
        for row in rows_of(table)
    ]
    prior, posterior = words.labels("book_prior_interval"), words.labels("book_posterior_interval")
    columns = [
        Column("region", "region"),
        Column("basis", "term"),
        Column("parameter", "term"),
        Column("unit", "term"),
        Column("prior"),
        *(Column(f"prior_{p}", look=EXACT, header=p, group=prior) for p in ("p5", "p50", "p95")),
        Column("best_fit", look=EXACT),
        *(Column(p, look=EXACT, group=posterior) for p in ("p5", "p50", "p95")),
        Column("shrinkage", look="0%"),
        Column("verdict", "headed"),
        Column("rests_on"),
        Column("figures"),
        Column("other_regions", look="0%"),
        Column("documents"),
        Column("source"),
        Column("note"),
    ]
    return Topic("parameters", columns, rows, 3)


def scenarios(study: Study, words: Words) -> Topic:
    """Return what every scenario sets in every region, what it extends included."""
    levers = levers_of(study, words.labels).drop_duplicates(["scenario", "part", "lever"])
    rows: list[Row] = []
    for scenario in study.scenarios:
        name = scenario.name
        head = {"name": name, "description": words.labels.description(scenario)}
        own = rows_of(levers[levers["scenario"] == name])
        rows += [{**row, **head, **_source(study, row, words)} for row in own]
        if not own:
            rows.append({**head, "scenario": name})
    columns = [
        Column("name"),
        Column("scenario", "scenario"),
        Column("part", "region", header="region"),
        Column("title", header="what"),
        Column("setting"),
        Column("unit"),
        Column("set_by", header="set_in"),
        Column("rests_on"),
        Column("source"),
        Column("description"),
    ]
    return Topic("scenarios", columns, rows, 4)


def _rests_on(row: Row, words: Words) -> Marked:
    """Return on what the posterior of a parameter rests, the documents before other evidence."""
    if row["verdict"] != Verdict.PRIOR.value:
        return kind_mark("documents" if "documents" in str(row["layer"]) else "public", words)
    return kind_mark(ASSUMPTION if row["source"].startswith(ASSUMPTION) else "prior", words)


def _marked(source: str) -> Marked | str:
    return Marked(source, ASSUMPTION) if source.startswith(ASSUMPTION) else source


def _source(study: Study, row: Row, words: Words) -> Row:
    """Return on what a setting rests, and its source with a link to the document it begins with."""
    document = row["document"]
    stated = document and row["evidence"] == Stated.SIZE
    kind = study.facts.sources[document].layer.value if stated else ASSUMPTION
    link = document_link(study, document, words)
    source = Link(row["source"], link.place) if isinstance(link, Link) else row["source"]
    return {"rests_on": kind_mark(kind, words), "source": source}
