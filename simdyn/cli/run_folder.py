"""Which folder of runs a command is about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from simdyn.errors import RunError
from simdyn.project import Project, find_project
from simdyn.runs.folder import last_change
from simdyn.runs.manifest import is_ours

FolderArgument: TypeAlias = Annotated[
    Path | None,
    typer.Argument(metavar="[FOLDER]", help="Results of runs; the newest in outputs/runs if none."),
]


def find_run_folder(folder: Path | None, project: Path | None) -> Path:
    """Return the folder asked for, else the one under outputs/runs that changed last.

    Raises
    ------
    RunError : there is none
    """
    if folder is not None:
        return folder
    home = find_project(project)
    if found := _run_folders(home):
        return max(found, key=last_change)
    raise RunError("no results of runs here. Start with: simdyn run", path=home.runs)


def _run_folders(home: Project) -> list[Path]:
    inside = sorted(home.runs.iterdir()) if home.runs.is_dir() else []
    return [path for path in inside if path.is_dir() and is_ours(path)]
