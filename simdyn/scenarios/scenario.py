"""A scenario: what its file and those that it extends come to in a region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from simdyn.scenarios.change import Change
from simdyn.scenarios.course import Course
from simdyn.scenarios.levers import constant_of, policy_of
from simdyn.scenarios.records import ALL_REGIONS, LeverEntry, ScenarioFile, UncertaintyEntry

Entry = TypeVar("Entry", LeverEntry, UncertaintyEntry)


@dataclass(frozen=True)
class Scenario:
    """A named setting of levers and uncertainties.

    The nearest file wins: what the parent says, under that what this file says for all regions,
    under that what it says for one.
    """

    file: ScenarioFile
    path: Path
    parent: Scenario | None = None

    @property
    def name(self) -> str:
        """Short name, as in the study file and in results."""
        return self.file.name

    @property
    def lineage(self) -> Iterator[Scenario]:
        """The scenario itself, the one that it extends, and so on."""
        here: Scenario | None = self
        while here is not None:
            yield here
            here = here.parent

    def levers(self, region: str) -> dict[str, LeverEntry]:
        """Return the lever entries in force in `region` by the author's lever names."""
        inherited = {} if self.parent is None else self.parent.levers(region)
        return {**inherited, **_own(self.file.levers, region)}

    def uncertainties(self, region: str) -> dict[str, UncertaintyEntry]:
        """Return the entries for uncertain parameters in force in `region`."""
        inherited = {} if self.parent is None else self.parent.uncertainties(region)
        return {**inherited, **_own(self.file.uncertainties, region)}

    def origin(self, region: str, lever: str) -> str:
        """Return the name of the scenario whose file sets `lever` in `region`."""
        found = (s.name for s in self.lineage if lever in _own(s.file.levers, region))
        return next(found, "")

    def origin_of_change(self, region: str, constant: str) -> str:
        """Return the name of the scenario whose file changes an uncertain constant in `region`."""
        found = (s.name for s in self.lineage if constant in _own(s.file.uncertainties, region))
        return next(found, "")

    def settings(self, region: str) -> dict[str, float]:
        """Return the model constants that the scenario sets in `region`, at full strength."""
        return settings_of(self.levers(region))

    def courses(self, region: str) -> dict[str, Course]:
        """Return the courses that take the place of the model's policies in `region`."""
        return courses_of(self.levers(region))

    def changes(self, region: str) -> dict[str, Change]:
        """Return what the scenario changes in the draws of the model's constants in `region`."""
        return changes_of(self.uncertainties(region))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that any file of the lineage names, "all" among them if one does."""
        files = [s.file for s in self.lineage]
        return tuple(sorted({key for f in files for key in (*f.levers, *f.uncertainties)}))

    @property
    def beyond_limits(self) -> tuple[str, ...]:
        """The entries that may cross their limits, as "region: lever"; region may be "all"."""
        # Most scenarios cross nothing, and a list asks this of very many.
        if not any(entry.beyond_limits for s in self.lineage for entry in _entries(s.file)):
            return ()
        found = []
        for each in (self.levers, self.uncertainties):
            common = each(ALL_REGIONS)
            for region in self.regions:
                found += [
                    f"{region}: {name}"
                    for name, entry in each(region).items()
                    if entry.beyond_limits
                    and (region == ALL_REGIONS or entry is not common.get(name))
                ]
        return tuple(found)


def settings_of(levers: Mapping[str, LeverEntry]) -> dict[str, float]:
    """Return the model constants of levers that have one strength."""
    return {constant_of(name): e.value for name, e in levers.items() if e.value is not None}


def courses_of(levers: Mapping[str, LeverEntry]) -> dict[str, Course]:
    """Return the model's policies that levers replace by a course."""
    courses = {policy_of(name): entry.course for name, entry in levers.items()}
    return {name: course for name, course in courses.items() if course is not None}


def changes_of(entries: Mapping[str, UncertaintyEntry]) -> dict[str, Change]:
    """Return what entries change in the draws of the model's constants."""
    return {name: entry.change for name, entry in entries.items()}


def _entries(file: ScenarioFile) -> Iterator[LeverEntry | UncertaintyEntry]:
    """Yield every entry of a file."""
    for settings in file.levers.values():
        yield from settings.values()
    for changes in file.uncertainties.values():
        yield from changes.values()


def _own(entries: Mapping[str, Mapping[str, Entry]], region: str) -> dict[str, Entry]:
    """Return what one file says for a region: its own entries before those for all."""
    return {**entries.get(ALL_REGIONS, {}), **entries.get(region, {})}
