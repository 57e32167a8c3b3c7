"""Describe a study for those who get its results without its files."""

from __future__ import annotations

from simdyn.export.source import Citation, RegionWords, ScenarioWords, StudyWords
from simdyn.scenarios import Scenario
from simdyn.study import Study


def study_words(study: Study) -> StudyWords:
    """Return what exports tell readers of a study; it belongs into the notes of its runs."""
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
