"""A study: what is run, and all that it needs before anything is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, ValidationError, field_validator, model_validator

from simdyn.engine.model import Model
from simdyn.errors import ScenarioError, did_you_mean
from simdyn.facts.collection import Facts
from simdyn.names import EXTENSIVE
from simdyn.project import Project
from simdyn.records import Record
from simdyn.regions import Discrepancy, Evidence, Region
from simdyn.scenarios import NAME, Scenario, Sweep, SweepFile, Variant

RESERVED = ("sample", "calibration", "calibrations", "exports", "runs", "sensitivity", "tables")
"""Folders of outputs that no study may take as its own."""


NAME_LENGTH = 61
"""Characters that a name may have."""
MOST_FEATURED, N_FEATURED = 6, 4
"""Scenarios that pictures and wide tables can hold, and hold by default."""


QuestionName = Literal["priors", "posterior", "levers", "both"]


class SensitivityFile(Record):
    """What a study asks of sensitivity, and how much work the answers may take.

    questions : which shares of variance are asked for
    runs : that each question may take in each region
    half_width : of the 95 percent intervals of shares, at which sampling stops
    draws : of the posterior that methods without a design go through
    trajectories : of the screening one input at a time
    """

    questions: tuple[QuestionName, ...] = ("priors", "posterior", "levers", "both")
    runs: int = Field(default=120_000, ge=1_000, le=100_000_000)
    half_width: float = Field(default=0.05, gt=0, lt=1)
    draws: int = Field(default=2_000, ge=100, le=100_000)
    trajectories: int = Field(default=60, ge=2, le=10_000)


class StudyFile(Record):
    """A study file: what is run, for which regions, with how many draws.

    title, title_zh : for readers; the Chinese may be left out
    scenarios : the first is the reference that others are compared with
    featured : scenarios in pictures and wide tables; by default the first four
    draws, posterior : draws that every scenario runs on, evenly spread over those of the posterior
    outputs : variables of the model whose yearly values are kept; by default those of the report
    groups : by name, regions whose inequality is told apart from that between groups; a region
        in none is alone
    sweeps : by name, many variants of a scenario
    """

    name: str = Field(pattern=NAME)
    title: str
    title_zh: str = ""
    regions: tuple[str, ...] = Field(min_length=1)
    scenarios: tuple[str, ...] = Field(min_length=1)
    featured: tuple[str, ...] = Field(default=(), max_length=MOST_FEATURED)
    evidence: Evidence = Evidence.BOTH
    draws: int = Field(ge=2, le=100_000)
    posterior: int = Field(default=12_000, ge=16, le=1_000_000)
    starts: int = Field(ge=1, le=1000)
    seed: int = Field(ge=0)
    outputs: tuple[str, ...] = ()
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    sensitivity: SensitivityFile = SensitivityFile()
    sweeps: dict[Annotated[str, Field(pattern=NAME)], SweepFile] = Field(default_factory=dict)

    @field_validator("regions", "scenarios", "featured", "outputs")
    @classmethod
    def _names_stand_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) < len(names):
            raise ValueError("a name stands twice: name each once")
        return names

    @field_validator("groups")
    @classmethod
    def _a_region_is_in_one_group(
        cls, groups: dict[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        named = [region for regions in groups.values() for region in regions]
        if twice := next((region for region in named if named.count(region) > 1), None):
            raise ValueError(f"'{twice}' stands twice: name it in one group, once")
        return groups

    @model_validator(mode="after")
    def _runs_take_posterior_draws(self) -> StudyFile:
        if self.draws > self.posterior:
            raise ValueError(f"{self.draws} draws to run, but {self.posterior} of the posterior")
        return self

    @field_validator("name")
    @classmethod
    def _is_not_reserved(cls, name: str) -> str:
        if name in RESERVED:
            raise ValueError(f"outputs/{name} holds other results: choose another name")
        return name


@dataclass(frozen=True)
class Study:
    """All that a study needs before anything is run.

    unused : scenarios of the study file that are left out; they too decide on the time step
    """

    project: Project
    path: Path
    file: StudyFile
    model: Model
    facts: Facts
    regions: Mapping[str, Region]
    scenarios: tuple[Scenario, ...]
    discrepancy: tuple[Discrepancy, ...]
    sweeps: tuple[Sweep, ...] = ()
    unused: tuple[Scenario, ...] = ()

    @property
    def settings(self) -> tuple[Scenario | Variant, ...]:
        """What every region is run under: the scenarios, then the variants of the sweeps."""
        return (
            *self.scenarios,
            *(variant for sweep in self.sweeps for variant in sweep.variants()),
        )

    @property
    def featured(self) -> tuple[Scenario, ...]:
        """The scenarios that pictures and wide tables show."""
        chosen = self.file.featured or self.file.scenarios[:N_FEATURED]
        return tuple(scenario for scenario in self.scenarios if scenario.name in chosen)

    @property
    def policy(self) -> Scenario:
        """The scenario whose levers the sensitivity analysis turns: the second, if there is one."""
        return self.scenarios[min(1, len(self.scenarios) - 1)]

    @property
    def outputs(self) -> tuple[str, ...]:
        """The variables whose yearly values are kept."""
        return self.file.outputs or tuple(q.variable for q in EXTENSIVE)

    @property
    def runs(self) -> tuple[Region, ...]:
        """The regions that have a run of their own: those asked for and the parts of sums."""
        keys = dict.fromkeys(
            part for key in self.file.regions for part in (self.regions[key].file.sum_of or (key,))
        )
        return tuple(self.regions[key] for key in keys)

    def restricted(self, regions: Sequence[str]) -> Study:
        """Return the study of some of its regions; the name of its results then says which."""
        name = "-".join([self.file.name, *regions])
        update = {"regions": tuple(regions), "name": name}
        return replace(self, file=self.file.model_copy(update=update))

    def choosing(
        self,
        regions: Sequence[str] = (),
        scenarios: Sequence[str] = (),
        draws: int | None = None,
        name: str | None = None,
    ) -> Study:
        """Return the study of some regions or scenarios, or on other draws.

        Parameters
        ----------
        regions, scenarios : of the study; all if empty. Sweeps stay if all scenarios do
        name : of the results; if None, the study's with what was chosen

        Raises
        ------
        ScenarioError : a region or scenario is not in the study, or an entry does not fit
        """
        chosen = {
            "regions": _some("region", regions, self.file.regions, self.path),
            "scenarios": _some("scenario", scenarios, self.file.scenarios, self.path),
        }
        keeps_sweeps = chosen["scenarios"] == self.file.scenarios
        words = [self.file.name, *regions, *scenarios, *([f"{draws}"] if draws else [])]
        shown = [one for one in self.file.featured if one in chosen["scenarios"]]
        told = {
            **self.file.model_dump(),
            **chosen,
            "featured": shown,
            "draws": draws or self.file.draws,
            "name": name or "-".join(words)[:NAME_LENGTH],
            "sweeps": self.file.sweeps if keeps_sweeps else {},
        }
        try:
            file = StudyFile.model_validate(told)
        except ValidationError as wrong:
            message = wrong.errors()[0]["msg"].removeprefix("Value error, ")
            raise ScenarioError(f"{message}.", path=self.path) from None
        picked = tuple(one for one in self.scenarios if one.name in file.scenarios)
        left = tuple(one for one in self.scenarios if one.name not in file.scenarios)
        return replace(
            self,
            file=file,
            scenarios=picked,
            sweeps=self.sweeps if keeps_sweeps else (),
            unused=(*self.unused, *left),
        )

    def of_evidence(self, evidence: Evidence) -> Study:
        """Return the study on other evidence; the name of its results then says which."""
        if evidence is self.file.evidence:
            return self
        name = f"{self.file.name}-{evidence}"
        return replace(self, file=self.file.model_copy(update={"evidence": evidence, "name": name}))

    @property
    def reference(self) -> Scenario:
        """The scenario that others are compared with: the first."""
        return self.scenarios[0]


def _some(what: str, asked: Sequence[str], known: Sequence[str], path: Path) -> tuple[str, ...]:
    """Return the names asked for in the order of those known; all if none is."""
    for name in asked:
        if name not in known:
            message = f"{what} '{name}' is not in the study. {did_you_mean(name, known)}"
            raise ScenarioError(message, path=path)
    return tuple(name for name in known if not asked or name in asked)


def generator(study: Study, *purpose: str) -> np.random.Generator:
    """Return the random generator of one purpose, whatever else is run and in which order."""
    words = [word for text in purpose for word in text.encode()]
    return np.random.default_rng(np.random.SeedSequence([study.file.seed, *words]))
