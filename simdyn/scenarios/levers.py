"""The levers: what each is called, measured in and limited to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from simdyn.errors import Refuse, ScenarioError, SimdynError, at_once, did_you_mean
from simdyn.records import Name, Record, read_table
from simdyn.scenarios.records import LARGEST, ChineseTitle, Source

LEVER_SUFFIX = " lever"
POLICY_SUFFIX = " policy"
SHOCK_DEPTH, SHOCK_YEAR = "second shock depth", "second shock year"
SHOCK_SETTINGS = (SHOCK_DEPTH, SHOCK_YEAR)
"""Levers that the model's ramp does not touch and that have no policy."""
UNITS = {
    "Dmnl": "share",
    "1/Year": "a year",
    "yi yuan/Year": "100 million CNY a year",
    "Year": "year",
}
"""Units of levers in the model, and as readers see them."""
Limit = Annotated[float, Field(allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]


class LeverKind(StrEnum):
    """Who turns a lever.

    policy : a government, the region's own or one above it
    outside : nobody who plans the region: births, other cities, markets, shocks
    """

    POLICY = "policy"
    OUTSIDE = "outside"


class Lever(Record):
    """A row of the table of levers.

    lever : the name that scenario files use
    unit : for readers
    kind : who turns it
    low, high : limits of its strength that no scenario crosses unless it says so
    note : what the lever does and why the limits are where they are
    """

    lever: str
    title: Name
    title_zh: ChineseTitle
    unit: str
    kind: LeverKind
    low: Limit
    high: Limit
    note: Source

    @model_validator(mode="after")
    def _limits_leave_room(self) -> Lever:
        if self.low >= self.high:
            raise ValueError("'low' must lie below 'high'")
        return self

    def admits(self, strength: float) -> bool:
        """Return whether a strength is within the limits."""
        return self.low <= strength <= self.high


def constant_of(lever: str) -> str:
    """Return the model constant behind a lever's name."""
    return lever if lever in SHOCK_SETTINGS else lever + LEVER_SUFFIX


def policy_of(lever: str) -> str:
    """Return the model auxiliary that acts at a time, whose place a course takes."""
    return lever + POLICY_SUFFIX


def lever_names(constants: Iterable[str]) -> set[str]:
    """Return the names under which scenario files set levers, from the model's constants."""
    levers = {c.removesuffix(LEVER_SUFFIX) for c in constants if c.endswith(LEVER_SUFFIX)}
    return levers | set(SHOCK_SETTINGS)


def read_levers(
    path: Path, constants: Mapping[str, str | None] | None = None, refuse: Refuse = at_once
) -> dict[str, Lever]:
    """Return the levers of a table by name, in its order.

    Parameters
    ----------
    constants : the model's constants and their units, to compare with; None to do without

    Refuses a row that is no lever, a name twice, a lever that the model does not have or has in
    another unit, each with file, line and mend; if all rows are sound, a lever of the model
    without one.
    """
    levers: dict[str, Lever] = {}
    faults: list[SimdynError] = []
    for line, row in read_table(path, Lever, ScenarioError, faults.append):
        wrong = [f"'{row.lever}' stands twice. Keep one."] if row.lever in levers else []
        if constants is not None:
            wrong += _wrong_lever(row, constants)
        faults += [ScenarioError(message, path=path, line=line) for message in wrong]
        levers[row.lever] = row
    if constants is not None and not faults:
        faults += [
            ScenarioError(f"no row for the lever '{name}' of the model. Add one.", path=path)
            for name in sorted(lever_names(constants) - levers.keys())
        ]
    for fault in faults:
        refuse(fault)
    return levers


def _wrong_lever(row: Lever, constants: Mapping[str, str | None]) -> Iterator[str]:
    known = lever_names(constants)
    if row.lever not in known:
        yield f"unknown lever '{row.lever}'. {did_you_mean(row.lever, known)}"
        return
    unit = constants.get(constant_of(row.lever))
    if unit is not None and UNITS.get(unit, unit) != row.unit:
        yield f"'{row.lever}' is in '{UNITS.get(unit, unit)}', not '{row.unit}'. Write that."
