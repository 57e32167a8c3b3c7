"""Open a folder of results for export."""

from __future__ import annotations

from pathlib import Path

from simdyn.export.source import About, Source
from simdyn.runs.digest import digest
from simdyn.runs.results import open_results
from simdyn.study.batch import WORDS
from simdyn.study.words import StudyWords


def open_source(folder: Path) -> Source:
    """Return the results in `folder` with where they come from.

    Raises
    ------
    RunError : the folder holds no complete results, or they are damaged
    """
    results = open_results(folder)
    manifest = results.manifest
    about = About(
        study=manifest.study,
        digest=digest(folder),
        seed=manifest.seed,
        simdyn=manifest.versions["simdyn"],
        versions=dict(manifest.versions),
        n_draw=manifest.layout.n_draw,
        words=StudyWords.model_validate(manifest.notes[WORDS]),
    )
    return Source(results, about)
