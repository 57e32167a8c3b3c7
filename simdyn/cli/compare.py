"""simdyn compare: scenarios or regions side by side, paired on common draws."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console

from simdyn.answers.case import Case
from simdyn.answers.contribution_table import contribution_table
from simdyn.answers.contributions import Parts
from simdyn.answers.differences import difference_table, gap_table
from simdyn.answers.indicators import (
    SHORT,
    Indicator,
    check_year,
    find_indicator,
    indicator_table,
    readings,
)
from simdyn.cli.answers import (
    MARK_NOTE,
    CsvOption,
    band_words,
    chance_words,
    find_regions,
    find_scenarios,
    number,
    read_asked,
    records,
    show_json,
    show_table,
    take_up,
    write_csv,
)
from simdyn.cli.console import Session
from simdyn.cli.options import JsonOption, ProjectOption, StudyOption
from simdyn.errors import RunError
from simdyn.names import LAST_YEAR


class View(StrEnum):
    """What is put side by side.

    differences : each scenario less the reference
    values : every scenario on its own
    regions : each region less the one named before
    contributions : what each lever of a scenario adds to its difference from the reference
    """

    DIFFERENCES = "differences"
    VALUES = "values"
    REGIONS = "regions"
    CONTRIBUTIONS = "contributions"


@dataclass(frozen=True)
class Asked:
    """What a comparison is asked for."""

    regions: tuple[str, ...]
    scenarios: tuple[str, ...]
    against: str
    indicators: tuple[Indicator, ...]
    years: tuple[int, ...]
    groups: Parts


def compare_command(
    context: typer.Context,
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCENARIO]...", help="Scenarios of the study; all if none."),
    ] = None,
    regions: Annotated[
        list[str] | None,
        typer.Option("--regions", metavar="NAMES", help="Regions, with commas; all if none."),
    ] = None,
    indicators: Annotated[
        list[str] | None,
        typer.Option("--indicator", metavar="NAME", help="Indicator; may be given repeatedly."),
    ] = None,
    years: Annotated[
        list[int] | None, typer.Option("--year", help="Year; may be given repeatedly.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="SCENARIO", help="Reference; the study's first if none."),
    ] = None,
    by_region: Annotated[
        bool, typer.Option("--between-regions", help="Compare regions instead of scenarios.")
    ] = False,
    values: Annotated[
        bool, typer.Option("--values", help="Show values of the scenarios, not differences.")
    ] = False,
    contributions: Annotated[
        bool, typer.Option("--contributions", help="Split differences among levers.")
    ] = False,
    groups: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="NAME=LEVER,LEVER", help="Levers that count as one."),
    ] = None,
    study: StudyOption = None,
    as_json: JsonOption = False,
    csv: CsvOption = None,
    project: ProjectOption = None,
) -> None:
    """Compare scenarios or regions, draw by draw, with bands of the differences.

    Example: simdyn compare plan --regions songbei,qiqihar --indicator GDP --year 2030
    """
    session: Session = context.obj
    chosen = read_asked(project, study)
    (reference,) = find_scenarios(chosen, [against or chosen.reference.name])
    every = [each.name for each in chosen.scenarios]
    others = every if values or by_region else [name for name in every if name != reference]
    asked = Asked(
        regions=find_regions(chosen, regions) if regions else chosen.file.regions,
        scenarios=find_scenarios(chosen, scenarios or others),
        against=reference,
        indicators=tuple(find_indicator(name) for name in indicators or SHORT),
        years=tuple(check_year(year) for year in years or [LAST_YEAR]),
        groups=_groups(groups or []),
    )
    view = _view(by_region, values, contributions, asked)
    case = take_up(chosen, session)
    table = _table(view, case, asked)
    if as_json:
        data = {"view": view.value, "draws": case.n_draw, "rows": records(table)}
        show_json(session.console, data)
    else:
        _show(session.console, view, case, table)
    write_csv(session.console if not as_json else Console(stderr=True), table, csv)


def _view(by_region: bool, values: bool, contributions: bool, asked: Asked) -> View:
    """Return the view asked for; refuse two at once, and groups without contributions."""
    wanted = {View.REGIONS: by_region, View.VALUES: values, View.CONTRIBUTIONS: contributions}
    views = [view for view, is_wanted in wanted.items() if is_wanted]
    if len(views) > 1:
        raise RunError("--between-regions, --values, --contributions exclude each other. Pass one.")
    if asked.groups and not contributions:
        raise RunError("--group splits contributions. Pass --contributions too.")
    if by_region and len(asked.regions) < 2:
        raise RunError("one region has none to be compared with. Pass two in --regions.")
    return views[0] if views else View.DIFFERENCES


def _groups(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, _, levers = (part.strip() for part in text.partition("="))
        if not name or not levers:
            raise RunError(f"--group '{text}' is no group. Write NAME=LEVER,LEVER.")
        if name in groups:
            raise RunError(f"--group '{name}' stands twice. Join them with commas.")
        groups[name] = tuple(lever.strip() for lever in levers.split(","))
    return groups


def _table(view: View, case: Case, asked: Asked) -> pd.DataFrame:
    regions, scenarios = asked.regions, asked.scenarios
    if view is View.VALUES:
        return indicator_table(case, asked.indicators, asked.years, regions, scenarios)
    if view is View.REGIONS:
        return gap_table(case, asked.indicators, asked.years, regions, scenarios)
    if view is View.CONTRIBUTIONS:
        pairs = readings(asked.indicators, asked.years)
        tables = [
            contribution_table(case, pairs, regions, name, asked.against, asked.groups)
            for name in scenarios
        ]
        return pd.concat(tables, ignore_index=True)
    return difference_table(case, asked.indicators, asked.years, regions, scenarios, asked.against)


COLUMNS = {
    View.DIFFERENCES: ("scenario", "value", "difference", "percent", "above zero", "draws"),
    View.VALUES: ("scenario", "value", "reached", "draws"),
    View.REGIONS: ("against", "scenario", "gap", "ratio", "above zero", "draws"),
    View.CONTRIBUTIONS: ("scenario", "part", "contribution", "mean", "above zero", "draws"),
}
N_TEXT = {View.DIFFERENCES: 2, View.VALUES: 2, View.REGIONS: 3, View.CONTRIBUTIONS: 3}
"""Columns of words, the region among them."""
NOTES = {
    View.DIFFERENCES: "Difference to '{against}', draw by draw; above zero: its chance.",
    View.VALUES: "Reached: share of draws that have a value within the runs.",
    View.REGIONS: "Region less the one it is against, draw by draw; above zero: its chance.",
    View.CONTRIBUTIONS: "Shapley values of the difference to '{against}'; means add up.",
}


def _show(console: Console, view: View, case: Case, table: pd.DataFrame) -> None:
    """Print a table for each indicator and year, and how to read them."""
    for (name, year), group in table.groupby(["indicator", "year"], sort=False):
        rows = records(group)
        cells = ([case.region(row["region"]).label, *_CELLS[view](case, row)] for row in rows)
        own_year = str(year) in str(name) or rows[0]["unit"] == "year"
        title = f"{name}, {rows[0]['unit']}" if own_year else f"{name} {year}, {rows[0]['unit']}"
        show_table(console, ("region", *COLUMNS[view]), cells, N_TEXT[view], title)
    for note in dict.fromkeys(table.get("note", pd.Series(dtype=str))):
        if note:
            console.print(f"Note: {note}.", soft_wrap=True)
    against = table["against"].iloc[0] if "against" in table else ""
    words = "Median [middle 80 % of draws]; chances with their 95 % Monte Carlo interval."
    console.print(f"{words} {NOTES[view].format(against=against)} {MARK_NOTE}", soft_wrap=True)


def _difference_cells(_: Case, row: dict[str, Any]) -> Iterator[str]:
    yield row["scenario"]
    yield from (band_words(row, f"{name}_") for name in ("value", "difference", "percent"))
    yield from _last_cells(row)


def _value_cells(_: Case, row: dict[str, Any]) -> Iterator[str]:
    yield row["scenario"]
    yield band_words(row)
    yield chance_words(row["reached"], row["reached_low"], row["reached_high"])
    yield _draws(row)


def _gap_cells(case: Case, row: dict[str, Any]) -> Iterator[str]:
    yield case.region(row["against"]).label
    yield row["scenario"]
    yield from (band_words(row, f"{name}_") for name in ("gap", "ratio"))
    yield from _last_cells(row)


def _contribution_cells(_: Case, row: dict[str, Any]) -> Iterator[str]:
    yield row["scenario"]
    yield row["part"]
    yield band_words(row)
    error = row["standard_error"]
    yield number(row["mean"]) + ("" if math.isnan(error) else f" ± {error:.1g}")
    yield from _last_cells(row)


def _last_cells(row: dict[str, Any]) -> Iterator[str]:
    yield chance_words(row["above"], row["above_low"], row["above_high"])
    yield _draws(row)


def _draws(row: dict[str, Any]) -> str:
    return f"{row['n']}" + (f" ({row['n_failed']} failed)" if row["n_failed"] else "")


_CELLS = {
    View.DIFFERENCES: _difference_cells,
    View.VALUES: _value_cells,
    View.REGIONS: _gap_cells,
    View.CONTRIBUTIONS: _contribution_cells,
}
