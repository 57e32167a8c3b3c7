from collections.abc import Callable
from pathlib import Path

from simdyn.check import Finding

Write = Callable[..., Path]
Check = Callable[..., list[Finding]]


def lines_of(findings: list[Finding], check: str) -> list[tuple[int | None, str]]:
    """Return (line, variable) of the findings of one check."""
    return [(found.line, found.variable) for found in findings if found.check == check]
