"""Scenarios made from others, for questions: a lever turned, some parts exchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simdyn.scenarios.change import Change
from simdyn.scenarios.course import Course
from simdyn.scenarios.levers import constant_of, policy_of
from simdyn.scenarios.records import LeverEntry
from simdyn.scenarios.scenario import Entry, Scenario, changes_of, courses_of, settings_of


@dataclass(frozen=True)
class Turned:
    """A scenario with some levers at other strengths, which follow the model's ramp.

    levers : strength by region and lever
    """

    base: Scenario
    levers: Mapping[str, Mapping[str, float]]
    name: str = "turned"

    def settings(self, region: str) -> dict[str, float]:
        """Return the model constants that are set in `region`."""
        turned = self.levers.get(region, {})
        own = {constant_of(lever): strength for lever, strength in turned.items()}
        return {**self.base.settings(region), **own}

    def courses(self, region: str) -> dict[str, Course]:
        """Return the courses of the base, but of the levers that are turned."""
        turned = {policy_of(lever) for lever in self.levers.get(region, {})}
        courses = self.base.courses(region)
        return {name: course for name, course in courses.items() if name not in turned}

    def changes(self, region: str) -> dict[str, Change]:
        """Return what the base changes in the draws of constants."""
        return self.base.changes(region)


@dataclass(frozen=True)
class Mixed:
    """A scenario in which some levers and uncertainties are as in another.

    names : of the levers and uncertain constants that `other` decides
    """

    base: Scenario
    other: Scenario
    names: frozenset[str] = field(default=frozenset())
    name: str = "mixed"

    def levers(self, region: str) -> dict[str, LeverEntry]:
        """Return the lever entries in force in `region`."""
        return self._mix(self.base.levers(region), self.other.levers(region))

    def settings(self, region: str) -> dict[str, float]:
        """Return the model constants that are set in `region`."""
        return settings_of(self.levers(region))

    def courses(self, region: str) -> dict[str, Course]:
        """Return the courses in force in `region`."""
        return courses_of(self.levers(region))

    def changes(self, region: str) -> dict[str, Change]:
        """Return what is changed in the draws of constants in `region`."""
        return changes_of(
            self._mix(self.base.uncertainties(region), self.other.uncertainties(region))
        )

    def _mix(self, base: Mapping[str, Entry], other: Mapping[str, Entry]) -> dict[str, Entry]:
        kept = {name: entry for name, entry in base.items() if name not in self.names}
        return kept | {name: entry for name, entry in other.items() if name in self.names}
