"""simdyn check: everything wrong with files, found before a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from simdyn.check import Finding, Severity, check_files
from simdyn.cli.console import Session
from simdyn.cli.options import JsonOption, ProjectOption
from simdyn.project import find_project


def check_command(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Models, scenarios, studies, region files, tables; the whole project if none.",
        ),
    ] = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    """Say everything that is wrong with a model, scenario, study, fact or prior, before it runs.

    Example: simdyn check models/regional_growth.mdl
    """
    session: Session = context.obj
    found = check_files(files or [find_project(project).root])
    if as_json:
        session.console.out(_as_json(found), highlight=False)
    else:
        _show(session.console, found, quiet=session.quiet)
    if _count(found, Severity.ERROR):
        raise typer.Exit(1)


def _show(console: Console, found: list[Finding], *, quiet: bool) -> None:
    """Print a line a finding, a blank line between files, and the counts."""
    above = None
    for finding in found:
        if above is not None and finding.path != above:
            console.out("")
        console.out(str(finding), highlight=False)
        above = finding.path
    if not quiet:
        console.out(_counts(found), highlight=False)


def _counts(found: list[Finding]) -> str:
    if not found:
        return "No errors, no warnings."
    n_file = len({finding.path for finding in found})
    counts = (_number(_count(found, severity), severity.value) for severity in Severity)
    return f"{', '.join(counts)} in {_number(n_file, 'file')}."


def _count(found: list[Finding], severity: Severity) -> int:
    return sum(finding.severity is severity for finding in found)


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _as_json(found: list[Finding]) -> str:
    counts = {f"{severity.value}s": _count(found, severity) for severity in Severity}
    data = {"findings": [finding.as_data() for finding in found], **counts}
    return json.dumps(data, ensure_ascii=False, indent=2)
