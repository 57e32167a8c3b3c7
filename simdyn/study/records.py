"""A study: what is run, and all that it needs before anything is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydantic import Field, field_validator, model_validator

from simdyn.engine.model import Model
from simdyn.facts.collection import Facts
from simdyn.project import Project
from simdyn.records import Record
from simdyn.regions import Discrepancy, Evidence, Region
from simdyn.scenarios import Scenario

RESERVED = ("sample", "calibration", "calibrations", "runs")
"""Folders of outputs that no study may take as its own."""


class StudyFile(Record):
    """A study file: what is run, for which regions, with how many draws."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")
    title: str
    regions: tuple[str, ...] = Field(min_length=1)
    scenarios: tuple[str, ...] = Field(min_length=1)
    evidence: Evidence = Evidence.BOTH
    draws: int = Field(ge=2, le=100_000)
    posterior: int = Field(default=12_000, ge=16, le=1_000_000)
    starts: int = Field(ge=1, le=1000)
    trajectories: int = Field(ge=2, le=10_000)
    seed: int = Field(ge=0)

    @field_validator("regions", "scenarios")
    @classmethod
    def _names_stand_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) < len(names):
            raise ValueError("a name stands twice: name each once")
        return names

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
    """All that a study needs before anything is run."""

    project: Project
    path: Path
    file: StudyFile
    model: Model
    facts: Facts
    regions: Mapping[str, Region]
    scenarios: tuple[Scenario, ...]
    discrepancy: tuple[Discrepancy, ...]

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


def generator(study: Study, *purpose: str) -> np.random.Generator:
    """Return the random generator of one purpose, whatever else is run and in which order."""
    words = [word for text in purpose for word in text.encode()]
    return np.random.default_rng(np.random.SeedSequence([study.file.seed, *words]))
