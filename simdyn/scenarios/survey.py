"""All scenarios of a folder at a glance, checked, with little memory however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simdyn.errors import ScenarioError
from simdyn.scenarios.reading import Library, is_study, read_scenario_toml, toml_files
from simdyn.scenarios.scenario import Scenario
from simdyn.scenarios.vocabulary import Vocabulary

MOST_ERRORS = 1000
"""Faulty files after which a folder is given up."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One scenario of a folder.

    n_lever, n_uncertainty : how many are set in each region with runs of its own; others left out
    beyond_limits : the entries that may cross their limits
    """

    name: str
    title: str
    title_zh: str
    extends: str | None
    n_lever: dict[str, int]
    n_uncertainty: dict[str, int]
    beyond_limits: tuple[str, ...]


def survey(folder: Path, words: Vocabulary) -> Iterator[Summary | ScenarioError]:
    """Yield a summary of each scenario of a folder by name, or why it is refused; studies pass.

    A fault of a scenario that others extend is yielded once. After `MOST_ERRORS` the rest is left.
    """
    library, said = Library(folder, words), set[str]()
    for path in toml_files(folder):
        try:
            toml = read_scenario_toml(path)
            if not is_study(toml):
                yield summarise(library.take(toml), words)
        except ScenarioError as error:
            if str(error) not in said:
                yield error
            said.add(str(error))
            if len(said) >= MOST_ERRORS:
                yield ScenarioError(f"{MOST_ERRORS} faulty files. Mend these first.", path=folder)
                return


def summarise(scenario: Scenario, words: Vocabulary) -> Summary:
    """Return what a list says of a scenario."""
    n_lever = {key: len(scenario.levers(key)) for key in words.runs}
    n_other = {key: len(scenario.uncertainties(key)) for key in words.runs}
    file = scenario.file
    return Summary(
        file.name,
        file.title,
        file.title_zh,
        file.extends,
        {key: n for key, n in n_lever.items() if n},
        {key: n for key, n in n_other.items() if n},
        scenario.beyond_limits,
    )
