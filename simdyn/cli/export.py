"""simdyn export: results of runs for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from simdyn.cli.console import Session
from simdyn.cli.options import ProjectOption
from simdyn.cli.progress import open_progress
from simdyn.errors import RunError, shown
from simdyn.export import Exported, Format, Source, What, choose, export
from simdyn.export.opening import open_source
from simdyn.project import Project, find_project
from simdyn.study import Progress
from simdyn.years import Years

Names = list[str] | None
MANIFEST = "manifest.json"


def export_command(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="Folder of runs; the newest of outputs/runs."),
    ] = None,
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
    runs = _runs(folder, project)
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


def _runs(folder: Path | None, project: Path | None) -> Path:
    if folder is None:
        return newest_runs(find_project(project))
    if not folder.is_dir():
        raise RunError("no such folder. Name a folder of outputs/runs, or none.", path=folder)
    return folder


def newest_runs(project: Project) -> Path:
    """Return the folder of runs whose manifest is the newest; raise RunError if there is none."""
    place = project.outputs / "runs"
    manifests = sorted(place.glob(f"*/{MANIFEST}"), key=lambda path: path.stat().st_mtime)
    if not manifests:
        raise RunError("no runs to export. Run the scenarios first, or name a FOLDER.", path=place)
    return manifests[-1].parent


def _show(console: Console, exported: Exported) -> None:
    for note in exported.notes:
        console.out(f"Note: {note}", highlight=False)
    for path in exported.paths:
        console.out(f"Written: {shown(path)}", highlight=False)
