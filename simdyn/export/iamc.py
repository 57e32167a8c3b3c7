"""The wide layout of the IAMC, which pyam reads: a row a variable, a column a year."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from math import isfinite
from pathlib import Path

from simdyn.export.about_file import write_about
from simdyn.export.choice import Choice
from simdyn.export.iamc_names import IAMC_NAMES, percentile_name
from simdyn.export.safe import guarded
from simdyn.export.series import PERCENTILES, bands
from simdyn.export.source import About, Source
from simdyn.export.whole import whole_file
from simdyn.export.workbook import Sheet, open_book

INDEX = ("Model", "Scenario", "Region", "Variable", "Unit")
META = (
    *("model", "scenario", "exclude", "title", "title_zh", "description"),
    *("study", "results_digest", "seed", "simdyn_version", "newest_fact"),
)

Row = tuple[tuple[str, ...], list[float | None]]
"""The index of a row and its values by year; None where no draw has one."""


def write_bands(source: Source, choice: Choice, out: Path) -> list[Path]:
    """Write iamc.csv, iamc.xlsx and about.json to `out` and return their paths."""
    table, book = out / "iamc.csv", out / "iamc.xlsx"
    header = (*INDEX, *map(str, choice.years))
    with (
        whole_file(table) as partial,
        partial.open("w", encoding="utf-8", newline="") as stream,
        open_book(book, source.about) as workbook,
    ):
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        data = workbook.sheet("data", header, len(INDEX))
        for index, values in _rows(source, choice):
            writer.writerow([*map(guarded, index), *map(_spelled, values)])
            data.add([*index, *values])
        data.finish(filtered=True)
        _add_meta(workbook.sheet("meta", META, 2), source, choice)
    return [table, book, write_about(source.about, choice, out)]


def model_name(about: About) -> str:
    """Return the name of the model with its version, as the IAMC asks for."""
    return f"simdyn {about.simdyn}"


def _rows(source: Source, choice: Choice) -> Iterator[Row]:
    model = model_name(source.about)
    for region in choice.regions:
        for scenario in choice.scenarios:
            years = source.runs.years(region, scenario)
            for quantity in choice.quantities:
                iamc = IAMC_NAMES[quantity.variable]
                band = iamc.scale * bands(years, quantity)[:, : len(PERCENTILES)]
                for point, values in zip(PERCENTILES, band.T.tolist(), strict=True):
                    name = percentile_name(iamc.name, point)
                    index = (model, scenario, region, name, iamc.unit)
                    yield index, [value if isfinite(value) else None for value in values]


def _spelled(value: float | None) -> str:
    return "" if value is None else repr(value)


def _add_meta(sheet: Sheet, source: Source, choice: Choice) -> None:
    """Fill the sheet in which pyam looks for what belongs to a model and scenario."""
    about, words = source.about, source.scenario_words
    study = (about.study, about.digest, str(about.seed), about.simdyn, about.words.newest_fact)
    for name in choice.scenarios:
        texts = (words[name].title, words[name].title_zh, words[name].description)
        sheet.add([model_name(about), name, "False", *texts, *study])
    sheet.finish(filtered=False)
