"""An Excel workbook to read: a sheet a topic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simdyn.export.cells import Cell, unit_format
from simdyn.export.choice import Choice
from simdyn.export.iamc_names import IAMC_NAMES
from simdyn.export.series import PERCENTILES, bands, growth_band
from simdyn.export.source import About, Source
from simdyn.export.workbook import MAX_ROWS, Book, Sheet, open_book
from simdyn.indicators import PERIODS
from simdyn.names import CORE
from simdyn.study.words import RegionWords, ScenarioWords
from simdyn.years import Years

POINTS = ("low (10 %)", "median", "high (90 %)")
"""How readers are told the percentiles."""
GROWTH_FORMAT = "0.0"
NOTES = (
    ("Bands", "Low, median and high are the 10, 50 and 90 percent points over the draws."),
    ("*", "Illustrative: the region rests on priors and public statistics alone."),
    (
        "Numbers",
        "Cells show rounded numbers; the full ones stand behind them. Shares are in percent.",
    ),
)


def write_bands(
    source: Source, choice: Choice, out: Path, max_rows: int = MAX_ROWS
) -> tuple[list[Path], list[str]]:
    """Write results.xlsx to `out`.

    Returns
    -------
    paths, cuts : the file, and a sentence for each sheet that had more rows than Excel holds
    """
    path = out / "results.xlsx"
    with open_book(path, source.about, max_rows) as book:
        about = book.sheet("About", ["About", source.about.words.title])
        periods = _periods(choice.years)
        growth = book.sheet("Growth", _growth_header(periods), 2)
        paths = book.sheet("Bands", _band_header(choice), 4)
        for pair in _pairs(source, choice):
            _add_growth(growth, pair, choice, periods)
            _add_bands(paths, pair, choice)
        words = _word_sheets(book, source, choice)
        for sheet in (growth, paths):
            sheet.finish(filtered=True)
        cuts = [_cut(sheet, max_rows) for sheet in (growth, paths, *words) if sheet.n_cut]
        _fill_about(about, source.about, cuts)
    return [path], cuts


@dataclass(frozen=True)
class _Pair:
    """A region and a scenario with their yearly values."""

    region: RegionWords
    scenario: ScenarioWords
    years: Years

    @property
    def label(self) -> list[Cell]:
        """The first cells of a row: region and scenario, English and Chinese."""
        region, scenario = self.region, self.scenario
        return [_both(region.label, region.name_zh), _both(scenario.name, scenario.title_zh)]


def _pairs(source: Source, choice: Choice) -> Iterator[_Pair]:
    for region in choice.regions:
        for scenario in choice.scenarios:
            years = source.runs.years(region, scenario)
            yield _Pair(source.region_words[region], source.scenario_words[scenario], years)


def _both(english: str, chinese: str) -> str:
    return f"{english} {chinese}".strip()


# Growth by region


def _periods(covered: range) -> list[tuple[int, int]]:
    return [(first, last) for first, last in PERIODS if first - 1 in covered and last in covered]


def _growth_header(periods: Sequence[tuple[int, int]]) -> list[str]:
    points = [f"{first}-{last}\n{point}" for first, last in periods for point in POINTS]
    return ["Region", "Scenario", "Growth, percent a year", "Prices", *points]


def _add_growth(
    sheet: Sheet, pair: _Pair, choice: Choice, periods: Sequence[tuple[int, int]]
) -> None:
    formats = [""] * 4 + [GROWTH_FORMAT] * (len(periods) * len(POINTS))
    for quantity in (q for q in CORE if q in choice.quantities):
        found: list[Cell] = []
        for first, last in periods:
            found += growth_band(pair.years, quantity.variable, first, last).tolist()
        prices = quantity.unit.partition(", ")[2]
        sheet.add([*pair.label, quantity.short_title, prices, *found], formats)


# Bands


def _band_header(choice: Choice) -> list[Cell]:
    return ["Region", "Scenario", "Quantity", "Point", "Unit", *map(float, choice.years)]


def _add_bands(sheet: Sheet, pair: _Pair, choice: Choice) -> None:
    for quantity in choice.quantities:
        band = bands(pair.years, quantity)[:, : len(PERCENTILES)]
        formats = [""] * 5 + [unit_format(quantity.unit)] * len(band)
        for point, values in zip(POINTS, band.T.tolist(), strict=True):
            head = [*pair.label, quantity.short_title, point, quantity.unit]
            sheet.add([*head, *values], formats)


# Words


def _word_sheets(book: Book, source: Source, choice: Choice) -> list[Sheet]:
    sheets = [
        _table(book, "Scenarios", SCENARIO_HEADER, _scenario_rows(source, choice)),
        _table(book, "Regions", REGION_HEADER, _region_rows(source, choice)),
        _table(book, "Units", UNIT_HEADER, _unit_rows(choice)),
    ]
    if source.about.words.sources:
        rows = [
            [s.id, s.title_en, s.title, s.issuer, s.published] for s in source.about.words.sources
        ]
        sheets.append(_table(book, "Sources", SOURCE_HEADER, rows))
    return sheets


SCENARIO_HEADER = ("Scenario", "Title", "情景", "Description")
REGION_HEADER = ("Region", "Name", "地区", "Basis", "What it rests on")
UNIT_HEADER = ("Variable", "Title", "Unit", "Kind", "IAMC name", "IAMC unit")
SOURCE_HEADER = ("Source", "Title", "原题", "Issuer", "Published")


def _table(book: Book, name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Sheet:
    sheet = book.sheet(name, header, 1)
    for row in rows:
        sheet.add(row)
    sheet.finish(filtered=False)
    return sheet


def _scenario_rows(source: Source, choice: Choice) -> list[list[Cell]]:
    words = (source.scenario_words[name] for name in choice.scenarios)
    return [[w.name, w.title, w.title_zh, w.description] for w in words]


def _region_rows(source: Source, choice: Choice) -> list[list[Cell]]:
    words = (source.region_words[key] for key in choice.regions)
    return [[w.key, w.label, w.name_zh, w.basis.value, w.basis_note] for w in words]


def _unit_rows(choice: Choice) -> list[list[Cell]]:
    return [
        [q.variable, q.title, q.unit, q.kind, *IAMC_NAMES[q.variable][:2]]
        for q in choice.quantities
    ]


# About


def _fill_about(sheet: Sheet, about: About, cuts: Sequence[str]) -> None:
    versions = ", ".join(f"{name} {number}" for name, number in about.versions.items())
    rows = (
        ("Study", about.study),
        ("Digest of the results", about.digest),
        ("Seed", str(about.seed)),
        ("Draws", str(about.n_draw)),
        ("simdyn", about.simdyn),
        ("Versions", versions),
        ("Newest publication read", about.words.newest_fact),
        *NOTES,
        *(("Cut off", cut) for cut in cuts),
    )
    for row in rows:
        sheet.add(row)
    sheet.finish(filtered=False)


def _cut(sheet: Sheet, max_rows: int) -> str:
    return (
        f"Sheet {sheet.name}: {sheet.n_cut} rows are left out, since a sheet holds {max_rows}. "
        "Take fewer regions, scenarios or variables, or csv or parquet."
    )
