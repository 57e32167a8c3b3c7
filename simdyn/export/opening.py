"""Open a folder of results for export."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from pydantic import ValidationError

from simdyn.errors import RunError
from simdyn.export.source import About, Source

ABOUT = "about"
"""Entry of a run's manifest that describes its study."""


def open_source(folder: Path) -> Source:
    """Return the results in `folder` with where they come from.

    Raises
    ------
    RunError : the folder holds no complete results, or does not say where they come from
    """
    # The store is loaded when a folder is opened: results in memory are exported without it.
    results = import_module("simdyn.runs.results").open_results(folder)
    try:
        about = About.model_validate(results.manifest[ABOUT])
    except (KeyError, ValidationError) as wrong:
        message = "the manifest does not say where the results come from. Run the study anew."
        raise RunError(message, path=folder) from wrong
    return Source(results, about)
