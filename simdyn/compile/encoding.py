"""Decode a model file strictly, in the encoding that it declares."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from simdyn.errors import ModelError

ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "ascii": "ascii",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
}
"""Encodings that the first line of a Vensim file may declare, as in ``{UTF-8}``."""

_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}

_FOREIGN = re.compile(rb"[\x80-\xff]{3}")
"""Bytes that Western European words seldom hold, but words in other scripts do."""


def decode(path: Path, content: bytes) -> str:
    """Return the text, in the encoding that its byte order mark or first line declares."""
    encoding = next((e for mark, e in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    encoding = encoding or _declared_encoding(path, content) or _guessed_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"not {encoding} text. Save it as UTF-8, or declare its encoding, such as {{GBK}}, "
        raise ModelError(msg + "on the first line.", path=path, line=line) from None
    if "\0" in text:
        raise ModelError("not a text file. Save it as UTF-8.", path=path)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guessed_encoding(content: bytes) -> str:
    """Return UTF-8, or Western European where that fails for single letters within ASCII words."""
    with suppress(UnicodeDecodeError):
        content.decode()
        return "utf-8"
    return "utf-8" if _FOREIGN.search(content) else "cp1252"


def _declared_encoding(path: Path, content: bytes) -> str | None:
    declared = re.match(rb"\s*\{([^}\r\n]*)\}", content)
    if declared is None:
        return None
    name = declared.group(1).decode("ascii", "replace").strip()
    if name.lower() not in ENCODINGS:
        msg = f"declares the unknown encoding '{name}'. Save it as UTF-8 with {{UTF-8}} on top."
        raise ModelError(msg, path=path, line=1)
    return ENCODINGS[name.lower()]
