"""The section on what matters and what policy can move."""

from __future__ import annotations

from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row, from_markdown
from simdyn.report.words.language import Labels
from simdyn.study import Study


def told(study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    reference, policy = labels.scenario(study.reference), labels.scenario(study.policy)
    note = "spread_note_one" if study.policy is study.reference else "spread_note"
    return {
        "spread": labels(note, reference=reference, policy=policy),
        "asked": bool(content.charts["shares"]),
        "has_sources": bool(content.charts["sources"]),
        "findings": from_markdown(content.findings.partition("\n")[2]),
    }
