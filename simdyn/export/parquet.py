"""Parquet: typed columns, coded names, where the results come from in the file itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from simdyn.export.about_file import ABOUT, about_text
from simdyn.export.choice import Choice
from simdyn.export.safe import file_names
from simdyn.export.source import Source
from simdyn.export.tidy import BANDS, DRAWS, band_pieces, draw_pieces
from simdyn.export.whole import whole_file, whole_folder

METADATA = b"simdyn"
"""Key of the schema's metadata under which about.json stands."""
MARKER = f"_{ABOUT}"
"""Its name among files of draws: readers of a folder pass over what begins with a line."""
CODED = ("region", "scenario", "variable", "unit", "year")
"""Columns of few values, which are stored as a dictionary and with their range in a row group."""
STEADY = {"draw": "DELTA_BINARY_PACKED"}
"""Columns that count up, stored as differences."""


def write_bands(source: Source, choice: Choice, out: Path) -> list[Path]:
    """Write bands.parquet to `out`, a row group a region, and return its path."""
    path = out / "bands.parquet"
    schema = BANDS.with_metadata(_metadata(source, choice))
    with whole_file(path) as partial:
        _write(band_pieces(source, choice), schema, partial)
    return [path]


def write_draws(source: Source, choice: Choice, out: Path) -> list[Path]:
    """Write draws/REGION/SCENARIO.parquet to `out` and return the folder of draws.

    Only one region and scenario is in memory at a time. The names of folders and files are made
    safe; the true names stand in the columns.
    """
    folder = out / "draws"
    regions, scenarios = file_names(choice.regions), file_names(choice.scenarios)
    schema = DRAWS.with_metadata(_metadata(source, choice))
    with whole_folder(folder, MARKER) as partial:
        for region, place in regions.items():
            (partial / place).mkdir()
            for scenario, name in scenarios.items():
                pieces = draw_pieces(source, choice, region, scenario)
                _write(pieces, schema, partial / place / f"{name}.parquet")
        text = about_text(source.about, choice)
        (partial / MARKER).write_text(text, encoding="utf-8", newline="\n")
    return [folder]


def _metadata(source: Source, choice: Choice) -> dict[bytes, bytes]:
    return {METADATA: about_text(source.about, choice).encode()}


def _write(pieces: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> None:
    steady = {name: encoding for name, encoding in STEADY.items() if name in schema.names}
    with parquet.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=list(CODED),
        column_encoding=steady,
        write_statistics=list(CODED),
    ) as writer:
        for piece in pieces:
            writer.write_table(pa.Table.from_batches([piece], schema), row_group_size=len(piece))
