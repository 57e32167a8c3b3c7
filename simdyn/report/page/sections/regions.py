"""One part for each region: its main numbers, its parameters with verdicts."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simdyn.regions import Basis
from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row, band_of
from simdyn.report.words.language import Labels
from simdyn.report.words.names import outcome_name
from simdyn.study import Study

CARDS = (
    "GDP growth 2021-2025",
    "GDP growth 2026-2035",
    "Resident population 2035",
    "Debt to GDP 2035",
)
"""Headlines that stand at the top of a region's part."""
LAYERS = ("documents", "public")


def told(study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    return {"regions": [_region(study, content, labels, key) for key in study.file.regions]}


def _region(study: Study, content: Content, labels: Labels, key: str) -> Row:
    region = study.regions[key]
    parameters = content.parameters
    own = parameters[parameters["region"] == key]
    return {
        "key": key,
        "name": labels.region(region),
        "basis": labels.term(region.file.basis.value),
        "illustrative": region.file.basis is Basis.ILLUSTRATIVE,
        "note": labels.note(region),
        "reference": study.reference.name,
        "cards": list(_cards(study, content, labels, key)),
        "n_figure": sum(bool(row) for row in content.charts["fit"].get(key, ())),
        "parameters": list(_parameters(own, labels)),
        "conflicts": list(_conflicts(study, content, labels, key)),
    }


def _cards(study: Study, content: Content, labels: Labels, key: str) -> Iterator[Row]:
    table = content.headlines
    rows = table[(table["region"] == key) & (table["scenario"] == study.reference.name)]
    known = {row["headline"]: row for row in rows.to_dict("records")}
    for name in CARDS:
        if name in known:
            row = known[name]
            yield {
                "name": outcome_name(name, labels),
                "unit": labels.term(row["unit"]),
                "band": band_of(row),
            }


def _parameters(table: pd.DataFrame, labels: Labels) -> Iterator[Row]:
    """Yield each parameter beside its prior, those that figures determined most first."""
    for row in table.sort_values("shrinkage", ascending=False).to_dict("records"):
        layers = [layer for layer in str(row["layer"]).split("; ") if layer in LAYERS]
        yield {
            "name": labels.term(row["parameter"]),
            "unit": labels.term(row["unit"]),
            "prior": f"{row['prior_p50']:.3g} [{row['prior_p5']:.3g}, {row['prior_p95']:.3g}]",
            "posterior": f"{row['p50']:.3g} [{row['p5']:.3g}, {row['p95']:.3g}]",
            "taken": f"{100 * row['shrinkage']:.0f}",
            "verdict": labels.term(str(row["verdict"]).partition(":")[0]),
            "layers": layers,
            "figures": "" if pd.isna(row["figures"]) else str(row["figures"]),
            "source": str(row["source"]),
            "assumption": str(row["source"]) == "assumption",
        }


def _conflicts(study: Study, content: Content, labels: Labels, key: str) -> Iterator[Row]:
    """Yield what contradicts itself in the data of a region and its parts, and traps."""
    table = content.conflicts
    for row in table[table["region"] == key].to_dict("records"):
        part = study.regions.get(row["part"])
        yield {
            "part": labels.region(part) if part else row["part"],
            "kind": labels.term(row["kind"]),
            "what": labels.term(row["what"]),
            "sentence": row["sentence"],
            "in_fit": row["in_fit"],
            "sources": row["sources"],
            "fact": str(row["facts"]).partition(";")[0],
        }
