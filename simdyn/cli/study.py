"""simdyn study: the whole chain from facts to figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from simdyn.answers.case import case_of
from simdyn.cli.console import Session
from simdyn.cli.options import EvidenceOption, ProjectOption
from simdyn.cli.progress import open_progress
from simdyn.errors import shown
from simdyn.project import find_project
from simdyn.report.folder import prepare_folder
from simdyn.report.kept import kept_sensitivity
from simdyn.report.summary import GROWTH_COLUMNS, growth_rows
from simdyn.report.write import write_results
from simdyn.sensitivity.regional import plan_of
from simdyn.study import DEFAULT_STUDY, Results, read_study, run_study

TABLE_WIDTH = 116
"""Columns that the table of results takes at the most."""


def study_command(
    context: typer.Context,
    study: Annotated[
        Path | None,
        typer.Argument(metavar="[STUDY]", help="Study file; scenarios/study.toml if not given."),
    ] = None,
    evidence: EvidenceOption = None,
    project: ProjectOption = None,
) -> None:
    """Run a study: calibrate, run scenarios, ask what moves what, write tables and figures.

    Example: simdyn study scenarios/study.toml
    """
    session: Session = context.obj
    home = find_project(project)
    asked = read_study(home, study or home.scenarios / DEFAULT_STUDY)
    if evidence is not None:
        asked = asked.of_evidence(evidence)
    prepare_folder(asked)
    with open_progress(Console(stderr=True), quiet=session.quiet) as progress:
        results = run_study(asked, progress)
        sensitivity = kept_sensitivity(case_of(results), plan_of(asked), progress)
        page = write_results(results, sensitivity, progress)
    _show(session.console, results)
    session.console.print(f"Results: {shown(page.parent)}", soft_wrap=True)
    session.console.print(f"Report: {shown(page)}", soft_wrap=True)


def _show(console: Console, results: Results) -> None:
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        title=results.study.file.title,
        title_justify="left",
    )
    for position, column in enumerate(GROWTH_COLUMNS):
        first, _, unit = column.partition(", ")
        table.add_column(
            f"{first}\n{unit}", justify="left" if position < 2 else "right", no_wrap=True
        )
    for row in growth_rows(results, results.study.featured):
        table.add_row(*row)
    # A line that is wider than the terminal is better than an interval that is cut off.
    console.width = max(console.width, TABLE_WIDTH)
    console.print(table)
    console.print("Median [middle 80 % of draws]. * illustrative: priors and public statistics.")
