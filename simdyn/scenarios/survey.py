"""All scenarios of a folder at a glance, checked, with little memory however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from simdyn.errors import ScenarioError
from simdyn.scenarios.reading import Library, is_study, read_scenario_toml, toml_names
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
    n_lever: Mapping[str, int]
    n_uncertainty: Mapping[str, int]
    beyond_limits: tuple[str, ...]


def survey(folder: Path, words: Vocabulary) -> Iterator[Summary | ScenarioError]:
    """Yield a summary of each scenario of a folder by name, or why it is refused; studies pass.

    A fault of a scenario that others extend is yielded once. After `MOST_ERRORS` the rest is left.
    """
    library, said = Library(folder, words), set[str]()
    for name in toml_names(folder):
        path = folder / f"{name}.toml"
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
    file = scenario.file
    return Summary(
        file.name,
        file.title,
        file.title_zh,
        file.extends,
        _shared(tuple((key, len(scenario.levers(key))) for key in words.runs)),
        _shared(tuple((key, len(scenario.uncertainties(key))) for key in words.runs)),
        scenario.beyond_limits,
    )


@lru_cache
def _shared(counts: tuple[tuple[str, int], ...]) -> Mapping[str, int]:
    """Return counts other than zero by region; many scenarios have the same and share them."""
    return {region: n for region, n in counts if n}
