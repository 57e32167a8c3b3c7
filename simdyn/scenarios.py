"""Scenario files: named settings of the levers, by region or for all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from simdyn.errors import ScenarioError, SimdynError, did_you_mean
from simdyn.records import Key, Name, Record, TomlFile, read_toml

LEVER_SUFFIX = " lever"
SHOCK_DEPTH, SHOCK_YEAR = "second shock depth", "second shock year"
SHOCK_SETTINGS = (SHOCK_DEPTH, SHOCK_YEAR)
ASSUMPTION = "assumption"
LARGEST = 1e6
"""Size of a lever beyond which it can only be a slip."""
ALL_REGIONS = "all"


class LeverValue(Record):
    """Full strength of a lever, with the document and section it comes from or "assumption"."""

    value: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
    source: str = Field(min_length=1)


class ScenarioFile(Record):
    """A scenario file; `levers[region][lever]`, where region may be "all"."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")
    title: Name
    title_zh: str
    description: str = Field(min_length=1)
    levers: dict[str, dict[str, LeverValue]] = Field(default_factory=dict)


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

    def split(self, region: str) -> tuple[dict[str, float], dict[str, float]]:
        """Return what is held and what is turned when levers cross from zero to their strength.

        The year of a shock is held: between zero and it there is no shock to turn.
        """
        settings = self.settings(region)
        held = {name: value for name, value in settings.items() if name == SHOCK_YEAR}
        return held, {name: value for name, value in settings.items() if name not in held}


@dataclass(frozen=True)
class Vocabulary:
    """The words that scenario files may use.

    regions : by key, the regions that each is the sum of, if it is one
    levers : names of levers
    sources : ids of documents and publications; None if their register is faulty
    """

    regions: Mapping[str, tuple[str, ...]]
    levers: frozenset[str]
    sources: frozenset[str] | None


def constant_of(lever: str) -> str:
    """Return the model constant behind a lever's name."""
    return lever if lever in SHOCK_SETTINGS else lever + LEVER_SUFFIX


def lever_names(constants: Iterable[str]) -> set[str]:
    """Return the names under which scenario files set levers, from the model's constants."""
    levers = {c.removesuffix(LEVER_SUFFIX) for c in constants if c.endswith(LEVER_SUFFIX)}
    return levers | set(SHOCK_SETTINGS)


def read_scenario(path: Path, words: Vocabulary) -> Scenario:
    """Read one scenario file.

    Raises
    ------
    ScenarioError : with file, line and mend, for the first wrong entry
    """
    toml = read_toml(path, ScenarioError)
    file = toml.parse(ScenarioFile, ScenarioError)
    for wrong in _wrong_entries(toml, file, words):
        raise wrong
    return Scenario(file, path)


def scenario_errors(path: Path, words: Vocabulary) -> list[SimdynError]:
    """Return everything for which ``read_scenario`` would refuse a file that is valid TOML."""
    toml = read_toml(path, ScenarioError)
    if wrong := toml.errors(ScenarioFile, ScenarioError):
        return wrong
    return [*_wrong_entries(toml, toml.parse(ScenarioFile, ScenarioError), words)]


def _wrong_entries(
    toml: TomlFile, file: ScenarioFile, words: Vocabulary
) -> Iterator[ScenarioError]:
    if file.name != toml.path.stem:
        message = f"the name is '{file.name}', the file is {toml.path.name}. Make them the same."
        yield ScenarioError(message, path=toml.path, line=toml.line_of(("name",)))
    for region, settings in file.levers.items():
        yield from _wrong_region(region, words, toml)
        for lever, setting in settings.items():
            key = ("levers", region, lever)
            yield from _wrong_name(lever, words.levers, f"lever of '{region}'", toml, key)
            yield from _wrong_source(setting.source, words.sources, toml, key)


def read_scenarios(
    folder: Path, names: Mapping[str, int | None], study: Path, words: Vocabulary
) -> tuple[Scenario, ...]:
    """Read the scenarios that a study names.

    Parameters
    ----------
    folder : of the scenario files
    names : scenario names and the line of the study file that names each
    study : the study file, for errors
    words : that scenario files may use

    Raises
    ------
    ScenarioError : a scenario is missing or wrong, or two cannot be told apart in results
    """
    available = [path.stem for path in scenario_files(folder, study)]
    for name, line in names.items():
        if name not in available:
            message = f"unknown scenario '{name}'. {did_you_mean(name, available)}"
            raise ScenarioError(message, path=study, line=line)
    scenarios = tuple(read_scenario(folder / f"{name}.toml", words) for name in names)
    for wrong in same_titles({scenario.path: scenario.file for scenario in scenarios}):
        raise wrong
    return scenarios


def same_titles(files: Mapping[Path, ScenarioFile]) -> Iterator[ScenarioError]:
    """Yield an error for each scenario that has the title of one before it."""
    first: dict[str, str] = {}
    for path, file in files.items():
        other = first.setdefault(file.title, path.stem)
        if other != path.stem:
            message = f"has the title of '{other}'. Give it one of its own."
            yield ScenarioError(message, path=path)


def scenario_files(folder: Path, study: Path) -> list[Path]:
    """Return the files of a folder of scenarios, the study file left out."""
    return sorted(path for path in folder.glob("*.toml") if path != study)


def _wrong_region(region: str, words: Vocabulary, toml: TomlFile) -> Iterator[ScenarioError]:
    key = ("levers", region)
    yield from _wrong_name(region, {*words.regions, ALL_REGIONS}, "region", toml, key)
    if parts := words.regions.get(region):
        message = f"'{region}' is a sum and has no levers. Set those of {' and '.join(parts)}."
        yield ScenarioError(message, path=toml.path, line=toml.line_of(key))


def _wrong_source(
    source: str, known: frozenset[str] | None, toml: TomlFile, key: Key
) -> Iterator[ScenarioError]:
    """Refuse a source that names neither a document nor an assumption."""
    name = re.split(r"[,:;]", source)[0].strip()
    if known is not None and name != ASSUMPTION and name not in known:
        message = f"unknown source '{name}'. Write 'assumption', or a document and its section. "
        message += did_you_mean(name, known)
        yield ScenarioError(message, path=toml.path, line=toml.line_of(key))


def _wrong_name(
    name: str, known: Collection[str], what: str, toml: TomlFile, key: Key
) -> Iterator[ScenarioError]:
    if name not in known:
        message = f"unknown {what}: '{name}'. {did_you_mean(name, known)}"
        yield ScenarioError(message, path=toml.path, line=toml.line_of(key))
