"""simdyn scenarios: what scenarios there are, what one sets, and a new one to fill in."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from simdyn.cli import scenario_tables as tables
from simdyn.cli.console import Session
from simdyn.cli.options import JsonOption, ProjectOption
from simdyn.errors import RunError, ScenarioError, did_you_mean, shown
from simdyn.project import Project, find_project
from simdyn.scenarios import (
    Library,
    Scenario,
    Summary,
    Vocabulary,
    refuse_name,
    survey,
    write_template,
)
from simdyn.scenarios.gather import read_vocabulary

MOST_SAID = 20
"""Faulty files that a list names; a check names them all."""
LINES_AT_ONCE = 1000

scenarios_app = typer.Typer(rich_markup_mode=None, add_completion=False)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of a scenario.")]
ChineseOption = Annotated[bool, typer.Option("--zh", help="Chinese titles.")]


@scenarios_app.callback(invoke_without_command=True)
def scenarios_command(
    context: typer.Context,
    as_json: JsonOption = False,
    chinese: ChineseOption = False,
    project: ProjectOption = None,
) -> None:
    """List the scenarios: title, what each extends, levers by region; faulty ones are named.

    Example: simdyn scenarios show combined --region shuangcheng
    """
    context.meta["project"] = project
    if context.invoked_subcommand is not None:
        return
    session: Session = context.obj
    home = find_project(project)
    found, wrong = _survey(home)
    if as_json:
        data = {"scenarios": [asdict(each) for each in found], "errors": [str(e) for e in wrong]}
        session.console.out(json.dumps(data, ensure_ascii=False, indent=2), highlight=False)
    else:
        lines = tables.listing(found, chinese=chinese)
        # A line at a time takes the console longer than reading the file behind it.
        while some := list(islice(lines, LINES_AT_ONCE)):
            session.console.out("\n".join(some), highlight=False)
    _refuse(wrong)


@scenarios_app.command("show")
def show_command(
    context: typer.Context,
    name: NameArgument,
    region: Annotated[
        str | None, typer.Option("--region", metavar="KEY", help="One region only.")
    ] = None,
    as_json: JsonOption = False,
    chinese: ChineseOption = False,
    project: ProjectOption = None,
) -> None:
    """Show what a scenario sets in each region, with its sources, what it extends included.

    Example: simdyn scenarios show combined --region shuangcheng
    """
    session: Session = context.obj
    home = _home(context, project)
    words = read_vocabulary(home)
    scenario = _named(Library(home.scenarios, words), name)
    regions = _regions(words, region)
    if as_json:
        data = tables.as_data(scenario, regions, words)
        session.console.out(json.dumps(data, ensure_ascii=False, indent=2), highlight=False)
        return
    for part in tables.settings(scenario, regions, words, chinese=chinese):
        session.console.print(part)


@scenarios_app.command("new")
def new_command(
    context: typer.Context,
    name: NameArgument,
    extends: Annotated[
        str | None, typer.Option("--extends", metavar="PARENT", help="Scenario to start from.")
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Write a new scenario that lists every lever in comments and is valid as it stands.

    Example: simdyn scenarios new my-food --extends plan
    """
    session: Session = context.obj
    home = _home(context, project)
    refuse_name(name)
    words = read_vocabulary(home)
    if extends is not None:
        _named(Library(home.scenarios, words), extends)
    levers = [lever for lever in words.levers.values() if lever is not None]
    path = write_template(home.scenarios, name, extends, levers)
    session.console.print(f"New scenario: {shown(path)}", soft_wrap=True)


def _home(context: typer.Context, project: Path | None) -> Project:
    """Return the project, named behind the command or before it."""
    before: Path | None = context.meta.get("project")
    return find_project(project or before)


def _survey(home: Project) -> tuple[list[Summary], list[ScenarioError]]:
    found: list[Summary] = []
    wrong: list[ScenarioError] = []
    for each in survey(home.scenarios, read_vocabulary(home)):
        if isinstance(each, Summary):
            found.append(each)
        else:
            wrong.append(each)
    return found, wrong


def _refuse(wrong: list[ScenarioError]) -> None:
    """Say each error in a line of its own and end with the code for wrong input."""
    if not wrong:
        return
    for error in wrong[:MOST_SAID]:
        typer.echo(f"error: {tables.printable(str(error))}", err=True)
    if len(wrong) > MOST_SAID:
        typer.echo(f"error: {len(wrong) - MOST_SAID} more. See simdyn check.", err=True)
    raise typer.Exit(1)


def _named(library: Library, name: str) -> Scenario:
    if not library.has(name):
        message = f"no scenario '{name[:80]}'. {did_you_mean(name, library.names())}"
        raise ScenarioError(message)
    return library.scenario(name)


def _regions(words: Vocabulary, region: str | None) -> tuple[str, ...]:
    """Return the regions to show: those with runs of their own, or the one asked for."""
    if region is None:
        return words.runs
    if region not in words.regions:
        raise RunError(f"unknown region '{region[:80]}'. {did_you_mean(region, words.regions)}")
    return words.regions[region] or (region,)
