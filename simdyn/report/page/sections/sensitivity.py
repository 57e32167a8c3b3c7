"""The section on what matters and what policy can move."""

from __future__ import annotations

from simdyn.report.language import Labels
from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row, from_markdown
from simdyn.study import Study


def told(_study: Study, content: Content, _labels: Labels) -> Row:
    """Return what the section's template shows."""
    return {"findings": from_markdown(content.findings.partition("\n")[2])}
