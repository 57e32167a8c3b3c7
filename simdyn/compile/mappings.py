"""Read explicit subscript mappings from a Vensim file's text, which PySD's translator drops.

``DimA: A1, A2 -> (DimB: SubB, B3), DimC`` maps A1 to all of SubB and A2 to B3; the mapping to DimC,
by position, PySD keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from simdyn.compile.nodes import key_of

_WORD = r'"(?:\\"|[^"])*+"|[^"(),:]+'
_NAME = re.compile(rf"\s*({_WORD})\s*:(?![:=])")
_ARROW = re.compile(r'(?:"(?:\\"|[^"])*+"|[^"])*?->', re.DOTALL)
_GROUP = re.compile(rf"\(\s*({_WORD})\s*:([^()]*)\)")
_ITEM = re.compile(_WORD)


def explicit_mappings(equations: Iterable[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the items listed in each mapping, by the keys of the range and its target."""
    return dict(pair for equation in equations for pair in _mappings(equation))


def _mappings(equation: str) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    name, arrow = _NAME.match(equation), _ARROW.match(equation)
    if name is None or arrow is None:
        return
    for group in _GROUP.finditer(equation, arrow.end()):
        items = tuple(" ".join(item.split()) for item in _ITEM.findall(group.group(2)))
        yield (
            (key_of(name.group(1)), key_of(group.group(1))),
            tuple(item for item in items if item),
        )
