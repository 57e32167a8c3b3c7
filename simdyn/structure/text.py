"""What a model file says around its equations: their text, and the groups they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from simdyn.compile.encoding import decode
from simdyn.compile.nodes import key_of
from simdyn.compile.vensim import entries
from simdyn.compile.xmile import xml_of

_GROUP = re.compile(r"\*{3,}\s*\n\s*\.([^\n]*)\n\*{3,}")
_NUMBERED = re.compile(r"^[\d.]+\s+(?=\S)")
_END = re.compile(r'((?:"(?:\\"|[^"])*+"|[^~|"]|")*?)[~|]', re.DOTALL)


class Said(NamedTuple):
    """The text of a variable's equations, a line each, and the group that they stand in."""

    equation: str
    sector: str


def texts_of(path: Path, content: bytes) -> dict[str, Said]:
    """Return what a model file says of each variable, by its key."""
    vensim = path.suffix.lower() == ".mdl"
    found: dict[str, Said] = {}
    for key, said in _vensim(path, content) if vensim else _xmile(path, content):
        before = found.get(key)
        text = said.equation if before is None else f"{before.equation}\n{said.equation}"
        found[key] = Said(text, said.sector if before is None else before.sector)
    return found


def _vensim(path: Path, content: bytes) -> Iterator[tuple[str, Said]]:
    sector = ""
    for entry in entries(decode(path, content))[0]:
        group = _GROUP.match(entry.text)
        if group is not None:
            sector = _NUMBERED.sub("", " ".join(group[1].split()))
            continue
        equation = _END.match(entry.text)
        text = (equation[1] if equation else entry.text).replace("\\\n", " ")
        yield key_of(entry.name), Said(" ".join(text.split()), sector)


def _xmile(path: Path, content: bytes) -> Iterator[tuple[str, Said]]:
    for node in xml_of(path, content).findall("{*}model/{*}variables/*"):
        name = " ".join(node.get("name", "").replace("\\n", " ").split())
        texts = [_written(part) for part in [*node.findall("{*}element"), node]]
        equation = "; ".join(text for text in texts if text)
        yield key_of(name), Said(f"{name} = {equation}", "")


def _written(node: Any) -> str:
    """Return the equation of an XMILE variable or element, with its flows and its graph."""
    flows = [f"+ {_plain(flow.text)}" for flow in node.findall("{*}inflow")]
    flows += [f"- {_plain(flow.text)}" for flow in node.findall("{*}outflow")]
    text = _plain(node.findtext("{*}eqn"))
    if flows:
        text = f"INTEG ({' '.join(flows).removeprefix('+ ')}, {text})"
    graph = node.find("{*}gf")
    if graph is not None:
        points = _plain(graph.findtext("{*}ypts"))
        text = f"GRAPH({text}) ({points})"
    return f"[{node.get('subscript')}] {text}" if text and node.get("subscript") else text


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
