"""What the commands that read answers off runs share: names asked for, tables, files."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import pandas as pd
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from simdyn.answers.case import Case, open_case
from simdyn.cli.console import Session
from simdyn.cli.progress import open_progress
from simdyn.errors import RunError, did_you_mean, shown
from simdyn.names import LAST_YEAR
from simdyn.project import find_project
from simdyn.study import DEFAULT_STUDY, Study, read_study

CsvOption: TypeAlias = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Also write the whole table.")
]
WIDEST = 400
"""Columns that a table may take."""
MARK_NOTE = "* illustrative: priors and public statistics."


def read_asked(project: Path | None, study: Path | None) -> Study:
    """Read the study asked for, the default one if none is."""
    home = find_project(project)
    return read_study(home, study or home.scenarios / DEFAULT_STUDY)


def take_up(study: Study, session: Session) -> Case:
    """Return the case of a study, showing how far its calibration is."""
    with open_progress(Console(stderr=True), quiet=session.quiet) as progress:
        return open_case(study, progress)


def find_regions(study: Study, names: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of regions by key, English or Chinese name; commas may join names.

    Raises
    ------
    RunError : a region is not in the study
    """
    known = tuple(dict.fromkeys((*study.file.regions, *(region.key for region in study.runs))))
    aliases = {alias: key for key in known for alias in _aliases(study, key)}
    found = []
    for name in (part.strip() for text in names for part in text.split(",")):
        if name.lower() not in aliases:
            mend = did_you_mean(name, known)
            raise RunError(f"region '{name}' is not in the study. {mend}", path=study.path)
        found.append(aliases[name.lower()])
    return tuple(dict.fromkeys(found))


def _aliases(study: Study, key: str) -> tuple[str, ...]:
    region = study.regions[key]
    return key.lower(), region.name.lower(), region.file.name_zh, region.file.name_zh[:-1]


def find_scenarios(study: Study, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of scenarios once each, all of which the study has.

    Raises
    ------
    RunError : the study has none of that name
    """
    known = [scenario.name for scenario in study.scenarios]
    for name in names:
        if name not in known:
            message = f"scenario '{name}' is not in the study. {did_you_mean(name, known)}"
            raise RunError(message, path=study.path)
    return tuple(dict.fromkeys(names))


def number(value: float) -> str:
    """Write a number with three significant digits; a year as such, what is not there as '-'."""
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return f"after {LAST_YEAR}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def band_words(row: Mapping[str, Any], name: str = "") -> str:
    """Write the median and the band of a row, whose columns begin with `name`."""
    low, median, high = (row[f"{name}{point}"] for point in ("p10", "p50", "p90"))
    if math.isnan(median):
        return "-"
    return f"{number(median)} [{number(low)}, {number(high)}]"


def chance_words(value: float, low: float, high: float) -> str:
    """Write a probability in percent with its Monte Carlo interval."""
    if math.isnan(value):
        return "-"
    return f"{100 * value:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"


def show_table(
    console: Console,
    columns: Sequence[str],
    rows: Iterable[Iterable[str]],
    n_text: int,
    title: str = "",
) -> None:
    """Print a table that is never cut off; all but the first `n_text` columns are numbers."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < n_text else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    # A line that is wider than the terminal is better than an interval that is cut off.
    console.width, width = max(console.width, WIDEST), console.width
    if title:
        console.print(title, style="bold")
    console.print(table)
    console.print()
    console.width = width


def show_json(console: Console, data: Mapping[str, object]) -> None:
    """Print JSON; numbers that are not finite become null."""
    console.out(json.dumps(_plain(data), ensure_ascii=False, indent=2), highlight=False)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def write_csv(console: Console, table: pd.DataFrame, path: Path | None) -> None:
    """Write a table where it was asked for, and say so.

    Raises
    ------
    RunError : the file cannot be written
    """
    if path is None:
        return
    try:
        table.to_csv(path, index=False)
    except OSError as failure:
        why = failure.strerror or "there is no such folder"
        message = f"cannot be written: {why}. Pass --csv FILE in another folder."
        raise RunError(message, path=path) from failure
    console.print(f"Table: {shown(path)}", soft_wrap=True)


def _plain(data: object) -> object:
    if isinstance(data, Mapping):
        return {str(name): _plain(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
