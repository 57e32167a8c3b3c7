"""simdyn facts: what is reported, what is missing, what conflicts."""

from __future__ import annotations

from enum import StrEnum
from itertools import chain
from typing import Annotated

import typer
from rich.console import Console

from simdyn.cli import facts_json, facts_tables
from simdyn.cli.console import Session
from simdyn.cli.options import JsonOption, ProjectOption
from simdyn.errors import FactError, did_you_mean
from simdyn.facts.checks.record import Conflict
from simdyn.facts.collection import Facts
from simdyn.facts.conflicts import find_conflicts
from simdyn.facts.reader import read_facts
from simdyn.facts.records import Fact, Layer, Region, Source
from simdyn.facts.words import quantity_words
from simdyn.project import find_project


class Evidence(StrEnum):
    """Which layers of figures to look at."""

    DOCUMENTS = "documents"
    PUBLIC = "public"
    BOTH = "both"

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers meant."""
        return tuple(Layer) if self is Evidence.BOTH else (Layer(self.value),)


def facts_command(
    context: typer.Context,
    region: Annotated[
        str | None,
        typer.Argument(metavar="[REGION]", help="Key, English or Chinese name of a region."),
    ] = None,
    evidence: Annotated[
        Evidence, typer.Option("--evidence", help="Layers of figures to look at.")
    ] = Evidence.BOTH,
    quantity: Annotated[
        str | None,
        typer.Option("--quantity", metavar="TEXT", help="Only quantities whose name has TEXT."),
    ] = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    """Show what is reported, what is missing and what conflicts.

    Example: simdyn facts shuangcheng --quantity gdp
    """
    session: Session = context.obj
    facts = read_facts(find_project(project).facts).only(*evidence.layers)
    if region is not None:
        _show_region(session.console, facts, facts.find_region(region), quantity, as_json)
    elif quantity is not None:
        _show_quantity(session.console, facts, quantity, as_json)
    else:
        _show_overview(session.console, facts, as_json)


def _show_overview(console: Console, facts: Facts, as_json: bool) -> None:
    conflicts = find_conflicts(facts)
    if as_json:
        console.out(facts_json.overview_json(facts, conflicts))
        return
    for part in facts_tables.overview(facts, conflicts):
        console.print(part)


def _show_quantity(console: Console, facts: Facts, quantity: str, as_json: bool) -> None:
    """Show one quantity over all regions."""
    chosen = _matching(facts, quantity)
    if as_json:
        console.out(facts_json.facts_json(chosen))
        return
    sources = _sources(facts, chosen)
    for region in facts.regions.values():
        if own := [fact for fact in chosen if fact.region == region.key]:
            for part in facts_tables.figures(region, own, sources):
                console.print(part)
    for part in facts_tables.source_list(sources, chosen):
        console.print(part)


def _show_region(
    console: Console, facts: Facts, region: Region, quantity: str | None, as_json: bool
) -> None:
    own = facts.select(region=region.key)
    chosen = own if quantity is None else _matching(own, quantity)
    conflicts = _touching(chosen, find_conflicts(facts, region.key))
    if as_json:
        console.out(facts_json.region_json(facts, region, chosen, conflicts))
        return
    sources = _sources(facts, chosen)
    parts = chain(
        facts_tables.figures(region, chosen, sources),
        facts_tables.source_list(sources, chosen),
        facts_tables.gaps(facts, region.key) if quantity is None else (),
        facts_tables.conflict_list(conflicts),
    )
    for part in parts:
        console.print(part)


def _touching(chosen: tuple[Fact, ...], conflicts: tuple[Conflict, ...]) -> tuple[Conflict, ...]:
    """Return the conflicts in which a figure chosen takes part."""
    names = {fact.id for fact in chosen}
    return tuple(conflict for conflict in conflicts if names.intersection(conflict.facts))


def _matching(facts: Facts | tuple[Fact, ...], text: str) -> tuple[Fact, ...]:
    """Return the facts whose quantity has `text` in its key or words; FactError if none."""
    wanted = text.casefold()
    chosen = tuple(
        fact
        for fact in facts
        if wanted in fact.quantity or wanted in quantity_words(fact.quantity).casefold()
    )
    if not chosen:
        known = {fact.quantity for fact in facts}
        raise FactError(f"no quantity has '{text}' in its name. {did_you_mean(text, known)}")
    return chosen


def _sources(facts: Facts, chosen: tuple[Fact, ...]) -> list[Source]:
    """Return the sources of the figures chosen, in the order of the register."""
    used = {fact.document for fact in chosen}
    return [source for key, source in facts.sources.items() if key in used]
