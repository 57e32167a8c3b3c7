"""Read scenario files: those asked for, and those that they extend."""

from __future__ import annotations

import re
import stat
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path

from simdyn.errors import ScenarioError, SimdynError, did_you_mean
from simdyn.records import TomlFile, read_toml
from simdyn.scenarios.records import NAME, ScenarioFile
from simdyn.scenarios.rules import Rules
from simdyn.scenarios.scenario import Scenario
from simdyn.scenarios.vocabulary import Vocabulary

LARGEST_FILE = 1_000_000
"""Bytes of the largest file that can be a scenario."""
MOST_ANCESTORS = 50
"""Scenarios that one may extend, directly or by way of others."""
MOST_KEPT = 5000
"""Scenarios kept in memory while others that may extend them are read."""
STUDY_ENTRIES = frozenset({"scenarios", "regions", "draws"})
"""Entries by which a file in the folder of scenarios is a study."""


class CircleError(ScenarioError):
    """Scenarios extend each other in a circle."""


class Library:
    """The scenarios of a folder, each read when it is asked for and kept for a while."""

    def __init__(self, folder: Path, words: Vocabulary) -> None:
        self._folder = folder
        self._words = words
        self._kept: OrderedDict[str, Scenario | ScenarioError] = OrderedDict()
        self._listed: list[str] | None = None

    def scenario(self, name: str) -> Scenario:
        """Return the scenario of a name that a file of the folder bears.

        Raises
        ------
        ScenarioError : with file, line and mend, for the first wrong entry of it or an ancestor
        """
        return self._scenario(name, ())

    def take(self, toml: TomlFile) -> Scenario:
        """Return the scenario of a file that is read already; errors as for ``scenario``."""
        return self._keep(toml.path.stem, toml, ())

    def errors(self, toml: TomlFile) -> list[SimdynError]:
        """Return everything for which a file that is read already would be refused."""
        if wrong := toml.errors(ScenarioFile, ScenarioError):
            return wrong
        file = toml.parse(ScenarioFile, ScenarioError)
        found: list[SimdynError] = [*Rules(toml, file, self._words).wrong()]
        try:
            self._parent(toml, file, (toml.path.stem,))
        except CircleError as error:
            found.append(_at_extends(toml, error.message))
        except ScenarioError as error:
            # What is wrong in another file is said of that file.
            found += [error] if error.path == toml.path else []
        return found

    def has(self, name: str) -> bool:
        """Return whether a file of the folder bears the name; nothing is read."""
        return re.match(NAME, name) is not None and self._path(name).is_file()

    def names(self) -> list[str]:
        """Return the names of all files of the folder."""
        if self._listed is None:
            self._listed = toml_names(self._folder)
        return self._listed

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.toml"

    def _scenario(self, name: str, heirs: tuple[str, ...]) -> Scenario:
        """Return a scenario that `heirs` extend, the eldest of them last."""
        kept = self._kept.get(name)
        if isinstance(kept, ScenarioError):
            raise kept
        if kept is not None:
            self._kept.move_to_end(name)
            return kept
        return self._keep(name, read_scenario_toml(self._path(name)), heirs)

    def _keep(self, name: str, toml: TomlFile, heirs: tuple[str, ...]) -> Scenario:
        found: Scenario | ScenarioError
        try:
            found = self._make(toml, (*heirs, name))
        except ScenarioError as error:
            found = error
        self._kept[name] = found
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        if isinstance(found, ScenarioError):
            raise found
        return found

    def _make(self, toml: TomlFile, line: tuple[str, ...]) -> Scenario:
        file = toml.parse(ScenarioFile, ScenarioError)
        for wrong in Rules(toml, file, self._words).wrong():
            raise wrong
        return Scenario(file, toml.path, self._parent(toml, file, line))

    def _parent(self, toml: TomlFile, file: ScenarioFile, line: tuple[str, ...]) -> Scenario | None:
        """Return what a file extends; `line` holds the names of its heirs and its own."""
        name = file.extends
        if name is None:
            return None
        if name in line:
            circle = " extends ".join(f"'{each}'" for each in (*line[line.index(name) :], name))
            message = f"{circle}. Take 'extends' out of one of them."
            raise _at_extends(toml, message, CircleError)
        if message := self._wrong_parent(name, line):
            raise _at_extends(toml, message)
        return self._scenario(name, line)

    def _wrong_parent(self, name: str, line: tuple[str, ...]) -> str:
        if len(line) > MOST_ANCESTORS:
            return f"more than {MOST_ANCESTORS} scenarios extend each other. Write one anew."
        if name not in self._kept and not self.has(name):
            others = [known for known in self.names() if known != line[-1]]
            return f"no scenario '{name}' to extend. {did_you_mean(name, others)}"
        if name not in self._kept and is_study(read_scenario_toml(self._path(name))):
            return f"'{name}' is a study, not a scenario. Name a scenario, or take the line out."
        return ""


def read_scenario(path: Path, words: Vocabulary) -> Scenario:
    """Read one scenario file and those that it extends, from its folder.

    Raises
    ------
    ScenarioError : with file, line and mend, for the first wrong entry
    """
    return Library(path.parent, words).take(read_scenario_toml(path))


def read_scenarios(
    folder: Path, names: Mapping[str, int | None], study: Path, words: Vocabulary
) -> tuple[Scenario, ...]:
    """Read the scenarios that a study names, and no others but those that they extend.

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
    library = Library(folder, words)
    for name, line in names.items():
        if not library.has(name) or folder / f"{name}.toml" == study:
            available = [known for known in library.names() if folder / f"{known}.toml" != study]
            message = f"unknown scenario '{name}'. {did_you_mean(name, available)}"
            raise ScenarioError(message, path=study, line=line)
    scenarios = tuple(library.scenario(name) for name in names)
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


def _at_extends(
    toml: TomlFile, message: str, kind: type[ScenarioError] = ScenarioError
) -> ScenarioError:
    return kind(message, path=toml.path, line=toml.line_of(("extends",)))


def toml_names(folder: Path) -> list[str]:
    """Return the names of the files of a folder of scenarios, studies among them, sorted."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def scenario_files(folder: Path, study: Path) -> list[Path]:
    """Return the files of a folder of scenarios, the study file left out."""
    paths = (folder / f"{name}.toml" for name in toml_names(folder))
    return [path for path in paths if path != study]


def is_study(toml: TomlFile) -> bool:
    """Return whether a TOML file is meant as a study, by entries that no scenario has."""
    return not STUDY_ENTRIES.isdisjoint(toml.data)


def read_scenario_toml(path: Path) -> TomlFile:
    """Parse a TOML file that may be a scenario; what is no file or is huge is not opened."""
    try:
        found = path.stat()
    except OSError:
        return read_toml(path, ScenarioError)
    if not stat.S_ISREG(found.st_mode):
        raise ScenarioError("not a file. Move it away.", path=path)
    if found.st_size > LARGEST_FILE:
        message = f"{found.st_size} bytes, more than a scenario takes. Is it another kind of file?"
        raise ScenarioError(message, path=path)
    return read_toml(path, ScenarioError)
