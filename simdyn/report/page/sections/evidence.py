"""The section with every reported figure and where it stands."""

from __future__ import annotations

from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row
from simdyn.report.words.language import Labels
from simdyn.study import Study


def told(study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    return {
        "facts": [
            {**fact, "region": _name(study, labels, fact["region"])} for fact in content.facts
        ]
    }


def _name(study: Study, labels: Labels, key: str) -> str:
    """Return a region's name; the facts also know places that the study has not."""
    if key in study.regions:
        return labels.region(study.regions[key])
    place = study.facts.regions[key]
    return labels.either(place.name, place.name_zh)
