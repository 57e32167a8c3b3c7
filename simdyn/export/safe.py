"""Make names of others harmless: as names of files, and as cells of a spreadsheet."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""How a text begins that spreadsheets take for a formula, full-width forms among them."""
LONGEST = 40
"""Characters of a file's name that are kept; even of Chinese they stay far below 255 bytes."""
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Names that Windows keeps for devices, with any suffix."""


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would take `text` for a formula, spaces before it or not."""
    return text[:1] in FORMULA_STARTS or text.lstrip()[:1] in FORMULA_STARTS


def guarded(text: str) -> str:
    """Return `text` with an apostrophe before it if it would be a formula in a CSV file."""
    return f"'{text}" if is_formula(text) else text


def file_names(texts: Iterable[str]) -> dict[str, str]:
    """Return a name for a file or folder for each text, all different on every system.

    A plain lower-case name stays as it is. Of any other, what is not a letter, digit, hyphen or
    underscore is replaced, and a piece of its digest is added. No name begins with an underscore
    or a point: readers of folders pass over such files.
    """
    names: dict[str, str] = {}
    for text in texts:
        name = _plain(text)
        while name in names.values():
            name = f"{name}-{_digest(name + text)}"
        names[text] = name
    return names


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold()
    stem = re.sub(r"[^\w-]", "_", folded)[:LONGEST]
    if stem == text and text[:1].isalnum() and not DEVICES.fullmatch(stem):
        return stem
    return f"{stem if stem[:1].isalnum() else f'x{stem}'}-{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
