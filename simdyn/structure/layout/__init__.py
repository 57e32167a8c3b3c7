"""Layered layout of directed graphs, a stage a file: ranks -> ordering -> places -> routes.

Ranks follow each other along one axis; within a rank, boxes stand side by side across it. An edge
that passes a rank has a lane of its own there, so that no edge runs through a box.
Source: Gansner, Koutsofios, North and Vo (1993), A technique for drawing directed graphs, IEEE
Transactions on Software Engineering 19(3), 214-230; linear programs in place of network simplex.
"""

from simdyn.structure.layout.lay import lay_out
from simdyn.structure.layout.records import Box, Edge, Layout, Point, Spacing

__all__ = ["Box", "Edge", "Layout", "Point", "Spacing", "lay_out"]
