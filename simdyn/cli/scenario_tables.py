"""Scenarios as text for the terminal and as data for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simdyn.scenarios import Scenario, Summary, Vocabulary

WIDEST = 44
"""Columns up to which a list is aligned; what is wider stands out of line but is whole."""
TOLD = {"name", "title", "title_zh", "description", "description_zh", "extends"}
"""What other programs are told of a scenario itself."""
HEADERS = ("Scenario", "Title", "Extends", "Levers by region", "")


def listing(found: Sequence[Summary], *, chinese: bool) -> Iterator[str]:
    """Yield the lines of a list of scenarios; nothing is cut."""
    widths = [0] * len(HEADERS)
    for row in _list_rows(found, chinese=chinese):
        widths = [min(WIDEST, max(w, cell_len(c))) for w, c in zip(widths, row, strict=True)]
    for row in _list_rows(found, chinese=chinese):
        cells = (cell + " " * (w - cell_len(cell)) for w, cell in zip(widths, row, strict=True))
        yield "  ".join(cells).rstrip()
    yield ""
    yield f"Scenarios: {len(found)}. Next: simdyn scenarios show NAME"


def _list_rows(found: Sequence[Summary], *, chinese: bool) -> Iterator[tuple[str, ...]]:
    """Yield the cells of a list row by row, so that a long one takes no memory of its own."""
    yield HEADERS
    for each in found:
        yield _list_row(each, chinese=chinese)


def _list_row(each: Summary, *, chinese: bool) -> tuple[str, ...]:
    title = each.title_zh if chinese and each.title_zh else each.title
    flags = f"beyond limits: {', '.join(each.beyond_limits)}" if each.beyond_limits else ""
    counts = _counts(each.n_lever)
    if each.n_uncertainty:
        counts += f"; uncertainties: {_counts(each.n_uncertainty)}"
    return each.name, title, each.extends or "", counts, flags


def _counts(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{region} {n}" for region, n in numbers.items()) or "none"


def settings(
    scenario: Scenario, regions: Sequence[str], words: Vocabulary, *, chinese: bool
) -> Iterator[RenderableType]:
    """Yield what a scenario sets, a table a region."""
    file = scenario.file
    yield Text(file.title_zh if chinese and file.title_zh else file.title, style="bold")
    description = file.description_zh if chinese and file.description_zh else file.description
    yield " ".join(description.split())
    heirs = [each.name for each in scenario.lineage]
    if len(heirs) > 1:
        yield f"Extends {', which extends '.join(heirs[1:])}."
    for region in regions:
        yield Text(f"\n{region}", style="bold")
        rows = _rows(scenario, region, words, chinese=chinese)
        yield _table(rows) if rows else "Nothing is set."


def _rows(
    scenario: Scenario, region: str, words: Vocabulary, *, chinese: bool
) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, entry in scenario.levers(region).items():
        lever = words.levers[name]
        title = lever.title_zh if chinese and lever else name
        unit = lever.unit if lever else ""
        mark = " (beyond limits)" if entry.beyond_limits else ""
        origin = scenario.origin(region, name)
        rows.append((title, entry.words + mark, unit, origin, entry.source))
    for name, change in scenario.uncertainties(region).items():
        mark = " (beyond limits)" if change.beyond_limits else ""
        setting, origin = change.change.words + mark, scenario.origin_of_change(region, name)
        rows.append((f"{name} (uncertainty)", setting, "", origin, change.source))
    return rows


def _table(rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for header in ("Lever", "Setting", "Unit", "Set in", "Source"):
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def as_data(scenario: Scenario, regions: Sequence[str], words: Vocabulary) -> dict[str, Any]:
    """Return what a scenario sets for other programs."""
    file = scenario.file
    return {
        **file.model_dump(include=TOLD),
        "beyond_limits": scenario.beyond_limits,
        "regions": {region: _region_data(scenario, region, words) for region in regions},
    }


def _region_data(scenario: Scenario, region: str, words: Vocabulary) -> dict[str, Any]:
    levers = {
        name: {
            **entry.model_dump(exclude_none=True, by_alias=True),
            "unit": lever.unit if (lever := words.levers[name]) else None,
            "set_in": scenario.origin(region, name),
        }
        for name, entry in scenario.levers(region).items()
    }
    others = {
        name: {
            **entry.model_dump(exclude_none=True),
            "set_in": scenario.origin_of_change(region, name),
        }
        for name, entry in scenario.uncertainties(region).items()
    }
    return {
        "levers": levers,
        "uncertainties": others,
    }


def printable(text: str) -> str:
    """Return a text without control characters."""
    return "".join(character if character.isprintable() else " " for character in text)
