"""How far a lever can be turned: its limits, or what is asked instead."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simdyn.errors import RunError, did_you_mean
from simdyn.project import Project
from simdyn.scenarios import SHOCK_SETTINGS, LeverKind, read_levers


@dataclass(frozen=True)
class LeverRange:
    """Full strengths from `low` to `high` that a lever is looked at over."""

    lever: str
    unit: str
    low: float
    high: float


def lever_ranges(project: Project) -> dict[str, LeverRange]:
    """Return the limits of each lever that is turned over time, in the order of their table.

    Raises
    ------
    ScenarioError : with file, line and mend, for the first wrong row
    """
    rows = read_levers(project.levers).values()
    return {
        row.lever: LeverRange(row.lever, row.unit, row.low, row.high)
        for row in rows
        if row.lever not in SHOCK_SETTINGS
    }


def policy_ranges(project: Project) -> list[LeverRange]:
    """Return the limits of the levers that a government turns; outside conditions nobody does.

    Raises
    ------
    ScenarioError : with file, line and mend, for the first wrong row
    """
    rows = read_levers(project.levers)
    ranges = lever_ranges(project)
    return [one for lever, one in ranges.items() if rows[lever].kind is LeverKind.POLICY]


def range_of(
    known: Mapping[str, LeverRange], lever: str, low: float | None, high: float | None
) -> LeverRange:
    """Return the range of a lever, its ends replaced where they are given.

    Raises
    ------
    RunError : an end is neither given nor in the table, or they are infinite or stand
        in the wrong order
    """
    own = known.get(lever)
    first = low if low is not None or own is None else own.low
    last = high if high is not None or own is None else own.high
    if first is None or last is None:
        mend = f" {did_you_mean(lever, known)}" if known else ""
        raise RunError(f"no range of lever '{lever}'.{mend} Pass --low and --high.")
    if not (math.isfinite(first) and math.isfinite(last)):
        raise RunError(f"the range {first:g} to {last:g} has no end. Pass numbers.")
    if first >= last:
        raise RunError(f"the range {first:g} to {last:g} is empty. Pass --low below --high.")
    return LeverRange(lever, own.unit if own else "", first, last)
