"""Rows of tables, as findings read them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A row of a table.

    at : its label in the table's index
    """

    table: str
    at: Hashable
    cells: Mapping[str, object]

    def number(self, column: str) -> float:
        """Return a number, nan where there is none."""
        return float(str(self.cells.get(column, math.nan)))

    def text(self, column: str) -> str:
        """Return a text, "" where there is none."""
        cell = self.cells.get(column, "")
        return cell if isinstance(cell, str) else ""


@dataclass(frozen=True)
class Shares:
    """Columns of a share of variance and its 95 percent interval."""

    middle: str
    low: str
    high: str


TOTAL = Shares("total", "total_low", "total_high")
"""Total order: with all that an input does together with others."""
