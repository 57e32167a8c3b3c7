"""Describe a study for those who get its results without its files."""

from __future__ import annotations

from importlib.metadata import version

from simdyn import __version__
from simdyn.export.source import About, Citation, RegionWords, ScenarioWords
from simdyn.scenarios import Scenario
from simdyn.study import Study

PACKAGES = ("llvmlite", "numpy", "nutpie", "pandas", "scipy")
"""The packages that results are computed with."""


def about_study(study: Study, digest: str, n_draw: int) -> About:
    """Return what exports say of a study whose results have this digest."""
    return About(
        study=study.file.name,
        title=study.file.title,
        digest=digest,
        seed=study.file.seed,
        simdyn=__version__,
        versions={name: version(name) for name in PACKAGES},
        newest_fact=max((s.published for s in study.facts.sources.values()), default=""),
        n_draw=n_draw,
        scenarios=tuple(_scenario(scenario) for scenario in study.scenarios),
        regions=_regions(study),
        sources=_sources(study),
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
