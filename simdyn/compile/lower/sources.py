"""The author's equations: which variable each defines, and for which elements."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pysd.translators.structures.abstract_expressions as ae
import pysd.translators.structures.abstract_model as am

from simdyn.compile.lower.subscripts import Bound, Range, Subscripts, subscript_key
from simdyn.compile.nodes import Array, key_of

_MOST_ELEMENTS = 1_000_000
"""Scalars of one equation beyond which a model is taken for a mistake."""


@dataclass(frozen=True)
class Equation:
    """One equation of a variable.

    subscripts : of its left side
    excepted : subscripts behind :EXCEPT:, a tuple a group
    right : PySD's tree of its right side
    lookup : whether it is a lookup of its own
    keyword : how its data are read between their points; "" if it is no data variable
    """

    subscripts: tuple[str, ...]
    excepted: tuple[tuple[str, ...], ...]
    right: Any
    line: int | None
    lookup: bool = False
    keyword: str = ""


@dataclass(frozen=True)
class Source:
    """A variable of the author with all its equations."""

    name: str
    key: str
    unit: str
    documentation: str
    equations: tuple[Equation, ...]

    @property
    def rank(self) -> int:
        """Number of its subscripts."""
        return len(self.equations[0].subscripts)

    @property
    def line(self) -> int | None:
        """Line of its first equation."""
        return self.equations[0].line


@dataclass(frozen=True)
class Cell:
    """One scalar of a variable: an element, or the whole if it has no subscripts.

    place : its number among the elements of its equation's left side
    shape : numbers of elements of that side
    """

    key: str
    name: str
    source: Source
    equation: Equation
    elements: tuple[str, ...] = ()
    bound: Bound = field(default_factory=dict)
    place: int = 0
    shape: tuple[int, ...] = ()


class SourceError(Exception):
    """An equation's left side cannot stand: what is wrong, and where."""

    def __init__(self, source: Source, line: int | None, why: str) -> None:
        super().__init__(why)
        self.name = source.name
        self.line = line


def sources_of(section: Any, lines: Mapping[str, Sequence[int]]) -> dict[str, Source]:
    """Return the variables of a section by key, in the file's order.

    Raises
    ------
    SourceError
        A variable is defined under two spellings.
    """
    found: dict[str, Source] = {}
    for element in section.elements:
        source = _source(element, lines.get(key_of(element.name), ()))
        if source.key in found:
            where = lines.get(source.key, ())
            line = where[1] if len(where) > 1 else source.line
            raise SourceError(source, line, "it is defined twice. Remove or rename one")
        found[source.key] = source
    return found


def _source(element: am.AbstractElement, lines: Sequence[int]) -> Source:
    numbered = itertools.zip_longest(element.components, lines[: len(element.components)])
    return Source(
        name=" ".join(element.name.split()),
        key=key_of(element.name),
        unit=(element.units or "").strip(),
        documentation=" ".join((element.documentation or "").split()),
        equations=tuple(_equation(component, line) for component, line in numbered),
    )


def _equation(component: am.AbstractComponent, line: int | None) -> Equation:
    subscripts, excepted = component.subscripts
    data = isinstance(component, am.AbstractData) or isinstance(component.ast, ae.GetDataStructure)
    keyword = getattr(component, "keyword", None) or "interpolate"
    return Equation(
        subscripts=tuple(subscript_key(name) for name in subscripts),
        excepted=tuple(tuple(subscript_key(name) for name in group) for group in excepted),
        right=component.ast,
        line=line,
        lookup=isinstance(component, am.AbstractLookup),
        keyword=keyword.replace(" ", "_") if data else "",
    )


def cells_of(source: Source, subscripts: Subscripts) -> dict[str, Cell]:
    """Return the scalars of a variable by key, in the order of its equations.

    Raises
    ------
    SourceError
        An unknown subscript, or an element that two equations define.
    """
    found: dict[str, Cell] = {}
    for equation in source.equations:
        for cell in _cells(source, equation, subscripts):
            if cell.key in found:
                what = f"'{cell.name}'" if cell.elements else "it"
                why = f"{what} is defined twice. Remove or rename one"
                raise SourceError(source, equation.line, why)
            found[cell.key] = cell
    return found


def _cells(source: Source, equation: Equation, subscripts: Subscripts) -> Iterator[Cell]:
    if len(equation.subscripts) != source.rank:
        why = f"one equation has {source.rank} subscripts and another {len(equation.subscripts)}"
        raise SourceError(source, equation.line, why)
    axes = [subscripts.elements(key) for key in equation.subscripts]
    for key, axis in zip(equation.subscripts, axes, strict=True):
        if not axis:
            name = key.replace("_", " ")
            why = f"its subscript [{name}] is neither a subscript range nor an element"
            raise SourceError(source, equation.line, why)
    shape = tuple(len(axis) for axis in axes)
    if math.prod(shape) > _MOST_ELEMENTS:
        raise SourceError(source, equation.line, f"{math.prod(shape)} elements are too many")
    excepted = [_excepted(source, equation, group, subscripts) for group in equation.excepted]
    for place, elements in enumerate(itertools.product(*axes)):
        if any(_within(elements, group) for group in excepted):
            continue
        pairs = zip(equation.subscripts, elements, strict=True)
        yield Cell(
            key=element_key(source.key, elements),
            name=element_name(source.name, elements, subscripts),
            source=source,
            equation=equation,
            elements=elements,
            bound={key: element for key, element in pairs if key in subscripts.ranges},
            place=place,
            shape=shape,
        )


def _excepted(
    source: Source, equation: Equation, group: Sequence[str], subscripts: Subscripts
) -> list[frozenset[str]]:
    if len(group) != source.rank:
        why = ":EXCEPT: needs as many subscripts as the variable has"
        raise SourceError(source, equation.line, why)
    return [frozenset(subscripts.elements(key)) for key in group]


def _within(elements: Sequence[str], group: Sequence[frozenset[str]]) -> bool:
    return all(element in axis for element, axis in zip(elements, group, strict=True))


def element_key(key: str, elements: Sequence[str]) -> str:
    """Return the key of an element of a variable."""
    return f"{key}[{','.join(elements)}]" if elements else key


def element_name(name: str, elements: Sequence[str], subscripts: Subscripts) -> str:
    """Return the author's name of an element of a variable."""
    if not elements:
        return name
    return f"{name}[{','.join(subscripts.names[element] for element in elements)}]"


def axes_of(source: Source, subscripts: Subscripts) -> tuple[Range, ...]:
    """Return the range of each subscript: the author's own, or the tightest around its elements."""
    found: list[Range] = []
    for number in range(source.rank):
        named = [equation.subscripts[number] for equation in source.equations]
        elements = {element for key in named for element in subscripts.elements(key)}
        used = [axis.key for axis in found]
        own = (subscripts.ranges[key] for key in named if key in subscripts.ranges)
        fitting = (r for r in own if r.key not in used and elements <= set(r.elements))
        axis = next(fitting, None) or subscripts.tightest_range(elements, without=used)
        if axis is None:
            why = "its subscripts of one place are in no common subscript range"
            raise SourceError(source, source.line, why)
        found.append(axis)
    return tuple(found)


def array_of(source: Source, cells: Mapping[str, Cell], subscripts: Subscripts) -> Array:
    """Return the shape of a subscripted variable.

    Raises
    ------
    SourceError
        Its elements of one place are in no common range.
    """
    axes = axes_of(source, subscripts)
    names = [axis.name for axis in axes]
    keys = itertools.product(*(axis.elements for axis in axes))
    elements = (element_key(source.key, found) for found in keys)
    return Array(
        name=source.name,
        dimensions=tuple(
            name if name not in names[:number] else f"{name} {number + 1}"
            for number, name in enumerate(names)
        ),
        elements=tuple(tuple(subscripts.names[e] for e in axis.elements) for axis in axes),
        keys=tuple(key if key in cells else "" for key in elements),
    )
