"""Tidy CSV: UTF-8, a row a figure, numbers in full so that they read back equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from simdyn.export.about_file import write_about
from simdyn.export.choice import Choice
from simdyn.export.safe import guarded
from simdyn.export.source import Source
from simdyn.export.tidy import BANDS, DRAWS, band_pieces, draw_pieces
from simdyn.export.whole import whole_file

OPTIONS = csv.WriteOptions(quoting_style="needed", quoting_header="needed")


def write_bands(source: Source, choice: Choice, out: Path) -> list[Path]:
    """Write bands.csv and about.json to `out` and return their paths."""
    path = _write(band_pieces(source, choice), BANDS, out / "bands.csv")
    return [path, write_about(source.about, choice, out)]


def write_draws(source: Source, choice: Choice, out: Path) -> list[Path]:
    """Write draws.csv and about.json to `out` and return their paths."""
    path = _write(_all_draws(source, choice), DRAWS, out / "draws.csv")
    return [path, write_about(source.about, choice, out)]


def _all_draws(source: Source, choice: Choice) -> Iterator[pa.RecordBatch]:
    for region in choice.regions:
        for scenario in choice.scenarios:
            yield from draw_pieces(source, choice, region, scenario)


def _write(pieces: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> Path:
    plain = pa.schema(
        [(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in schema]
    )
    with (
        whole_file(path) as partial,
        partial.open("wb") as stream,
        csv.CSVWriter(stream, plain, write_options=OPTIONS) as writer,
    ):
        for piece in pieces:
            writer.write_batch(pa.record_batch([_spelled(c) for c in piece], schema=plain))
    return path


def _spelled(column: pa.Array) -> pa.Array:
    """Return a column of coded names as text that no spreadsheet takes for a formula."""
    if not pa.types.is_dictionary(column.type):
        return column
    names = pa.array([guarded(name) for name in column.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(column.indices, names).dictionary_decode()
