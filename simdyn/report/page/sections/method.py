"""The section on the method and its limits."""

from __future__ import annotations

from simdyn.regions import Basis
from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row
from simdyn.report.words.language import Labels
from simdyn.study import Study

PARTS = ("model", "fit", "runs", "held_out", "sensitivity")
LIMITS = ("model", "plans", "regions", "levers")


def told(study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    fitted = [key for key, region in study.regions.items() if region.file.basis is Basis.FITTED]
    counts = content.fit["region"].value_counts()
    figures = [int(counts[key]) for key in fitted if key in counts] or [0]
    numbers = {"posterior": f"{study.file.posterior:,}", "draws": f"{study.file.draws:,}"}
    return {
        "parts": [labels(f"method_{name}", **numbers) for name in PARTS],
        "limits": [labels(f"limits_{name}") for name in LIMITS],
        "figures": labels("limits_figures", least=min(figures), most=max(figures)),
    }
