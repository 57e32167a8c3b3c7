"""Split a Vensim file into its equations, and write them as PySD reads them rightly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from simdyn.compile.encoding import decode
from simdyn.compile.equations import name_of, plain_vensim
from simdyn.compile.mappings import explicit_mappings
from simdyn.compile.nodes import key_of
from simdyn.compile.parsers import VENSIM, Parsed, model_of
from simdyn.errors import ModelError

_SKETCH = re.compile(r"^\\{2,}---///", re.MULTILINE)
_HEADER = re.compile(r"\s*\{[^}\n]*\}")
_ITEM = r'(?:"(?:\\"|[^"])*+"|[^~|])*+'
_ENTRY = re.compile(rf"{_ITEM}~{_ITEM}(?:~[^~|]*+(?:~{_ITEM})?)?\|", re.DOTALL)
_MACRO = re.compile(r":MACRO:.*?:END OF MACRO:", re.DOTALL | re.IGNORECASE)
_MACRO_HEAD = re.compile(r":MACRO:([^(]*\([^)]*\))", re.IGNORECASE)
_BLANKED = re.compile(r"[^\n]")
_MACRO_END = ":END OF MACRO:"


def read_vensim(path: Path, content: bytes) -> Parsed:
    """Parse a Vensim file; ModelError if it is not decodable, cut short or cannot be parsed."""
    text = decode(path, content)
    found = _all_entries(path, text)
    # PySD takes a macro that stands behind equations for one of them.
    ordered = [_macro(path, text, macro) for macro in _MACRO.finditer(_equations(text))]
    ordered += [_plain(entry.text) for entry in found]
    lines = lines_of(found)
    model = model_of(path, VENSIM, "\n".join(ordered).encode(), lines)
    return Parsed(path, model, lines, explicit_mappings(_left_sides(found)))


def _plain(entry: str) -> str:
    """Return an entry whose equation PySD reads rightly; its unit and comment stay."""
    head = re.match(_ITEM, entry, re.DOTALL)
    end = head.end() if head else 0
    return plain_vensim(entry[:end]) + entry[end:]


def _left_sides(found: Iterable[Entry]) -> Iterator[str]:
    """Yield the equations without units and comments, continued lines joined."""
    for entry in found:
        head = re.match(_ITEM, entry.text, re.DOTALL)
        yield (head.group() if head else entry.text).replace("\\\n", " ")


def _macro(path: Path, text: str, macro: re.Match[str]) -> str:
    """Return a macro as PySD shall read it, after checking that it is whole."""
    above = text.count("\n", 0, macro.start())
    head = _MACRO_HEAD.match(macro.group())
    if head is None:
        msg = "a macro without its list of parameters. Write :MACRO: name(parameter, ...)."
        raise ModelError(msg, path=path, line=above + 1)
    body = macro.group()[head.end() : -len(_MACRO_END)]
    found = _all_entries(path, body, above + head.group().count("\n"))
    return f":MACRO:{head[1]}{''.join(_plain(e.text) for e in found)}{_MACRO_END}"


@dataclass(frozen=True)
class Entry:
    """An equation of a Vensim file, with its unit and comment: ``text``, from ``start`` to ``end``.

    line : on which its first word stands
    """

    name: str
    line: int
    start: int
    end: int
    text: str


def entries(text: str, above: int = 0) -> tuple[list[Entry], Entry | None]:
    """Split the equations of a Vensim file; return them and the rest that is none, if any.

    Macros are passed over.

    Parameters
    ----------
    above : lines of the file above the text
    """
    equations = _MACRO.sub(lambda macro: _BLANKED.sub(" ", macro.group()), _equations(text))
    header = _HEADER.match(equations)
    end = header.end() if header else 0
    line = above + equations.count("\n", 0, end) + 1
    found: list[Entry] = []
    while match := _ENTRY.match(equations, end):
        found.append(_entry(match.group(), line, end, match.end()))
        line += match.group().count("\n")
        end = match.end()
    rest = equations[end:]
    if not rest.strip():
        return found, None
    return found, _entry(rest, line, end, len(equations))


def _entry(item: str, line: int, start: int, end: int) -> Entry:
    """Return the equation of an item, which may have blanks before it."""
    text = item.lstrip()
    n_blank = len(item) - len(text)
    return Entry(name_of(text), line + item.count("\n", 0, n_blank), start + n_blank, end, text)


def _equations(text: str) -> str:
    """Return the part of a Vensim file that is no drawing."""
    return _SKETCH.split(text, maxsplit=1)[0]


def _all_entries(path: Path, text: str, above: int = 0) -> list[Entry]:
    """Return the equations of a file that is whole."""
    found, rest = entries(text, above)
    if rest is not None:
        msg = "an equation without its '~ unit ~ comment |'. Is the file cut short?"
        raise ModelError(msg, path=path, line=rest.line)
    return found


def lines_of(found: Iterable[Entry]) -> dict[str, tuple[int, ...]]:
    """Return the lines on which the equations of each variable begin, by key."""
    lines: dict[str, tuple[int, ...]] = {}
    for entry in found:
        key = key_of(entry.name)
        lines[key] = (*lines.get(key, ()), entry.line)
    return lines
