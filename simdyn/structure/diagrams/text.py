"""How much room text takes, and how it is broken into lines.

Widths are those of DejaVu Sans, rounded up: it is among the widest fonts that readers' systems show
sans-serif text in, so that text fits its box on all of them.
"""

from __future__ import annotations

import unicodedata

SIZE = 12.5
LINE = 15.0
_WIDTHS = {
    0.3: "'IJijl",
    0.35: " ,./:;\\|",
    0.4: "()-[]ft",
    0.45: "!r",
    0.5: '"*_`',
    0.55: "?csz",
    0.6: "FLkvxy",
    0.65: "$0123456789EPSTYabdeghnopqu{}",
    0.7: "ABCKRVXZ",
    0.75: "NU",
    0.8: "&DGHOQ",
    0.85: "#+<=>^w~",
    0.9: "M",
    1.0: "%@Wm",
}
_WIDTH = {character: width for width, group in _WIDTHS.items() for character in group}
_OTHER, _WIDE = 0.85, 1.1
_LONGEST = 128.0
"""Width of a word beyond which it is broken."""


def width(text: str, size: float = SIZE) -> float:
    """Return the width of one line of text."""
    return size * sum(map(_width, text))


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    return _WIDTH.get(character, _OTHER)


def lines(text: str, room: float, size: float = SIZE) -> list[str]:
    """Return a text in lines that fit; a word that needs more room gets it, up to a limit."""
    room = max(room, min(_LONGEST, max((width(word, size) for word in text.split()), default=0.0)))
    found = [""]
    for word in text.split():
        joined = f"{found[-1]} {word}".strip()
        if width(joined, size) <= room:
            found[-1] = joined
            continue
        if found[-1]:
            found.append("")
        for character in word:
            if found[-1] and width(found[-1] + character, size) > room:
                found.append("")
            found[-1] += character
    return found
