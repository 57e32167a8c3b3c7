"""Stock-and-flow diagrams: one a sector, and an overview of the stocks and their main causes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from simdyn.structure.diagrams.drawing import Arrow, Node, Shape, picture
from simdyn.structure.diagrams.words import title_of_element, title_of_link
from simdyn.structure.records import Element, Link, Structure
from simdyn.structure.shorten import shortened

_PIPE = 60.0
_SHAPES: dict[str, Shape] = {"stock": "stock", "flow": "flow", "lever": "lever"}
_SHOWN = frozenset({"stock", "flow", "auxiliary", "lever", "data"})
_MAIN = 8
"""Variables that the overview shows beside stocks and flows."""


def sector_diagrams(structure: Structure) -> dict[str, str]:
    """Return a picture of each sector in which something moves, as SVG by the sector's name.

    Constants are left out; causes from other sectors stand in italics. A model without sectors
    has one picture, under "".
    """
    found = {}
    for sector in structure.sectors or ("",):
        own = [e.name for e in structure.elements if e.sector == sector and e.kind in _SHOWN]
        if any(structure.by_name[name].kind != "lever" for name in own):
            title = f"Stocks and flows: {sector}" if sector else "Stocks and flows"
            found[sector] = _drawn(structure, own, title)
    return found


def overview_diagram(structure: Structure) -> str:
    """Return a picture of all stocks and flows, and of the variables that join most of them."""
    pipes = [k for k in structure.links if k.role in {"inflow", "outflow"}]
    kept = {e.name for e in structure.elements if e.kind == "stock"} | {k.cause for k in pipes}
    moving = [k for k in structure.links if _moves(structure, k.cause)]
    links = [k for k in shortened(moving, kept, _MAIN) if k.role == "cause"]
    own = [e.name for e in structure.elements if e.name in kept]
    own += dict.fromkeys(k.effect for k in links if k.effect not in kept)
    nodes = [_node(structure.by_name[name], own=True) for name in own]
    arrows = [*_pipes(nodes, pipes), *(_arrow(link, link.effect) for link in links)]
    return picture("Stocks, flows and main causes", nodes, arrows)


def _moves(structure: Structure, name: str) -> bool:
    return structure.by_name[name].kind in {"stock", "flow", "auxiliary"}


def _drawn(structure: Structure, own: Collection[str], title: str) -> str:
    """Return a picture of some variables and of what acts on them."""
    members = set(own)
    acting = [
        k for k in structure.links if k.acts and k.effect in members and _shown(structure, k.cause)
    ]
    named = dict.fromkeys(own) | {link.cause: None for link in acting}
    # A flow of this sector may fill a stock of another, and the other way round.
    every = [k for k in structure.links if k.role in {"inflow", "outflow"}]
    flows = {k.cause for k in every if members & {k.cause, k.effect}}
    pipes = [link for link in every if link.cause in flows]
    named |= {name: None for link in pipes for name in (link.cause, link.effect)}
    nodes = [_node(structure.by_name[name], own=name in members) for name in named]
    arrows = [*_pipes(nodes, pipes), *_causes(structure, nodes, acting)]
    return picture(title, nodes, arrows)


def _shown(structure: Structure, name: str) -> bool:
    return structure.by_name[name].kind in _SHOWN


def _node(element: Element, *, own: bool) -> Node:
    shape = _SHAPES.get(element.kind, "plain") if own else "ghost"
    return Node(element.name, element.name, shape, title_of_element(element))


def _pipes(nodes: list[Node], links: Iterable[Link]) -> Iterator[Arrow]:
    """Yield the pipes through flows, with clouds at their open ends, which are added."""
    ends: dict[str, set[str]] = {}
    for link in links:
        ends.setdefault(link.cause, set()).add(link.role)
        pair = (link.cause, link.effect) if link.role == "inflow" else (link.effect, link.cause)
        yield Arrow(*pair, title_of_link(link), weight=_PIPE)
    for flow, roles in ends.items():
        for role in sorted({"inflow", "outflow"} - roles):
            cloud = f"{role} of {flow}\0"
            nodes.append(Node(cloud, "", "cloud", "Outside of the model"))
            pair = (flow, cloud) if role == "inflow" else (cloud, flow)
            yield Arrow(*pair, f"{flow}: outside of the model", weight=_PIPE)


def _causes(structure: Structure, nodes: list[Node], links: Iterable[Link]) -> Iterator[Arrow]:
    """Yield the arrows of causes; a stock moved by no flow gets a valve, which is added."""
    valves: set[str] = set()
    for link in links:
        if link.role != "cause":
            continue
        target = link.effect
        if structure.by_name[target].kind == "stock":
            target = f"change of {target}\0"
            if target not in valves:
                valves.add(target)
                yield from _valve(nodes, target, link.effect)
        yield _arrow(link, target)


def _arrow(link: Link, target: str) -> Arrow:
    return Arrow(link.cause, target, title_of_link(link), link.polarity, link.delayed, link.idle)


def _valve(nodes: list[Node], valve: str, stock: str) -> Iterator[Arrow]:
    cloud = f"{valve}\0"
    said = f"Change of {stock}, which its own equation gives"
    nodes.append(Node(valve, "change", "flow", said))
    nodes.append(Node(cloud, "", "cloud", "Outside of the model"))
    yield Arrow(cloud, valve, said, weight=_PIPE)
    yield Arrow(valve, stock, said, weight=_PIPE)
