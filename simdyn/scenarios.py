"""Scenario files: named settings of the levers, by region or for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from simdyn.errors import ScenarioError, did_you_mean
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
    sources : ids of documents and publications
    """

    regions: Mapping[str, tuple[str, ...]]
    levers: frozenset[str]
    sources: frozenset[str]


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
    if file.name != path.stem:
        message = f"the name is '{file.name}', the file is {path.name}. Make them the same."
        raise ScenarioError(message, path=path, line=toml.line_of(("name",)))
    for region, settings in file.levers.items():
        _check_region(region, words, toml)
        for lever, setting in settings.items():
            key = ("levers", region, lever)
            _check_name(lever, words.levers, f"lever of '{region}'", toml, key)
            _check_source(setting.source, words.sources, toml, key)
    return Scenario(file, path)


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
    available = sorted(p.stem for p in folder.glob("*.toml") if p != study)
    for name, line in names.items():
        if name not in available:
            message = f"unknown scenario '{name}'. {did_you_mean(name, available)}"
            raise ScenarioError(message, path=study, line=line)
    titles: dict[str, str] = {}
    scenarios = tuple(read_scenario(folder / f"{name}.toml", words) for name in names)
    for scenario in scenarios:
        other = titles.setdefault(scenario.file.title, scenario.name)
        if other != scenario.name:
            message = f"has the title of '{other}'. Give it one of its own."
            raise ScenarioError(message, path=scenario.path)
    return scenarios


def _check_region(region: str, words: Vocabulary, toml: TomlFile) -> None:
    key = ("levers", region)
    _check_name(region, {*words.regions, ALL_REGIONS}, "region", toml, key)
    if parts := words.regions.get(region):
        message = f"'{region}' is a sum and has no levers. Set those of {' and '.join(parts)}."
        raise ScenarioError(message, path=toml.path, line=toml.line_of(key))


def _check_source(source: str, known: frozenset[str], toml: TomlFile, key: Key) -> None:
    """Refuse a source that names neither a document nor an assumption."""
    name = re.split(r"[,:;]", source)[0].strip()
    if name != ASSUMPTION and name not in known:
        message = f"unknown source '{name}'. Write 'assumption', or a document and its section. "
        message += did_you_mean(name, known)
        raise ScenarioError(message, path=toml.path, line=toml.line_of(key))


def _check_name(name: str, known: Iterable[str], what: str, toml: TomlFile, key: Key) -> None:
    known = set(known)
    if name not in known:
        message = f"unknown {what}: '{name}'. {did_you_mean(name, known)}"
        raise ScenarioError(message, path=toml.path, line=toml.line_of(key))
