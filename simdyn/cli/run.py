"""simdyn run: regions x scenarios x draws; and simdyn rerun, which makes stored runs again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from simdyn.cli.console import Session
from simdyn.cli.options import EvidenceOption, ProjectOption
from simdyn.cli.progress import open_progress
from simdyn.cli.run_folder import FolderArgument, find_run_folder
from simdyn.errors import RunError, shown
from simdyn.processes import n_processor
from simdyn.project import find_project
from simdyn.runs.batch import Estimate, estimate
from simdyn.runs.digest import digest
from simdyn.runs.execute import Ran
from simdyn.runs.layout import BLOCK_MEMBERS
from simdyn.runs.opening import Mode
from simdyn.runs.status import status
from simdyn.runs.store import Found, Opened
from simdyn.study import (
    DEFAULT_STUDY,
    Batch,
    How,
    Study,
    batch_of,
    read_study,
    refuse_imbalanced,
    rerun,
    run_batch,
    settle,
)

PARTIAL = 4
"""Exit code of a batch of which some blocks could not be run."""
Names = list[str] | None


def run_command(
    context: typer.Context,
    study: Annotated[
        Path | None,
        typer.Argument(metavar="[STUDY]", help="Study file; scenarios/study.toml if not given."),
    ] = None,
    scenario: Annotated[
        Names, typer.Option(metavar="NAME", help="Run these scenarios, without sweeps.")
    ] = None,
    region: Annotated[Names, typer.Option(metavar="KEY", help="Run only these regions.")] = None,
    draws: Annotated[int | None, typer.Option(min=2, help="Draws of each scenario.")] = None,
    out: Annotated[
        str | None, typer.Option(metavar="NAME", help="Keep the runs in outputs/runs/NAME.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Say what it takes, and run nothing.")] = False,
    resume: Annotated[
        bool, typer.Option(help="Only go on; refuse if an input has changed since.")
    ] = False,
    fresh: Annotated[bool, typer.Option(help="Run everything anew.")] = False,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Blocks at a time; one a processor if not given.")
    ] = None,
    block: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Members of a block at the most.")
    ] = BLOCK_MEMBERS,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run the blocks on this Dask cluster.")
    ] = None,
    evidence: EvidenceOption = None,
    project: ProjectOption = None,
) -> None:
    """Run every region under every scenario and sweep of a study, on common draws.

    What is stored already is not run again; a run that was stopped goes on. Exit code 4 if some
    blocks could not be run.

    Example: simdyn run --scenario baseline --scenario food --draws 2000
    """
    session: Session = context.obj
    if resume and fresh:
        raise RunError("--resume goes on and --fresh starts anew. Pass one of them.")
    home = find_project(project)
    whole = read_study(home, study or home.scenarios / DEFAULT_STUDY)
    whole = whole if evidence is None else whole.of_evidence(evidence)
    asked = whole.choosing(region or (), scenario or (), draws, out)
    mode = Mode.RESUME if resume else Mode.FRESH if fresh else Mode.GO_ON
    how = How(mode, threads, cluster)
    with open_progress(Console(stderr=True), quiet=session.quiet) as progress:
        settled = settle(whole, progress)
        batch = batch_of(asked, settled.regions, settled.time_step, block)
        if dry_run:
            takes = estimate(batch.runs, threads or n_processor())
        else:
            found, ran = run_batch(batch, progress, how)
    if dry_run:
        _show(session.console, _estimated(asked, batch, takes))
        return
    refuse_imbalanced(batch)
    _show(session.console, _told(batch, found, ran))
    if ran.failed:
        raise typer.Exit(PARTIAL)


def rerun_command(
    context: typer.Context, folder: FolderArgument = None, project: ProjectOption = None
) -> None:
    """Make stored runs again from the copies of their inputs, and compare every bit.

    Example: simdyn rerun outputs/runs/northeast
    """
    session: Session = context.obj
    home = find_project(project)
    place = find_run_folder(folder, project)
    with open_progress(Console(stderr=True), quiet=session.quiet) as progress:
        before, after, changed = rerun(place, home, progress)
    if before != after:
        why = f" {'; '.join(changed)}." if changed else ""
        message = f"run again, the digest is {after[:16]}, not {before[:16]}.{why}"
        raise RunError(message, path=place)
    _show(session.console, [f"{shown(place)}: run again, every bit is the same: {before}"])


def _show(console: Console, lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        console.print(line, soft_wrap=True)


def _estimated(study: Study, batch: Batch, takes: Estimate) -> Iterator[str]:
    layout = batch.runs.layout
    yield f"{study.file.title} ({shown(study.path)})"
    yield (
        f"members  {takes.members:,} = {len(layout.regions)} regions x "
        f"{len(layout.scenarios):,} scenarios x {layout.n_draw:,} draws, in {takes.blocks:,} blocks"
    )
    for sweep in study.sweeps:
        levers = ", ".join(f"{lever} ({region})" for region, lever in sweep.axes)
        yield f"sweep    {sweep.name}: {len(sweep.values):,} of '{sweep.base.name}' over {levers}"
    yield f"values   {len(layout.variables)} variables x {len(layout.years)} years a member"
    seconds = f"about {takes.seconds:,.1f} s of computing"
    yield f"time     {seconds}, as {takes.probe:,} members run now took"
    yield f"disk     {takes.bytes / 1e6:,.1f} MB in {shown(batch.folder)}"


def _told(batch: Batch, found: Found, ran: Ran) -> Iterator[str]:
    layout = batch.runs.layout
    if found.opened is Opened.REPLACED and found.changed:
        yield f"Started anew: {'; '.join(found.changed[:5])}."
    for finding in found.damaged:
        yield f"Mended: {finding}"
    n_block = sum(1 for _ in layout.blocks())
    if ran.n_block == 0 and not ran.failed:
        yield f"Nothing to run: all {n_block:,} blocks are stored, made from the same inputs."
    else:
        yield f"{ran.n_block:,} of {n_block:,} blocks run, {layout.n_member:,} members in all."
    if n_failed := status(batch.folder).failed_members:
        why = "not finite, or a stock below zero"
        yield f"Members that failed: {n_failed:,} ({why}); they are left out of every result."
    for block, why in list(ran.failed.items())[:5]:
        yield f"Failed: {layout.regions[block.region]}, from draw {block.draw}: {why}"
    if not ran.failed:
        yield f"Digest: {digest(batch.folder)}"
    yield f"Runs: {shown(batch.folder)}"
