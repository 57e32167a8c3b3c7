"""What readers of results are told of their study, who do not have its files."""

from __future__ import annotations

from pydantic import ConfigDict

from simdyn.records import Record
from simdyn.regions.records import MARK, Basis
from simdyn.scenarios import Scenario
from simdyn.study.records import Study


class Words(Record):
    """A record of words for readers, kept exactly as they are."""

    model_config = ConfigDict(str_strip_whitespace=False)


class ScenarioWords(Words):
    """What readers are told of a scenario."""

    name: str
    title: str = ""
    title_zh: str = ""
    description: str = ""


class RegionWords(Words):
    """What readers are told of a region, and what its results rest on."""

    key: str
    name: str
    name_zh: str = ""
    basis: Basis = Basis.ILLUSTRATIVE
    basis_note: str = ""

    @property
    def label(self) -> str:
        """Name with the mark of an illustrative region."""
        return self.name + (MARK if self.basis is Basis.ILLUSTRATIVE else "")


class Citation(Words):
    """A document or publication behind the figures that regions are fitted to."""

    id: str
    title: str
    title_en: str = ""
    issuer: str = ""
    published: str = ""


class StudyWords(Words):
    """What readers are told of a study.

    newest_fact : date of the newest publication read, as far as it is known
    """

    title: str
    newest_fact: str = ""
    scenarios: tuple[ScenarioWords, ...] = ()
    regions: tuple[RegionWords, ...] = ()
    sources: tuple[Citation, ...] = ()


def study_words(study: Study) -> StudyWords:
    """Return what exports tell readers of a study; it stands in the notes of its runs."""
    sources = _sources(study)
    return StudyWords(
        title=study.file.title,
        newest_fact=max((source.published for source in sources), default=""),
        scenarios=tuple(_scenario(scenario) for scenario in study.scenarios),
        regions=_regions(study),
        sources=sources,
    )


def _scenario(scenario: Scenario) -> ScenarioWords:
    file = scenario.file
    description = " ".join(file.description.split())
    return ScenarioWords(
        name=file.name, title=file.title, title_zh=file.title_zh, description=description
    )


def _regions(study: Study) -> tuple[RegionWords, ...]:
    keys = dict.fromkeys((*study.file.regions, *(region.key for region in study.runs)))
    files = {key: study.regions[key].under(study.file.evidence, study.facts).file for key in keys}
    return tuple(
        RegionWords(
            key=key,
            name=file.name,
            name_zh=file.name_zh,
            basis=file.basis,
            basis_note=file.basis_note,
        )
        for key, file in files.items()
    )


def _sources(study: Study) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            id=s.id, title=s.title, title_en=s.title_en, issuer=s.issuer, published=s.published
        )
        for s in study.facts.sources.values()
        if s.layer in study.file.evidence.layers
    )
