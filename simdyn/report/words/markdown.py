"""Tables and names in Markdown that no name can break."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
"""Characters that Markdown may read as more than themselves."""
ESCAPED_OR_BAR = re.compile(r"\\.|\|")


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown; a bar or a line's end in a cell does not end the cell."""
    cells = [list(header), ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in cells)


def escaped(name: str) -> str:
    """Return a name that Markdown shows as it is, on one line."""
    return SPECIAL.sub(r"\\\1", " ".join(name.split()))


def _cell(text: str) -> str:
    one_line = " ".join(text.splitlines())
    return ESCAPED_OR_BAR.sub(lambda found: found[0] if found[0] != "|" else r"\|", one_line)
