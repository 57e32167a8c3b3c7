"""The model of a study for the report: pictures, feedback loops and equations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simdyn.engine.model import Model
from simdyn.structure import (
    Structure,
    equation_table,
    loop_diagrams,
    overview_diagram,
    read_structure,
    sector_diagrams,
)

OVERVIEW, SECTOR, LOOPS = "overview", "stocks and flows", "feedback loops"


@dataclass(frozen=True)
class ModelPart:
    """What the report shows of a model.

    pictures : kind, name and SVG of each, names in it escaped
    loops : mark, name and kind of each feedback loop, and whether it is idle
    equations : a row a variable
    """

    pictures: Sequence[tuple[str, str, str]]
    loops: Sequence[Mapping[str, object]]
    equations: Sequence[Mapping[str, str]]


def model_part(model: Model) -> ModelPart:
    """Read the structure of a model and draw it."""
    structure = read_structure(model)
    return ModelPart(list(_pictures(structure)), list(_loops(structure)), list(_rows(structure)))


def _pictures(structure: Structure) -> Iterator[tuple[str, str, str]]:
    yield OVERVIEW, "", overview_diagram(structure)
    for name, svg in sector_diagrams(structure).items():
        yield SECTOR, name, svg
    for name, svg in loop_diagrams(structure).items():
        yield LOOPS, name, svg


def _loops(structure: Structure) -> Iterator[Mapping[str, object]]:
    for loop in structure.loops:
        way = " \u2192 ".join((*loop.variables, loop.variables[0]))
        yield {"mark": loop.mark, "kind": loop.kind, "idle": loop.idle, "way": way}


def _rows(structure: Structure) -> Iterator[Mapping[str, str]]:
    for name, row in equation_table(structure).iterrows():
        yield {
            "name": str(name),
            "kind": str(row["kind"]),
            "unit": str(row["unit"]),
            "equation": str(row["equation"]),
            "documentation": str(row["documentation"]),
            "sector": str(row["sector"]),
            "loops": ", ".join(row["in loops"]),
        }
