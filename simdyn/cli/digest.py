"""simdyn digest: one digest of the values of a batch of runs."""

from __future__ import annotations

import json

import typer

from simdyn.cli.console import Session
from simdyn.cli.options import JsonOption, ProjectOption
from simdyn.cli.run_folder import FolderArgument, find_run_folder
from simdyn.runs.digest import digest


def digest_command(
    context: typer.Context,
    folder: FolderArgument = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    """Print one SHA-256 of the values of a batch: equal values, equal digest.

    Example: simdyn digest outputs/runs/northeast
    """
    session: Session = context.obj
    place = find_run_folder(folder, project)
    found = digest(place)
    line = json.dumps({"folder": str(place), "digest": found}, ensure_ascii=False)
    session.console.out(line if as_json else found, highlight=False)
