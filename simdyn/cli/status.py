"""simdyn status: how far a batch of runs is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import typer

from simdyn.cli.console import Session
from simdyn.cli.options import JsonOption, ProjectOption
from simdyn.cli.run_folder import FolderArgument, find_run_folder
from simdyn.errors import shown
from simdyn.runs.status import Status, status


def status_command(
    context: typer.Context,
    folder: FolderArgument = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    """Say how far a batch of runs is, and what it is made from.

    Example: simdyn status outputs/runs/northeast
    """
    session: Session = context.obj
    place = find_run_folder(folder, project)
    found = status(place)
    if as_json:
        data = {"folder": str(place), **asdict(found)}
        session.console.out(json.dumps(data, ensure_ascii=False, indent=2), highlight=False)
        return
    for line in _lines(place, found):
        session.console.out(line, highlight=False)


def _lines(folder: Path, found: Status) -> Iterator[str]:
    manifest = found.manifest
    yield f"{shown(folder)}: {found.state}"
    yield f"blocks   {found.n_stored:,} of {found.n_block:,} stored, {found.n_byte / 1e6:,.1f} MB"
    members = f"{found.members_stored:,} of {found.n_member:,}"
    yield f"members  {members} stored, {found.failed_members:,} of them failed"
    yield f"study    {manifest.study}, seed {manifest.seed}"
    yield f"started  {found.started}" + (f", finished {found.finished}" if found.finished else "")
    for name, digest in manifest.inputs.items():
        yield f"input    {digest[:12]}  {name}"
    for number, error in found.failed_blocks.items():
        yield f"failed   block {number}: {error}"
