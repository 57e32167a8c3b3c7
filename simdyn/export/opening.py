"""Open a folder of runs for export."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simdyn import __version__
from simdyn.errors import RunError
from simdyn.export.source import About, Source, StudyWords
from simdyn.years import Years

WORDS = "study_words"
"""Entry of the notes of a run's manifest that tells readers of its study."""


def open_source(folder: Path) -> Source:
    """Return the runs in `folder` with where they come from.

    Raises
    ------
    RunError : the folder holds no complete runs, or does not say what they are of
    """
    # The store is loaded when a folder is opened: results in memory are exported without it.
    results = import_module("simdyn.runs.results").open_results(folder)
    digest = import_module("simdyn.runs.digest").digest(folder)
    return Source(_StoredRuns(results), _about(folder, results.manifest, digest))


class _StoredRuns:
    """The runs of a folder; the sums of regions stand behind the regions."""

    def __init__(self, results: Any) -> None:
        self._results = results
        manifest = results.manifest
        self.regions: tuple[str, ...] = (*manifest.layout.regions, *manifest.sums)
        self.scenarios: tuple[str, ...] = tuple(manifest.layout.scenarios)

    def years(self, region: str, scenario: str) -> Years:
        """Return the yearly values of a region under a scenario."""
        return self._results.years(region, scenario)


def _about(folder: Path, manifest: Any, digest: str) -> About:
    try:
        words = StudyWords.model_validate(manifest.notes[WORDS])
    except (KeyError, ValidationError) as wrong:
        message = "the manifest does not tell what the runs are of. Run the study anew."
        raise RunError(message, path=folder) from wrong
    return About(
        study=manifest.study,
        digest=digest,
        seed=manifest.seed,
        simdyn=manifest.versions.get("simdyn", __version__),
        versions=dict(manifest.versions),
        n_draw=manifest.layout.n_draw,
        words=words,
    )
