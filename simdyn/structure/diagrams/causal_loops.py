"""Causal loop diagrams: the variables of feedback loops, with a mark on a link of each loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simdyn.structure.diagrams.drawing import Arrow, Node, Shape, picture
from simdyn.structure.diagrams.words import title_of_element, title_of_link, title_of_loop
from simdyn.structure.records import Link, Loop, Structure


def loop_diagrams(structure: Structure) -> dict[str, str]:
    """Return a picture of the loops through each stock, as SVG by the stock's name.

    A loop through several stocks stands in the picture of each; loops without stocks, under "".
    """
    stocks = [element.name for element in structure.elements if element.kind == "stock"]
    chosen = {name: [k for k in structure.loops if name in k.stocks] for name in stocks}
    chosen[""] = [loop for loop in structure.loops if not loop.stocks]
    return {
        name: loop_diagram(
            structure, loops, f"Feedback loops: {name}" if name else "Feedback loops"
        )
        for name, loops in chosen.items()
        if loops
    }


def loop_diagram(structure: Structure, loops: Sequence[Loop], title: str = "Feedback loops") -> str:
    """Return a picture of some loops of a structure as SVG."""
    names = dict.fromkeys(name for loop in loops for name in loop.variables)
    nodes = [_node(structure, name) for name in names]
    notes = [(loop.mark, loop.kind, _note(loop)) for loop in loops]
    return picture(title, nodes, list(_arrows(loops)), notes)


def _node(structure: Structure, name: str) -> Node:
    element = structure.by_name[name]
    shape: Shape = "stock" if element.kind == "stock" else "plain"
    return Node(name, name, shape, title_of_element(element))


def _note(loop: Loop) -> str:
    return f"{loop.name} (idle in the default run)" if loop.idle else loop.name


def _arrows(loops: Sequence[Loop]) -> Iterator[Arrow]:
    """Yield an arrow for each link; the first that shorter loops lack bears a loop's mark."""
    links: dict[tuple[str, str], Link] = {}
    marked: dict[tuple[str, str], Loop] = {}
    for loop in sorted(loops, key=len):
        pairs = {(link.cause, link.effect): link for link in loop.links}
        new = [pair for pair in pairs if pair not in links] or list(pairs)
        marked[new[len(new) // 2]] = loop
        links |= pairs
    for pair, link in links.items():
        own = marked.get(pair)
        said = title_of_link(link) if own is None else title_of_loop(own)
        mark, kind = ("", "") if own is None else (own.mark, own.kind)
        yield Arrow(
            link.cause, link.effect, said, link.polarity, link.delayed, link.idle, 1.0, mark, kind
        )
