"""Text in pictures: lines of a width, in Latin and Chinese letters, and short titles."""

from __future__ import annotations

import re
import textwrap
from unicodedata import east_asian_width

from simdyn.report.words.language import Labels

LETTER = "[\u2e80-\u9fff\uff00-\uffef]"
OPENING, CLOSING = (
    "\uff08\u300a\u201c(\\[",
    "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u201d,.;:!?)\\]%",
)
WIDE = re.compile(LETTER)
PIECES = re.compile(rf"\s+|[{OPENING}]*(?:{LETTER}|(?:(?!{LETTER})[^\s{OPENING}])+)[{CLOSING}]*|.")
"""What stays in one line: a Chinese letter or another word, with its brackets and commas."""


def short_title(labels: Labels, title: str) -> str:
    """Return what the language calls a quantity, without what the English has in brackets."""
    name = labels.term(title)
    return name.partition("(")[0].strip() if "(" in title else name


def wrapped(text: str, width: int = 30, most_lines: int | None = None) -> str:
    """Return text in lines of at most `width` letters; what goes beyond `most_lines` is cut.

    A Chinese letter counts twice and a line may end behind it, but none begins with a comma.
    """
    lines = [line for part in text.split("\n") for line in _lines(part, width, most_lines)]
    return "\n".join(lines)


def columns(text: str) -> int:
    """Return the width of text in letters; Chinese ones count twice."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _lines(text: str, width: int, most: int | None) -> list[str]:
    if not WIDE.search(text):
        return textwrap.wrap(text, width, max_lines=most, placeholder="…") or [""]
    lines = [""]
    for piece in PIECES.findall(text):
        if lines[-1] and columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    if most is not None and len(lines) > most:
        last = lines[most - 1]
        while columns(last) >= width:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip() + "…"]
    return [line.rstrip() for line in lines]
