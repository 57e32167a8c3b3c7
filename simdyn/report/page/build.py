"""Build the report: one HTML file with its data, program, style and charting library."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from simdyn.indicators import PERIODS
from simdyn.report.language import Labels, Language, labels_of
from simdyn.report.page.content import Content
from simdyn.report.page.headlines import headlines
from simdyn.report.summary import interval
from simdyn.study import Study

TEMPLATES = Path(__file__).parent / "templates"
PARTS = {
    "headline": "headline",
    "compare": "compare",
    "regions": "regions",
    "scenarios": "scenarios",
    "targets": "targets_title",
    "sensitivity": "sensitivity",
    "fit": "fit",
    "model": "model",
    "evidence": "evidence",
    "method": "method",
}
"""Sections of the page and the labels of their headings."""
OFF = 2.0
"""Standard deviations beyond which a figure is marked."""


def build_page(study: Study, content: Content, language: Language) -> str:
    """Return the page of a study in a language.

    Every text of a study is escaped: names of regions, scenarios and variables stay text.
    """
    labels = labels_of(language)
    loader = FileSystemLoader(TEMPLATES)
    template = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template("page.html")
    growth = [f"GDP growth {first}-{last}" for first, last in PERIODS]
    return template.render(
        labels=labels,
        study_title=study.file.title,
        parts=[(place, labels(name)) for place, name in PARTS.items()],
        sentences=headlines(study, content, labels),
        periods=growth,
        growth=list(_growth(study, content, labels, growth)),
        has_sigma=bool(content.charts["sigma"]),
        catch_up=list(_catch_up(study, content, labels)),
        scenarios=[
            {
                "title": labels.scenario(s),
                "description": " ".join(s.file.description.split()),
            }
            for s in study.scenarios
        ],
        target_scenarios=[labels.scenario(s) for s in study.featured],
        targets=list(_targets(study, content, labels)),
        fit=list(_fit(study, content, labels)),
        facts=content.facts,
        pictures=[
            (labels.term(kind), name, Markup(svg))  # noqa: S704  (made with every name escaped)
            for kind, name, svg in content.model.pictures
        ],
        loops=content.model.loops,
        equations=content.model.equations,
        findings=_from_markdown(content.findings.partition("\n")[2]),
        checks=_from_markdown(content.checks),
        data=Markup(_json(content, labels)),  # noqa: S704  (no < is left in it)
        style=Markup(_text("style.css")),  # noqa: S704  (a file of the package)
        library=Markup(get_plotlyjs()),  # noqa: S704  (a file of the package plotly)
        program=Markup(_text("app.js")),  # noqa: S704  (a file of the package)
    )


def _from_markdown(text: str) -> Markup:
    """Return Markdown as HTML; HTML in it stays text."""
    maker = MarkdownIt("js-default", {"html": False, "linkify": False})
    return Markup(maker.render(text))  # noqa: S704  (the library escapes)


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _json(content: Content, labels: Labels) -> str:
    """Return the data of the charts; nothing in it ends the script that holds it."""
    told = {
        "data": content.charts,
        "words": dict(labels.words),
        "terms": dict(labels.terms),
        "language": labels.language.value,
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _growth(
    study: Study, content: Content, labels: Labels, periods: list[str]
) -> Iterator[Mapping[str, Any]]:
    rows = content.headlines.to_dict("records")
    bands = {
        (row["region"], row["scenario"], row["headline"]): interval(
            row["p10"], row["p50"], row["p90"]
        )
        for row in rows
    }
    for region in study.file.regions:
        for scenario in study.featured:
            yield {
                "region": labels.region(study.regions[region]),
                "scenario": labels.scenario(scenario),
                "cells": [bands[region, scenario.name, period] for period in periods],
            }


def _catch_up(study: Study, content: Content, labels: Labels) -> Iterator[Mapping[str, Any]]:
    """Yield what each region behind another needs to reach it under the reference."""
    table = content.growth["catch_up"]
    rows = table[(table["scenario"] == study.reference.name) & (table["extra_p50"] > 0)]
    for row in rows.to_dict("records"):
        yield {
            "region": labels.region(study.regions[row["region"]]),
            "against": labels.region(study.regions[row["against"]]),
            **{
                name: interval(*(row[f"{name}_{point}"] for point in ("p10", "p50", "p90")))
                for name in ("own", "needed")
            },
            "reached": _chance(row, "reached"),
        }


def _targets(study: Study, content: Content, labels: Labels) -> Iterator[Mapping[str, Any]]:
    shown = [scenario.name for scenario in study.featured]
    for (region, target), rows in content.targets.groupby(["region", "target"], sort=False):
        by_scenario = {row["scenario"]: row for row in rows.to_dict("records")}
        first = rows.iloc[0]
        yield {
            "region": labels.region(study.regions[str(region)]),
            "target": str(target),
            "unit": labels.term(str(first["unit"])),
            "aim": f"{first['aim']:g}",
            "cells": [_chance(by_scenario[name], "probability") for name in shown],
            "source": f"{first['document']} {first['section']}",
        }


def _chance(row: Mapping[Hashable, Any], name: str) -> Mapping[str, Any]:
    value, low, high = (float(row[column]) for column in (name, f"{name}_low", f"{name}_high"))
    if pd.isna(value):
        return {"value": 0, "text": "-"}
    return {
        "value": f"{value:.3f}",
        "text": f"{100 * value:.0f} % [{100 * low:.0f}, {100 * high:.0f}]",
    }


def _fit(study: Study, content: Content, labels: Labels) -> Iterator[Mapping[str, Any]]:
    for row in content.fit.to_dict("records"):
        yield {
            "region": labels.region(study.regions[row["region"]]),
            "figure": row["figure"],
            "unit": labels.term(row["unit"]),
            "reported": f"{row['reported']:.4g}",
            "model": f"{row['model']:.4g}",
            "z": f"{row['z']:.2f}",
            "off": abs(row["z"]) > OFF,
            "interval": f"{row['p5']:.4g} – {row['p95']:.4g}",
            "layer": row["layer"],
            "source": f"{row['document']} {row['section']}",
            "fact": str(row["facts"]).partition(";")[0].strip(),
        }
