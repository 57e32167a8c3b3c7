"""Open a folder of results for export."""

from __future__ import annotations

from pathlib import Path

from simdyn.errors import RunError, shown
from simdyn.export.source import About, Source
from simdyn.runs.digest import digest
from simdyn.runs.manifest import MANIFEST, is_ours
from simdyn.runs.results import open_results
from simdyn.study.batch import WORDS
from simdyn.study.words import StudyWords


def open_source(folder: Path) -> Source:
    """Return the results in `folder` with where they come from.

    Raises
    ------
    RunError : the folder holds no complete results, only the tables of a study, or damaged ones
    """
    if (folder / MANIFEST).is_file() and not is_ours(folder):
        message = "holds tables, not runs. Pass the study's folder in outputs/runs, or none."
        raise RunError(message, path=shown(folder))
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
