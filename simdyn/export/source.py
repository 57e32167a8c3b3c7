"""What an export is made of: results of runs, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import ConfigDict, Field

from simdyn.records import Record
from simdyn.regions.records import MARK, Basis
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


class _Words(Record):
    """A record of words for readers, kept exactly as they are."""

    model_config = ConfigDict(str_strip_whitespace=False)


class ScenarioWords(_Words):
    """What readers are told of a scenario."""

    name: str
    title: str = ""
    title_zh: str = ""
    description: str = ""


class RegionWords(_Words):
    """What readers are told of a region, and what its results rest on."""

    key: str
    name: str
    name_zh: str = ""
    basis: Basis = Basis.ILLUSTRATIVE
    basis_note: str = ""

    @property
    def label(self) -> str:
        """Name with the mark of an illustrative region."""
        return self.name + (MARK if self.basis is Basis.ILLUSTRATIVE else "")


class Citation(_Words):
    """A document or publication behind the figures that regions are fitted to."""

    id: str
    title: str
    title_en: str = ""
    issuer: str = ""
    published: str = ""


class StudyWords(_Words):
    """What readers are told of a study.

    newest_fact : date of the newest publication read, as far as it is known
    """

    title: str
    newest_fact: str = ""
    scenarios: tuple[ScenarioWords, ...] = ()
    regions: tuple[RegionWords, ...] = ()
    sources: tuple[Citation, ...] = ()


class About(_Words):
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
