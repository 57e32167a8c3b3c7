"""The structure of a model, read from its file: variables, links, feedback loops, pictures."""

from simdyn.structure.diagrams.causal_loops import loop_diagram, loop_diagrams
from simdyn.structure.diagrams.stock_flow import overview_diagram, sector_diagrams
from simdyn.structure.read import read_structure
from simdyn.structure.records import Element, Link, Loop, Structure
from simdyn.structure.table import equation_table

__all__ = [
    "Element",
    "Link",
    "Loop",
    "Structure",
    "equation_table",
    "loop_diagram",
    "loop_diagrams",
    "overview_diagram",
    "read_structure",
    "sector_diagrams",
]
