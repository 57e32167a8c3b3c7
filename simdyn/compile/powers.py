"""Keep the minus of -2^2 outside of the power, where PySD's grammars would lose it."""

from __future__ import annotations

import re

_NEGATIVE_BASE = re.compile(
    r'("(?:\\"|[^"])*+")|(?<![0-9.][eE])-(\s*)((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?=\s*\^)'
)
"""A number behind a minus and before a power; or a quoted name, which is left alone."""


def clear_powers(equation: str) -> str:
    """Return an equation in which a number after a minus and before a power is no literal."""
    return _NEGATIVE_BASE.sub(lambda m: m.group(1) or f"-{m.group(2)}({m.group(3)}+0)", equation)
