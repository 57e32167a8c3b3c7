"""Build the report: one HTML file with its data, program, style and charting library."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from simdyn.report.page.content import Content
from simdyn.report.page.headlines import headlines
from simdyn.report.page.sections import (
    believe,
    compare,
    evidence,
    method,
    model,
    regions,
    scenarios,
    sensitivity,
    targets,
)
from simdyn.report.words.language import Labels, Language, labels_of
from simdyn.study import Study

TEMPLATES = Path(__file__).parent / "templates"
Told = Callable[[Study, Content, Labels], Mapping[str, Any]]
SECTIONS: Mapping[str, Told] = {
    "headline": lambda study, content, labels: {"sentences": headlines(study, content, labels)},
    "compare": compare.told,
    "regions": regions.told,
    "scenarios": scenarios.told,
    "targets": targets.told,
    "sensitivity": sensitivity.told,
    "believe": believe.told,
    "model": model.told,
    "evidence": evidence.told,
    "method": method.told,
}
"""Sections of the page in their order, and what fills each; a template and a label of its name."""
PROGRAM = (
    *("base", "controls", "evidence", "headline", "compare", "growth", "regions", "scenarios"),
    *("sensitivity", "believe", "search", "theme"),
)
"""Parts of the program in the order in which they stand; they share one scope."""


def build_page(study: Study, content: Content, language: Language) -> str:
    """Return the page of a study in a language.

    Every text of a study is escaped: names of regions, scenarios and variables stay text.
    """
    labels = labels_of(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(
        labels=labels,
        study_title=labels.title(study),
        lead=_lead(study, content, labels),
        sections=SECTIONS,
        told={name: fill(study, content, labels) for name, fill in SECTIONS.items()},
        style=_trusted(_text("style.css")),
        data=_packed(_json(content, labels)),
        library=_library(),
        program=_trusted("\n".join(_text(f"program/{name}.js") for name in PROGRAM)),
    )


def _lead(study: Study, content: Content, labels: Labels) -> str:
    """Say what the page is about, and the years of the figures that the regions were fitted to."""
    title, fitted = labels.title(study), {*content.fit["region"]}
    figures = [o for key in fitted for o in study.regions[key].observations]
    if not figures:
        return labels("lead_unfitted", title=title)
    first, last = min(o.start or o.end for o in figures), max(o.end for o in figures)
    return labels("lead", title=title, first=first, last=last)


def _trusted(text: str) -> Markup:
    """Return a file of the package as it is."""
    return Markup(text)  # noqa: S704


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _packed(text: str) -> str:
    """Return text compressed, in base64: a third as long, and no part of it can end a script."""
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


@lru_cache
def _library() -> str:
    return _packed(get_plotlyjs())


def _json(content: Content, labels: Labels) -> str:
    told = {
        "data": content.charts,
        "words": dict(labels.words),
        "terms": dict(labels.terms),
        "language": labels.language.value,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
