"""The section on the method and its limits."""

from __future__ import annotations

from simdyn.regions import Basis
from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row
from simdyn.report.words.language import Labels
from simdyn.study import Study

PARTS = ("model", "fit", "runs", "held_out", "sensitivity")
LIMITS = ("model", "plans", "regions", "levers", "farms")


def told(study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    # Where nothing was asked of sensitivity there is no method to tell.
    parts = [name for name in PARTS if name != "sensitivity" or content.charts["shares"]]
    numbers = {"posterior": f"{study.file.posterior:,}", "draws": f"{study.file.draws:,}"}
    return {
        "parts": [labels(f"method_{name}", **numbers) for name in parts],
        "limits": [labels(f"limits_{name}") for name in LIMITS],
        "figures": _figures(study, content, labels),
    }


def _figures(study: Study, content: Content, labels: Labels) -> str:
    """Say how many figures the fit of a region has; empty where no region is fitted."""
    fitted = [key for key, region in study.regions.items() if region.file.basis is Basis.FITTED]
    numbers = content.fit["region"].value_counts()
    counts = [int(numbers[key]) for key in fitted if key in numbers]
    if not counts:
        return ""
    ends = dict.fromkeys((min(counts), max(counts)))
    return labels("limits_figures", n=labels("limits_range").join(map(str, ends)))
