"""The equations of a model as a table."""

from __future__ import annotations

import pandas as pd

from simdyn.structure.records import Structure

COLUMNS = (
    "kind",
    "unit",
    "equation",
    "documentation",
    "sector",
    "uses",
    "used by",
    "in loops",
)


def equation_table(structure: Structure) -> pd.DataFrame:
    """Return a row a variable in the file's order, indexed by its name.

    Lists of names (uses, used by) and of the marks of loops are tuples.
    """
    uses: dict[str, list[str]] = {}
    used_by: dict[str, list[str]] = {}
    for link in structure.links:
        uses.setdefault(link.effect, []).append(link.cause)
        used_by.setdefault(link.cause, []).append(link.effect)
    marks: dict[str, list[str]] = {}
    for loop in structure.loops:
        for name in loop.variables:
            marks.setdefault(name, []).append(loop.mark)
    rows = [
        (
            element.kind,
            element.unit,
            element.equation,
            element.documentation,
            element.sector,
            tuple(uses.get(element.name, ())),
            tuple(used_by.get(element.name, ())),
            tuple(marks.get(element.name, ())),
        )
        for element in structure.elements
    ]
    index = pd.Index([element.name for element in structure.elements], name="variable")
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS), index=index)
