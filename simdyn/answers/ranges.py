"""How far a lever can be turned: the table of levers, models/levers.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import model_validator

from simdyn.errors import RunError, ScenarioError, did_you_mean
from simdyn.project import Project
from simdyn.records import Record, read_table
from simdyn.regions.records import Finite

LEVERS = "levers.csv"


class LeverRow(Record):
    """A row of the table: full strengths that a lever may take, in its unit."""

    lever: str
    unit: str
    low: Finite
    high: Finite
    meaning: str = ""
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _low_is_below_high(self) -> LeverRow:
        if self.low >= self.high:
            raise ValueError("low is not below high: exchange them")
        return self


@dataclass(frozen=True)
class LeverRange:
    """Full strengths from `low` to `high` that a lever is looked at over."""

    lever: str
    unit: str
    low: float
    high: float


def lever_ranges(project: Project) -> dict[str, LeverRange]:
    """Return the range of each lever of the project's table, in its order; none without a table.

    Raises
    ------
    ScenarioError : with file, line and mend, for the first wrong row
    """
    path = project.model.with_name(LEVERS)
    if not path.is_file():
        return {}
    rows = (row for _, row in read_table(path, LeverRow, ScenarioError))
    return {row.lever: LeverRange(row.lever, row.unit, row.low, row.high) for row in rows}


def range_of(
    known: Mapping[str, LeverRange], lever: str, low: float | None, high: float | None
) -> LeverRange:
    """Return the range of a lever, its ends replaced where they are given.

    Raises
    ------
    RunError : an end is neither given nor in the table, or they stand in the wrong order
    """
    own = known.get(lever)
    first = low if low is not None or own is None else own.low
    last = high if high is not None or own is None else own.high
    if first is None or last is None:
        mend = f" {did_you_mean(lever, known)}" if known else ""
        raise RunError(f"no range of lever '{lever}'.{mend} Pass --low and --high.")
    if first >= last:
        raise RunError(f"the range {first:g} to {last:g} is empty. Pass --low below --high.")
    return LeverRange(lever, own.unit if own else "", first, last)
