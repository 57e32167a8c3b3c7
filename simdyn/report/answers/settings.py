"""What is done with a lever or a parameter, in words of the report's languages."""

from __future__ import annotations

from dataclasses import dataclass

from simdyn.engine.model import Model
from simdyn.report.words.language import Labels
from simdyn.scenarios import SHOCK_SETTINGS, LeverEntry, UncertaintyEntry

RAMP_START, RAMP_TIME = "projection start year", "policy ramp time"
"""Constants of the model that its ramp of all levers follows."""


def ramp_of(model: Model) -> tuple[int, int]:
    """Return the years at whose start the model's ramp of levers begins and ends."""
    start, length = model.run(variables=[RAMP_START, RAMP_TIME]).iloc[0].tolist()
    return round(start), round(start + length)


def last_strength(entry: LeverEntry) -> float:
    """Return the full strength of a lever, of a course its last value."""
    course = entry.course
    return entry.strengths[0] if course is None else course.values[-1]


@dataclass(frozen=True)
class SettingWords:
    """Says settings in a language.

    start, end : years at whose start the model's ramp of levers begins and ends
    """

    labels: Labels
    start: int
    end: int

    def of_lever(self, lever: str, entry: LeverEntry | None) -> str:
        """Return what is done with a lever; empty if nothing is."""
        if entry is None:
            return ""
        if entry.path is not None:
            knots = "; ".join(f"{year}: {entry.path[year]:g}" for year in sorted(entry.path))
            return self.labels("setting_path", knots=knots)
        if entry.ramp is not None:
            return self._ramp(entry.ramp.value, entry.ramp.start, entry.ramp.to)
        if entry.switch is not None:
            name = "setting_switch" if entry.switch.until is None else "setting_switch_until"
            places = {"start": entry.switch.start, "end": entry.switch.until}
            return self.labels(name, value=f"{entry.switch.value:g}", **places)
        (value,) = entry.strengths
        return f"{value:g}" if lever in SHOCK_SETTINGS else self._ramp(value, self.start, self.end)

    def of_change(self, entry: UncertaintyEntry | None) -> str:
        """Return what is done with the draws of a parameter; empty if nothing is."""
        if entry is None:
            return ""
        found = (("value", entry.value), ("plus", entry.plus), ("times", entry.times))
        ((name, value),) = ((name, value) for name, value in found if value is not None)
        return self.labels(f"setting_{name}", value=f"{value:g}")

    def _ramp(self, value: float, start: int, end: int) -> str:
        return self.labels("setting_ramp", value=f"{value:g}", start=start, end=end)
