"""What the model cannot say of single years: the noise around its smooth paths."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from pathlib import Path

from pydantic import Field, field_validator

from simdyn.errors import FactError, Refuse, at_once, did_you_mean
from simdyn.records import Record, read_table
from simdyn.regions.records import Operator, Positive, Reading

STATED = (Operator.GROWTH, Operator.LEVEL)
"""Operators with rows of their own; the noise of an average follows from that of one year."""


class Discrepancy(Record):
    """Standard deviation of what a year of one variable differs from the model's path.

    sd : of growth in percentage points, of a level in percent of it
    """

    operator: Operator
    variable: str
    sd: Positive
    source: str = Field(description="Write where it is from, or 'assumption'.")
    note: str = ""

    @field_validator("operator")
    @classmethod
    def _is_stated(cls, operator: Operator) -> Operator:
        if operator not in STATED:
            raise ValueError(f"write {' or '.join(STATED)}; averages follow from growth")
        return operator


def read_discrepancy(
    path: Path, variables: Collection[str], refuse: Refuse = at_once
) -> tuple[Discrepancy, ...]:
    """Read the table of discrepancies.

    Parameters
    ----------
    variables : names of the model's variables; any other is refused
    refuse : is given a FactError with file, line and mend for each wrong row
    """
    rows: dict[tuple[Operator, str], Discrepancy] = {}
    for line, row in read_table(path, Discrepancy, FactError, refuse):
        key = row.operator, row.variable
        if row.variable not in variables:
            message = f"unknown variable '{row.variable}'. {did_you_mean(row.variable, variables)}"
            refuse(FactError(message, path=path, line=line))
        if key in rows:
            message = f"'{row.operator}' of '{row.variable}' stands twice. Keep one row."
            refuse(FactError(message, path=path, line=line))
        rows[key] = row
    return tuple(rows.values())


def discrepancy_sd(reading: Reading, table: Sequence[Discrepancy]) -> float:
    """Return the standard deviation of the noise in a reading's answer.

    Of growth and average growth in percentage points, of a level in percent of the answer. Noise
    of different years is taken as independent, so that of an average over n years is smaller by
    the root of n. A reading of which the table says nothing has none.
    """
    operator, n_year = reading.operator, 1
    if operator is Operator.AVERAGE_GROWTH:
        operator, n_year = Operator.GROWTH, reading.end - reading.start + 1
    rows = (row for row in table if (row.operator, row.variable) == (operator, reading.variable))
    return next((row.sd / math.sqrt(n_year) for row in rows), 0.0)
