"""What cells of a workbook hold and how they look."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

LOOKS: dict[str, dict[str, object]] = {
    "": {"text_wrap": True},
    "header": {"bold": True, "bottom": 1, "bg_color": "#E7E6E6", "text_wrap": True},
    "group": {"bold": True, "bottom": 1, "bg_color": "#D0CECE", "align": "center"},
    "quoted": {"text_wrap": True, "quote_prefix": True},
    "title": {"bold": True, "text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1, "text_wrap": True},
    "alert": {"bold": True, "font_color": "#C00000"},
    "documents": {"bg_color": "#DDEBF7", "text_wrap": True},
    "public": {"bg_color": "#E2EFDA", "text_wrap": True},
    "prior": {"bg_color": "#EDEDED", "text_wrap": True},
    "assumption": {"bg_color": "#FCE4D6", "text_wrap": True},
}
"""Looks of cells that are not a number format; the last four tell kinds of evidence apart."""


SHARE, LEVEL, EXACT = "0.0%", "#,##0.0", "0.00##"
EXACT_UNITS = ("10 thousand CNY", "ratio", "log", "standard deviation")
"""Words of units whose numbers are small."""


class Marked(NamedTuple):
    """A text with a look of `LOOKS`."""

    text: str
    look: str


class Link(NamedTuple):
    """A text that leads to a cell of the same workbook, such as "'Evidence'!A5"."""

    text: str
    place: str


Cell = str | float | Marked | Link | None


def unit_format(unit: str) -> str:
    """Return the number format in which values of a unit are read best."""
    if unit.startswith("share"):
        return SHARE
    return EXACT if any(word in unit for word in EXACT_UNITS) else LEVEL


@lru_cache(maxsize=100_000)
def width(text: str) -> int:
    """Return the columns of characters that the widest line of `text` takes; Chinese takes two."""
    wide = ("W", "F")
    return max(
        sum(2 if unicodedata.east_asian_width(c) in wide else 1 for c in line)
        for line in (text.splitlines() or [""])
    )
