"""The section on the model: pictures, loops, equations."""

from __future__ import annotations

from markupsafe import Markup

from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row
from simdyn.report.words.language import Labels
from simdyn.study import Study


def told(_study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    return {
        "pictures": [
            (labels.term(kind), name, Markup(svg))  # noqa: S704  (made with every name escaped)
            for kind, name, svg in content.model.pictures
        ],
        "loops": content.model.loops,
        "equations": content.model.equations,
    }
