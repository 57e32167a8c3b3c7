"""simdyn report: the results of a study as one HTML page."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from simdyn.answers.case import case_of
from simdyn.cli.answers import read_asked
from simdyn.cli.console import Session
from simdyn.cli.options import EvidenceOption, ProjectOption
from simdyn.cli.progress import open_progress
from simdyn.errors import shown
from simdyn.report.kept import kept_sensitivity
from simdyn.report.words.language import Language
from simdyn.report.write import write_report
from simdyn.sensitivity.regional import plan_of
from simdyn.study import run_study


def report_command(
    context: typer.Context,
    study: Annotated[
        Path | None,
        typer.Argument(metavar="[STUDY]", help="Study file; scenarios/study.toml if not given."),
    ] = None,
    language: Annotated[
        Language, typer.Option("--lang", help="Language of page, workbook and pictures.")
    ] = Language.EN,
    figures: Annotated[
        bool, typer.Option("--figures", help="Also draw every picture, as PNG and SVG.")
    ] = False,
    opened: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    evidence: EvidenceOption = None,
    project: ProjectOption = None,
) -> None:
    """Put the results of a study into one HTML page that needs no network, and a workbook.

    What is stored and made from the same inputs is taken up; the rest is run first.

    Example: simdyn report --lang zh --open
    """
    session: Session = context.obj
    asked = read_asked(project, study)
    asked = asked if evidence is None else asked.of_evidence(evidence)
    with open_progress(Console(stderr=True), quiet=session.quiet) as progress:
        results = run_study(asked, progress)
        sensitivity = kept_sensitivity(case_of(results), plan_of(asked), progress)
        path = write_report(results, sensitivity, language, progress, with_figures=figures)
    session.console.print(f"Report: {shown(path)}", soft_wrap=True)
    if opened:
        webbrowser.open(path.absolute().as_uri())
