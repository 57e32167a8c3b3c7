"""The section on scenarios: what each sets and changes."""

from __future__ import annotations

from simdyn.report.language import Labels
from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row
from simdyn.study import Study


def told(study: Study, _content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    return {
        "scenarios": [
            {
                "title": labels.scenario(scenario),
                "description": " ".join(scenario.file.description.split()),
            }
            for scenario in study.scenarios
        ],
        "against": labels.scenario(study.reference),
        "policy": labels.scenario(study.policy),
    }
