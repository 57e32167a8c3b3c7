"""The structure of a model: its variables, the links between them and its feedback loops."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

Kind = Literal["stock", "flow", "auxiliary", "constant", "lever", "lookup", "data", "control"]
Polarity = Literal["+", "-", "depends"]
Basis = Literal["equation", "run", "unknown"]
Role = Literal["cause", "inflow", "outflow", "start", "table"]


@dataclass(frozen=True, slots=True)
class Element:
    """A variable as its author wrote it, all elements of an array together.

    kind : as the compiler knows it, but "flow" of what fills or drains a stock, "lever" of a
        constant that scenarios turn, "constant" of what is computed from constants alone
    equation : its text without unit and documentation; a line for each equation of an array
    sector : the group of the file that it stands in, "" if the file has none
    line : of the file on which it is defined, if known
    subscripts : names of its subscript ranges
    """

    name: str
    kind: Kind
    unit: str
    equation: str
    documentation: str
    sector: str
    line: int | None
    subscripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """What one variable does to another, by their names.

    polarity : "+" if more of the cause makes more of the effect than there would have been else,
        "-" if less, "depends" if it may be either or cannot be told; of a table always "depends"
    basis : "equation" if the polarity follows from the equation for all values, given the
        constants other than zero as they stand in the file and stocks of the sign they have in
        the default run; "run" if it was seen at every time of that run; "unknown" if neither tells
    role : "inflow" and "outflow" of a flow to its stock; "start" if only the starting value needs
        the cause; "table" of a lookup; otherwise "cause"
    delayed : whether the cause acts through a delay or smooth only
    idle : whether a small change of the cause changes nothing at any time of the default run, as
        that of a limit which is not reached
    """

    cause: str
    effect: str
    polarity: Polarity
    basis: Basis
    role: Role = "cause"
    delayed: bool = False
    idle: bool = False

    @property
    def acts(self) -> bool:
        """Whether the effect follows the cause during a run."""
        return self.role not in {"start", "table"}


LoopKind = Literal["R", "B", "ambiguous"]


@dataclass(frozen=True, slots=True)
class Loop:
    """A feedback loop.

    mark : short and unique, such as "R1", "B2" or "A1" of an ambiguous loop
    name : for readers, after its stocks
    kind : "R" reinforcing, "B" balancing, or "ambiguous" if a polarity depends
    links : in their order around the loop
    stocks, delayed : its stocks, and the variables that its delayed links lead to
    """

    mark: str
    name: str
    kind: LoopKind
    links: tuple[Link, ...]
    stocks: tuple[str, ...]
    delayed: tuple[str, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of its variables, each the cause of the next."""
        return tuple(link.cause for link in self.links)

    @property
    def idle(self) -> bool:
        """Whether the loop is cut in the default run, as one of its links is idle."""
        return any(link.idle for link in self.links)

    def __len__(self) -> int:
        """Return the number of its links."""
        return len(self.links)


@dataclass(frozen=True)
class Structure:
    """The structure of a model file.

    elements : in the file's order
    sectors : in the file's order, those without variables left out
    loops : the shortest independent loop set, short ones first
    complete : whether every link that is part of feedback stands in a loop; a model too large for
        that has only the loops of its first links
    """

    path: Path
    elements: tuple[Element, ...]
    links: tuple[Link, ...]
    loops: tuple[Loop, ...]
    complete: bool = True

    @cached_property
    def by_name(self) -> dict[str, Element]:
        """The variables by name."""
        return {element.name: element for element in self.elements}

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """The sectors that hold variables."""
        return tuple(dict.fromkeys(e.sector for e in self.elements if e.sector))
