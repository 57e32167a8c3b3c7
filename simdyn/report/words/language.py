"""The words of the report in each language: labels, sentences, and names of what results hold."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from simdyn.facts.words import quantity_words
from simdyn.regions import Basis, Region
from simdyn.regions.records import MARK
from simdyn.scenarios import Scenario
from simdyn.study import Study

FOLDER = Path(__file__).parent / "languages"


class Language(StrEnum):
    """A language of the report."""

    EN = "en"
    ZH = "zh"


@dataclass(frozen=True)
class Labels:
    """Labels by name; units, titles and kinds by their English words; quantities by theirs.

    words : labels and sentences with named places
    terms : what results call things, such as units and titles
    quantities : what the quantities of facts are called, by their names there
    """

    language: Language
    words: Mapping[str, str]
    terms: Mapping[str, str]
    quantities: Mapping[str, str]

    def __call__(self, name: str, /, **places: object) -> str:
        """Return a label, its named places filled."""
        return self.words[name].format(**places)

    def term(self, english: str) -> str:
        """Return what the language calls something; the English where it has no word for it."""
        return self.terms.get(english, english)

    def quantity(self, name: str) -> str:
        """Return what the language calls a quantity of facts."""
        return self.quantities.get(name, quantity_words(name))

    def listed(self, items: Sequence[str]) -> str:
        """Write items as 'a, b and c'."""
        head = self("list_between").join(items[:-1])
        return self("list_last").join([head, items[-1]] if len(items) > 1 else items)

    def region(self, region: Region) -> str:
        """Return the name of a region, with the mark of an illustrative one."""
        # It must not stand alone on a line.
        mark = MARK.replace(" ", "\u00a0") if region.file.basis is Basis.ILLUSTRATIVE else ""
        return self.either(region.name, region.file.name_zh) + mark

    def scenario(self, scenario: Scenario) -> str:
        """Return the title of a scenario."""
        return self.either(scenario.file.title, scenario.file.title_zh)

    def description(self, scenario: Scenario) -> str:
        """Return what a scenario assumes, on one line."""
        file = scenario.file
        return " ".join(self.either(file.description, file.description_zh).split())

    def note(self, region: Region) -> str:
        """Return what the results of a region rest on."""
        return self.either(region.file.basis_note, region.file.basis_note_zh)

    def title(self, study: Study) -> str:
        """Return the title of a study."""
        return self.either(study.file.title, study.file.title_zh)

    def either(self, english: str, chinese: str) -> str:
        """Return the name in the language, of something that has one in both."""
        return chinese if self.language is Language.ZH and chinese else english


@lru_cache
def labels_of(language: Language) -> Labels:
    """Read the labels of a language, one file a topic."""
    files = [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((FOLDER / language).glob("*.toml"))
    ]
    words, terms, quantities = (
        {key: text for file in files for key, text in file.get(name, {}).items()}
        for name in ("words", "terms", "quantities")
    )
    return Labels(language, words, terms, quantities)


ENGLISH = labels_of(Language.EN)
