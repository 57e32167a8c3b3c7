"""What parts of a picture say to whoever points at them."""

from __future__ import annotations

from simdyn.structure.records import Basis, Element, Link, Loop, LoopKind, Polarity

_EFFECTS: dict[Polarity, str] = {
    "+": "the more, the more",
    "-": "the more, the less",
    "depends": "either way",
}
_BASES: dict[Basis, str] = {
    "equation": "by the equation",
    "run": "seen in the default run",
    "unknown": "not known from equation or default run",
}
KINDS: dict[LoopKind, str] = {"R": "reinforcing", "B": "balancing", "ambiguous": "ambiguous"}


def title_of_element(element: Element) -> str:
    """Return name, kind, unit and documentation, and the equation on a line of its own."""
    unit = f", {element.unit}" if element.unit else ""
    head = f"{element.name} ({element.kind}{unit})"
    return "\n".join(part for part in (head, element.documentation, element.equation) if part)


def title_of_link(link: Link) -> str:
    """Return what a link does, and how that is known."""
    late = ", delayed" if link.delayed else ""
    idle = ", nothing in the default run" if link.idle else ""
    effect = f"{_EFFECTS[link.polarity]} ({_BASES[link.basis]}){late}{idle}"
    return f"{link.cause} → {link.effect}: {effect}"


def title_of_loop(loop: Loop) -> str:
    """Return what a loop is and runs through."""
    way = " → ".join([*loop.variables, loop.variables[0]])
    return f"{loop.mark} {loop.name} ({KINDS[loop.kind]}): {way}"
