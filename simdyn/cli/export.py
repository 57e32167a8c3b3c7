"""simdyn export: results of runs for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from simdyn.cli.console import Session
from simdyn.cli.options import ProjectOption
from simdyn.cli.progress import open_progress
from simdyn.cli.run_folder import FolderArgument, find_run_folder
from simdyn.errors import shown
from simdyn.export import Exported, Format, Source, What, choose, export
from simdyn.export.opening import open_source
from simdyn.progress import Progress
from simdyn.project import find_project
from simdyn.years import Years

Names = list[str] | None


def export_command(
    context: typer.Context,
    folder: FolderArgument = None,
    form: Annotated[
        Format, typer.Option("--format", help="Tidy CSV, Parquet, an Excel workbook, or IAMC.")
    ] = Format.CSV,
    what: Annotated[
        What, typer.Option(help="Percent points over the draws, or every draw.")
    ] = What.BANDS,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to; outputs/exports if not given.")
    ] = None,
    region: Annotated[Names, typer.Option(metavar="NAME", help="Only these regions.")] = None,
    scenario: Annotated[Names, typer.Option(metavar="NAME", help="Only these scenarios.")] = None,
    variable: Annotated[Names, typer.Option(metavar="NAME", help="Only these variables.")] = None,
    project: ProjectOption = None,
) -> None:
    """Write results of runs for Python, R, Stata or Excel; each file appears whole or not at all.

    Example: simdyn export --format excel
    """
    session: Session = context.obj
    runs = find_run_folder(folder, project)
    place = out or find_project(project).outputs / "exports" / runs.resolve().name
    source = open_source(runs)
    choice = choose(source, region or (), scenario or (), variable or ())
    with open_progress(Console(stderr=True), quiet=session.quiet) as progress:
        progress.stage("export", len(choice.regions) * len(choice.scenarios))
        watched = Source(_Watched(source, progress), source.about)
        exported = export(watched, choice, form, what, place)
    _show(session.console, exported)


class _Watched:
    """Runs that move the progress on the first time that one is read."""

    def __init__(self, source: Source, progress: Progress) -> None:
        self.regions, self.scenarios = source.runs.regions, source.runs.scenarios
        self._runs, self._progress = source.runs, progress
        self._seen: set[tuple[str, str]] = set()

    def years(self, region: str, scenario: str) -> Years:
        """Return the yearly values of a region under a scenario."""
        if (region, scenario) not in self._seen:
            self._seen.add((region, scenario))
            self._progress.advance(f"{region}, {scenario}")
        return self._runs.years(region, scenario)


def _show(console: Console, exported: Exported) -> None:
    for note in exported.notes:
        console.out(f"Note: {note}", highlight=False)
    for path in exported.paths:
        console.out(f"Written: {shown(path)}", highlight=False)
