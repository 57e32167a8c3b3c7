"""simdyn calibrate: fit the regions to their figures, and say what these determined."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from simdyn.calibrate.accounts import PART, audit_draws
from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.selftest import self_test
from simdyn.calibrate.verdicts import Verdict
from simdyn.cli.console import Session
from simdyn.cli.options import ProjectOption, StudyOption
from simdyn.cli.progress import open_progress
from simdyn.errors import RunError, did_you_mean, shown
from simdyn.progress import Progress
from simdyn.project import find_project
from simdyn.regions import Basis, Evidence
from simdyn.report.calibration import (
    FOLDER,
    calibration_tables,
    side_by_side,
    write_backtests,
    write_draws,
    write_tables,
)
from simdyn.study import (
    DEFAULT_STUDY,
    Study,
    backtest_study,
    calibrate_study,
    calibration_seed,
    problems_of,
    read_study,
    watching,
)

VERDICTS = tuple(Verdict)


class Wanted(StrEnum):
    """Evidence to calibrate on; `compare` does both and puts them side by side."""

    BOTH = "both"
    DOCUMENTS = "documents"
    COMPARE = "compare"


def calibrate_command(
    context: typer.Context,
    regions: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REGION]...", help="Regions; those of the study if none is given."),
    ] = None,
    study: StudyOption = None,
    evidence: Annotated[
        Wanted | None,
        typer.Option("--evidence", help="Layers to fit to; compare puts two side by side."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Draw anew, also where the inputs are as before.")
    ] = False,
    backtesting: Annotated[
        bool,
        typer.Option("--backtest", help="Also foretell figures that the fit does not see."),
    ] = False,
    self_testing: Annotated[
        bool,
        typer.Option("--self-test", help="Instead, calibrate made-up documents of known truth."),
    ] = False,
    data_sets: Annotated[
        int, typer.Option("--data-sets", min=1, help="Of the self-test, for each fitted region.")
    ] = 200,
    project: ProjectOption = None,
) -> None:
    """Calibrate regions: best fit, posterior draws, what each figure determined.

    Example: simdyn calibrate songbei qiqihar --evidence documents
    """
    session: Session = context.obj
    home = find_project(project)
    asked = _restricted(read_study(home, study or home.scenarios / DEFAULT_STUDY), regions or [])
    wanted = evidence or Wanted(asked.file.evidence)
    if self_testing:
        _self_test(asked, wanted, data_sets, session)
        return
    layers = [Evidence.BOTH, Evidence.DOCUMENTS] if wanted is Wanted.COMPARE else [Evidence(wanted)]
    tables: list[pd.DataFrame] = []
    with open_progress(Console(stderr=True), quiet=session.quiet) as progress:
        for layer in layers:
            chosen = asked.of_evidence(layer)
            found, folder = _calibrate(chosen, progress, fresh=fresh, backtesting=backtesting)
            tables.append(found)
    if len(tables) == 2:
        folder = _folder(asked)
        write_tables({"evidence": side_by_side(*tables)}, folder)
    _show(session.console, tables[0])
    session.console.print(f"Results: {shown(folder)}", soft_wrap=True)


def _self_test(study: Study, wanted: Wanted, n_data_set: int, session: Session) -> None:
    """Calibrate synthetic documents, write what was found, and fail if the truth was missed."""
    if wanted is Wanted.COMPARE:
        raise RunError("a self-test has one kind of evidence. Pass both or documents.")
    asked = study.of_evidence(Evidence(wanted))
    problems = {
        key: problem
        for key, problem in problems_of(asked).items()
        if problem.region.file.basis is Basis.FITTED
    }
    with open_progress(Console(stderr=True), quiet=session.quiet) as progress:
        progress.stage("self-test", n_data_set * len(problems))
        watch = watching(progress, "data sets calibrated")
        found = self_test(problems, n_data_set, calibration_seed(asked), watch)
    folder = _folder(asked)
    tables = {"self_test": found.table, "self_test_regions": found.regions}
    write_tables({**tables, "self_test_failures": found.failures}, folder)
    for verdict in found.verdicts:
        session.console.print(verdict, soft_wrap=True)
    session.console.print(f"Results: {shown(folder)}", soft_wrap=True)
    if not found.passed:
        raise typer.Exit(1)


def _calibrate(
    study: Study, progress: Progress, *, fresh: bool, backtesting: bool
) -> tuple[pd.DataFrame, Path]:
    """Calibrate, write the results, and return the table of parameters and the folder."""
    calibration = calibrate_study(study, problems_of(study), progress, fresh=fresh)
    tables = calibration_tables(calibration, study.facts)
    folder = _folder(study)
    write_tables(tables, folder)
    write_draws(calibration, folder)
    write_tables({"accounts": _accounts(calibration, progress)}, folder)
    if backtesting:
        found = backtest_study(study, calibration, progress, thorough=True, fresh=fresh)
        if found is None:
            raise RunError("no figure to foretell. Take regions, or evidence, that have figures.")
        write_backtests(found, study.facts, folder)
    return tables["parameters"], folder


def _accounts(calibration: Calibration, progress: Progress) -> pd.DataFrame:
    n_part = -(-calibration.sample.n_draw // PART)
    progress.stage("accounts of every draw", n_part * len(calibration.regions))
    tables = []
    for key, region in calibration.regions.items():
        tables.append(audit_draws(region, partial(progress.advance, key)))
    return pd.concat(tables, ignore_index=True)


def _folder(study: Study) -> Path:
    return study.project.outputs / FOLDER / study.file.name


def _restricted(study: Study, regions: Sequence[str]) -> Study:
    """Return the study of these regions only, if any are named."""
    for name in regions:
        if name not in study.regions:
            raise RunError(f"no region '{name}'. {did_you_mean(name, study.regions)}")
    return study.restricted(regions) if regions else study


def _show(console: Console, parameters: pd.DataFrame) -> None:
    """Print a line for each region: how much its figures said, how well the draws agree."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for n, column in enumerate(
        ("region", "parameters", *VERDICTS, "largest R-hat", "smallest effective size")
    ):
        table.add_column(column, justify="left" if n == 0 else "right")
    for region, rows in parameters.groupby("region", sort=False):
        counts = [str(rows["verdict"].str.startswith(verdict).sum()) for verdict in VERDICTS]
        rhat, size = f"{rows['rhat'].max():.3f}", f"{rows['ess_bulk'].min():.0f}"
        table.add_row(str(region), str(len(rows)), *counts, rhat, size)
    console.print(table)
