"""What an export is made of: results of runs, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import Field

from simdyn.study.words import RegionWords, ScenarioWords, StudyWords, Words
from simdyn.years import Years


class Runs(Protocol):
    """Results of runs: yearly values of each region, sums of regions among them."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Keys of the regions."""

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios."""

    def years(self, region: str, scenario: str) -> Years:
        """Return yearly values, shape (year, draw) for each variable."""


class About(Words):
    """Where results come from; the same for the same results, whenever they are exported.

    study : name of the study
    digest : of the results
    simdyn, versions : of the program that ran, and of the packages it used
    n_draw : draws of each region and scenario, those that failed included
    """

    study: str
    digest: str
    seed: int
    simdyn: str
    versions: dict[str, str] = Field(default_factory=dict)
    n_draw: int = Field(ge=0)
    words: StudyWords


@dataclass(frozen=True)
class Source:
    """Results of runs with where they come from."""

    runs: Runs
    about: About

    @property
    def scenario_words(self) -> Mapping[str, ScenarioWords]:
        """The words on every scenario by name; its name is the title where there is no other."""
        known = {words.name: words for words in self.about.words.scenarios}
        return {n: known.get(n) or ScenarioWords(name=n, title=n) for n in self.runs.scenarios}

    @property
    def region_words(self) -> Mapping[str, RegionWords]:
        """The words on every region by key; its key is the name where there is no other."""
        known = {words.key: words for words in self.about.words.regions}
        return {k: known.get(k) or RegionWords(key=k, name=k) for k in self.runs.regions}
