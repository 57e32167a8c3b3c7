"""Tables of figures, gaps and conflicts for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from simdyn.facts.checks.record import Conflict
from simdyn.facts.collection import Facts
from simdyn.facts.coverage import CORE, YEARS, Coverage, coverage, year_words
from simdyn.facts.records import Fact, Layer, PriceBasis, Region, Source, Vintage
from simdyn.facts.topics import by_topic
from simdyn.facts.words import kind_words, title, unit_words, value_words

OLD = "†"
PUBLIC = "*"
BASIS = {PriceBasis.NOT_APPLICABLE: "", PriceBasis.UNSTATED: "unstated"}


def overview(facts: Facts, conflicts: Iterable[Conflict]) -> Iterator[RenderableType]:
    """Yield the table of all regions with their counts."""
    table = _table("Region", "", "Documents", "Public", "Core quantities", "Conflicts", numbers=4)
    found = [conflict.region for conflict in conflicts]
    for key, region in facts.regions.items():
        counts = [len(facts.select(region=key, layer=layer)) for layer in Layer]
        covered = sum(item.reported for item in coverage(facts, key))
        core = f"{covered} of {len(CORE)}"
        cells = (*map(str, counts), core, str(found.count(key)))
        table.add_row(region.name, region.name_zh, *cells)
    yield _heading(f"Reported figures: {len(facts)}")
    yield table
    yield f"Core quantities: reported in some way for {YEARS[0]}-{YEARS[-1]}."
    yield "Next: simdyn facts REGION, for example: simdyn facts shuangcheng"


def figures(
    region: Region, facts: Iterable[Fact], sources: list[Source]
) -> Iterator[RenderableType]:
    """Yield the region's figures, a table a topic; a source is its number in `sources`."""
    number = {source.id: position for position, source in enumerate(sources, start=1)}
    yield _heading(f"{region.name} {region.name_zh}")
    for topic, group in by_topic(facts).items():
        yield _heading(topic)
        yield _figure_table(group, number)


def source_list(sources: list[Source], facts: Iterable[Fact]) -> Iterator[RenderableType]:
    """Yield the numbered sources, and the legend of the old vintage where it is used."""
    if any(fact.vintage is Vintage.PRE_2018_CENSUS for fact in facts):
        yield f"{OLD} before the revision after the economic census of 2018: not to be joined."
    yield _heading("Sources")
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for position, source in enumerate(sources, start=1):
        table.add_row(str(position), _source_words(source))
    yield table


def gaps(facts: Facts, region: str) -> Iterator[RenderableType]:
    """Yield which years of the core quantities are covered, and in words what is missing."""
    items = coverage(facts, region)
    table = _table("Core quantity", *map(str, YEARS))
    for item in items:
        table.add_row(title(item.quantity), *(_year_mark(item, year) for year in YEARS))
    yield _heading("Missing")
    yield table
    yield f"L level or share, g growth of the year, s within a span only, {PUBLIC} public only"
    absent = [item.quantity for item in items if not item.reported]
    if absent:
        yield f"Not reported at all: {', '.join(absent)}."
    partial = [item for item in items if item.reported and item.missing_level]
    if partial:
        named = "; ".join(f"{i.quantity} {year_words(i.missing_level)}" for i in partial)
        yield f"No level: {named}."


def conflict_list(conflicts: Iterable[Conflict]) -> Iterator[RenderableType]:
    """Yield each conflict as a sentence with the places of its figures."""
    found = tuple(conflicts)
    yield _heading("Conflicts")
    if not found:
        yield "None found."
    for conflict in found:
        yield Padding(conflict.sentence, (0, 0, 0, 2))
        yield Padding(Text("\n".join(conflict.places), style="dim"), (0, 0, 1, 6))


def _figure_table(facts: Iterable[Fact], number: dict[str, int]) -> Table:
    table = _table("Quantity", "Value", "Unit", "Period", "Kind", "Basis", "Source")
    table.columns[1].justify = "right"
    table.columns[1].no_wrap = table.columns[3].no_wrap = table.columns[5].no_wrap = True
    above = ""
    for fact in facts:
        old = f" {OLD}" if fact.vintage is Vintage.PRE_2018_CENSUS else ""
        section = f"§{fact.section}" if fact.section else ""
        table.add_row(
            "" if fact.quantity == above else title(fact.quantity),
            value_words(fact) + old,
            unit_words(fact),
            str(fact.period),
            kind_words(fact),
            BASIS.get(fact.price_basis, fact.price_basis.value),
            f"{number[fact.document]}{section}",
        )
        above = fact.quantity
    return table


def _table(*headers: str, numbers: int = 0) -> Table:
    """Return an empty table whose last `numbers` columns are right-aligned; nothing is cut."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for position, header in enumerate(headers):
        number = position >= len(headers) - numbers
        table.add_column(header, justify="right" if number else "left", overflow="fold")
    return table


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _source_words(source: Source) -> str:
    english = "" if source.title_en == source.title else f" ({source.title_en})"
    published = f", {source.published}" if source.published else ""
    address = f" {source.address}" if source.address else ""
    return f"{source.title}{english}{published}. {source.layer}, {source.confidence}.{address}"


def _year_mark(item: Coverage, year: int) -> str:
    """Return 'L g' and the like for one year; '·' where nothing is known."""
    known = {"L": item.level, "g": item.growth, "s": item.within}
    marks = [
        mark + ("" if Layer.DOCUMENTS in by_year[year] else PUBLIC)
        for mark, by_year in known.items()
        if year in by_year
    ]
    return " ".join(marks) or "·"
