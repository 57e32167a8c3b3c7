"""What rows of several sections share: bands and chances in words."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from markdown_it import MarkdownIt
from markupsafe import Markup

from simdyn.report.summary import interval

Row = Mapping[str, Any]
"""What a template shows of a row."""


def band_of(row: Mapping[Hashable, Any], name: str = "") -> str:
    """Return a median with its band, from columns p10, p50 and p90 or those of a name."""
    start = f"{name}_" if name else ""
    return interval(*(float(row[f"{start}p{point}"]) for point in (10, 50, 90)))


def chance(row: Mapping[Hashable, Any], name: str) -> Row:
    """Return a probability as a number, and in percent with its Monte Carlo interval."""
    value, low, high = (float(row[column]) for column in (name, f"{name}_low", f"{name}_high"))
    if pd.isna(value):
        return {"value": 0, "text": "-"}
    return {
        "value": f"{value:.3f}",
        "text": f"{100 * value:.0f} % [{100 * low:.0f}, {100 * high:.0f}]",
    }


def from_markdown(text: str) -> Markup:
    """Return Markdown as HTML; HTML in it stays text."""
    maker = MarkdownIt("js-default", {"html": False, "linkify": False})
    return Markup(maker.render(text))  # noqa: S704  (the library escapes)
