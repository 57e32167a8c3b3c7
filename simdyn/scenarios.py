"""Scenario files: named settings of the levers, by region or for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from simdyn.errors import ScenarioError, SimdynError, did_you_mean
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
    for wrong in _wrong_names(toml, file, regions, levers):
        raise wrong
    return Scenario(file, path)


def scenario_errors(path: Path, regions: Iterable[str], levers: Iterable[str]) -> list[SimdynError]:
    """Return everything for which ``read_scenario`` would refuse a file that is valid TOML."""
    toml = read_toml(path, ScenarioError)
    if wrong := toml.errors(ScenarioFile, ScenarioError):
        return wrong
    return [*_wrong_names(toml, toml.parse(ScenarioFile, ScenarioError), regions, levers)]


def _wrong_names(
    toml: TomlFile, file: ScenarioFile, regions: Iterable[str], levers: Iterable[str]
) -> Iterator[ScenarioError]:
    known_regions, known_levers = {*regions, ALL_REGIONS}, set(levers)
    for region, settings in file.levers.items():
        yield from _wrong_name(region, known_regions, "region", toml, ("levers", region))
        for lever in settings:
            what = f"lever of '{region}'"
            yield from _wrong_name(lever, known_levers, what, toml, ("levers", region, lever))
    if file.name != toml.path.stem:
        message = f"the name is '{file.name}', the file is {toml.path.name}. Make them the same."
        yield ScenarioError(message, path=toml.path, line=toml.line_of(("name",)))


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
    available = [path.stem for path in scenario_files(folder, study)]
    for name, line in names.items():
        if name not in available:
            message = f"unknown scenario '{name}'. {did_you_mean(name, available)}"
            raise ScenarioError(message, path=study, line=line)
    known = set(levers)
    return tuple(read_scenario(folder / f"{name}.toml", regions, known) for name in names)


def scenario_files(folder: Path, study: Path) -> list[Path]:
    """Return the files of a folder of scenarios, the study file left out."""
    return sorted(path for path in folder.glob("*.toml") if path != study)


def _wrong_name(
    name: str, known: set[str], what: str, toml: TomlFile, key: Key
) -> Iterator[ScenarioError]:
    if name not in known:
        message = f"unknown {what}: '{name}'. {did_you_mean(name, known)}"
        yield ScenarioError(message, path=toml.path, line=toml.line_of(key))
