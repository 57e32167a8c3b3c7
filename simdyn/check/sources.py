"""The text of a model file, from which single equations can be left out without moving lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from lxml import etree  # type: ignore[import-untyped]

from simdyn.compile.encoding import decode
from simdyn.compile.nodes import key_of
from simdyn.compile.read import parse
from simdyn.compile.vensim import Entry, entries, lines_of
from simdyn.compile.xmile import xml_of
from simdyn.errors import ModelError

_EQUIVALENTS = re.compile(r"^22:(.+)$", re.MULTILINE)
_SETTINGS = "///---\\\\\\"
_HEADER = re.compile(r"\A(\s*)\{[^}\n]*\}")


class LeftOut(NamedTuple):
    """What was left out of a source: the name it defines, its unit, all of its text."""

    name: str
    unit: str
    text: str


class Source(Protocol):
    """What a reader of models needs of a file that may be faulty."""

    def content(self) -> bytes:
        """Return the file as it is now."""

    def leave_out(self, name: str, line: int | None) -> LeftOut | None:
        """Leave out all that bears a name, else what stands on a line; None if nothing does."""

    def lines(self) -> dict[str, tuple[int, ...]]:
        """Return the lines on which the equations of each name begin, by key."""

    def unparsed(self) -> Iterator[str]:
        """Yield the names of the equations that cannot be parsed, found one by one."""

    def equivalents(self) -> tuple[tuple[str, ...], ...]:
        """Return the groups of names of units that the file declares to be the same."""


def source_of(path: Path, content: bytes) -> Source:
    """Return the source of a file; ModelError if it cannot be decoded."""
    if path.suffix.lower() == ".mdl":
        return _VensimSource(decode(path, content))
    return _XmileSource(xml_of(path, content))


class _VensimSource:
    """A Vensim file as text."""

    def __init__(self, text: str) -> None:
        # The header declares an encoding that no longer holds once the text is decoded.
        self.text = _HEADER.sub(r"\1{UTF-8}", text, count=1)

    def content(self) -> bytes:
        return self.text.encode()

    def leave_out(self, name: str, line: int | None) -> LeftOut | None:
        found, rest = entries(self.text)
        gone = [e for e in found if name and key_of(e.name) == key_of(name)]
        gone = gone or [e for e in found if line is not None and e.line == line]
        if not gone and rest is not None:
            bar = self.text.find("|", rest.start, rest.end)
            gone = [replace(rest, name="", end=rest.end if bar < 0 else bar + 1)]
        for entry in reversed(gone):
            self._blank(entry)
        return _left_out(gone) if gone else None

    def _blank(self, entry: Entry) -> None:
        lines = "\n" * self.text.count("\n", entry.start, entry.end)
        self.text = self.text[: entry.start] + lines + self.text[entry.end :]

    def lines(self) -> dict[str, tuple[int, ...]]:
        return lines_of(entries(self.text)[0])

    def unparsed(self) -> Iterator[str]:
        for entry in entries(self.text)[0]:
            try:
                parse(Path("equation.mdl"), f"{{UTF-8}}\n{entry.text}".encode())
            except ModelError:
                yield entry.name

    def equivalents(self) -> tuple[tuple[str, ...], ...]:
        settings = self.text.rpartition(_SETTINGS)[2] if _SETTINGS in self.text else ""
        return tuple(tuple(line.split(",")) for line in _EQUIVALENTS.findall(settings))


def _left_out(gone: list[Entry]) -> LeftOut:
    parts = gone[0].text.split("~")
    unit = parts[1].strip() if len(parts) > 1 else ""
    return LeftOut(gone[0].name, unit, "".join(entry.text for entry in gone))


class _XmileSource:
    """An XMILE file as a tree; what is left out becomes a comment of as many lines."""

    def __init__(self, root: Any) -> None:
        self.root = root

    def content(self) -> bytes:
        return bytes(etree.tostring(self.root.getroottree(), encoding="utf-8"))

    def leave_out(self, name: str, line: int | None) -> LeftOut | None:  # noqa: ARG002
        node = next((n for n in self._named() if name and _name(n) == key_of(name)), None)
        if node is None:
            return None
        text = "".join(node.itertext())
        comment = etree.Comment("\n" * etree.tostring(node, with_tail=False).count(b"\n"))
        comment.tail = node.tail
        node.getparent().replace(node, comment)
        unit = node.findtext("{*}units") or ""
        return LeftOut(node.get("name").replace("\\n", " "), unit, text)

    def lines(self) -> dict[str, tuple[int, ...]]:
        return {_name(node): (int(node.sourceline),) for node in reversed(self._named())}

    def _named(self) -> list[Any]:
        nodes = self.root.findall("{*}model/{*}variables/*")
        return [node for node in nodes if node.get("name") is not None]

    def unparsed(self) -> Iterator[str]:
        return iter(())

    def equivalents(self) -> tuple[tuple[str, ...], ...]:
        units = self.root.findall("{*}model_units/{*}unit")
        groups = (
            (u.get("name", ""), *(a.text or "" for a in u.findall("{*}alias"))) for u in units
        )
        return tuple(groups)


def _name(node: Any) -> str:
    return key_of(node.get("name").replace("\\n", " "))
