"""Scenario files: named settings of the levers, by region or for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from simdyn.errors import ScenarioError, did_you_mean
from simdyn.records import Key, Number, Record, TomlFile, read_toml

LEVER_SUFFIX = " lever"
SHOCK_SETTINGS = ("second shock depth", "second shock year")
ALL_REGIONS = "all"


class LeverValue(Record):
    """Full strength of a lever, with the document and section it comes from or "assumption"."""

    value: Number
    source: str = Field(min_length=1)


class ScenarioFile(Record):
    """A scenario file; `levers[region][lever]`, where region may be "all"."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")
    title: str
    title_zh: str
    description: str
    levers: dict[str, dict[str, LeverValue]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _describes_itself(self) -> ScenarioFile:
        if not (self.title and self.description):
            raise ValueError("a scenario needs a title and a description")
        return self


@dataclass(frozen=True)
class Scenario:
    """A named setting of the levers."""

    file: ScenarioFile
    path: Path

    @property
    def name(self) -> str:
        """Short name, as in the study file and in results."""
        return self.file.name

    def levers(self, region: str) -> dict[str, LeverValue]:
        """Return the levers of `region` by the author's lever names; its own before all's."""
        common = self.file.levers.get(ALL_REGIONS, {})
        return {**common, **self.file.levers.get(region, {})}

    def settings(self, region: str) -> dict[str, float]:
        """Return the model constants that the scenario sets in `region`."""
        return {constant_of(name): lever.value for name, lever in self.levers(region).items()}


def constant_of(lever: str) -> str:
    """Return the model constant behind a lever's name."""
    return lever if lever in SHOCK_SETTINGS else lever + LEVER_SUFFIX


def lever_names(constants: Iterable[str]) -> set[str]:
    """Return the names under which scenario files set levers, from the model's constants."""
    levers = {c.removesuffix(LEVER_SUFFIX) for c in constants if c.endswith(LEVER_SUFFIX)}
    return levers | set(SHOCK_SETTINGS)


def read_scenario(path: Path, regions: Iterable[str], levers: Iterable[str]) -> Scenario:
    """Read one scenario file.

    Raises
    ------
    ScenarioError : with file, line and mend, for the first wrong entry
    """
    toml = read_toml(path, ScenarioError)
    file = toml.parse(ScenarioFile, ScenarioError)
    known_regions, known_levers = {*regions, ALL_REGIONS}, set(levers)
    for region, settings in file.levers.items():
        _check_name(region, known_regions, "region", toml, ("levers", region))
        for lever in settings:
            what = f"lever of '{region}'"
            _check_name(lever, known_levers, what, toml, ("levers", region, lever))
    if file.name != path.stem:
        message = f"the name is '{file.name}', the file is {path.name}. Make them the same."
        raise ScenarioError(message, path=path, line=toml.line_of(("name",)))
    return Scenario(file, path)


def read_scenarios(
    folder: Path,
    names: Mapping[str, int | None],
    study: Path,
    regions: Iterable[str],
    levers: Iterable[str],
) -> tuple[Scenario, ...]:
    """Read the scenarios that a study names.

    Parameters
    ----------
    folder : of the scenario files
    names : scenario names and the line of the study file that names each
    study : the study file, for errors
    regions, levers : names that a scenario may use
    """
    available = sorted(p.stem for p in folder.glob("*.toml") if p != study)
    for name, line in names.items():
        if name not in available:
            message = f"unknown scenario '{name}'. {did_you_mean(name, available)}"
            raise ScenarioError(message, path=study, line=line)
    known = set(levers)
    return tuple(read_scenario(folder / f"{name}.toml", regions, known) for name in names)


def _check_name(name: str, known: set[str], what: str, toml: TomlFile, key: Key) -> None:
    if name not in known:
        message = f"unknown {what}: '{name}'. {did_you_mean(name, known)}"
        raise ScenarioError(message, path=toml.path, line=toml.line_of(key))
