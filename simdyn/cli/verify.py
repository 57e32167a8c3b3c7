"""simdyn verify: whether results of runs are as they were written."""

from __future__ import annotations

import json

import typer

from simdyn.cli.console import Session
from simdyn.cli.options import JsonOption, ProjectOption
from simdyn.cli.run_folder import FolderArgument, find_run_folder
from simdyn.errors import shown
from simdyn.runs.checks import Finding
from simdyn.runs.verify import verify


def verify_command(
    context: typer.Context,
    folder: FolderArgument = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    """Check every byte of results of runs: missing, cut, swapped, flipped or edited files.

    Example: simdyn verify outputs/runs/northeast
    """
    session: Session = context.obj
    place = find_run_folder(folder, project)
    found = verify(place)
    if as_json:
        session.console.out(_as_json(found), highlight=False)
    else:
        for finding in found:
            session.console.out(str(finding), highlight=False)
        if not session.quiet:
            session.console.out(f"{shown(place)}: {_count(found)}", highlight=False)
    if found:
        raise typer.Exit(1)


def _count(found: list[Finding]) -> str:
    if not found:
        return "as it was written."
    return f"{len(found)} finding{'' if len(found) == 1 else 's'}."


def _as_json(found: list[Finding]) -> str:
    data = [{"path": str(f.path), "line": f.line, "message": f.message} for f in found]
    return json.dumps({"findings": data}, ensure_ascii=False, indent=2)
