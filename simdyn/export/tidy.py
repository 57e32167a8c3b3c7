"""Results as tidy tables of Arrow, a piece at a time: names are coded, figures are typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.export.choice import Choice
from simdyn.export.series import STATISTICS, bands, series
from simdyn.export.source import Source
from simdyn.names import Quantity

PIECE_ROWS = 2**20
"""Rows of a piece of draws, at the most unless a single year has more."""

_NAME = pa.dictionary(pa.int32(), pa.string())
_LABELS = [("region", _NAME), ("scenario", _NAME), ("variable", _NAME), ("unit", _NAME)]
BANDS = pa.schema(
    [
        *_LABELS,
        ("year", pa.int32()),
        *((name, pa.float64()) for name in STATISTICS[:-1]),
        (STATISTICS[-1], pa.int32()),
    ]
)
"""A row a region, scenario, variable and year."""
DRAWS = pa.schema([*_LABELS, ("year", pa.int32()), ("draw", pa.int32()), ("value", pa.float64())])
"""A row a region, scenario, variable, year and draw that did not fail; draws count from 0."""


def band_pieces(source: Source, choice: Choice) -> Iterator[pa.RecordBatch]:
    """Yield the bands, a piece a region."""
    for region in choice.regions:
        blocks = []
        for scenario in choice.scenarios:
            years = source.runs.years(region, scenario)
            blocks += [bands(years, quantity) for quantity in choice.quantities]
        yield _bands_of(region, choice, np.concatenate(blocks))


def draw_pieces(
    source: Source, choice: Choice, region: str, scenario: str
) -> Iterator[pa.RecordBatch]:
    """Yield the draws of a region and scenario, in pieces of whole years of a variable."""
    years = source.runs.years(region, scenario)
    draws = np.flatnonzero(years.ok).astype(np.int32)
    n_year = max(1, PIECE_ROWS // max(1, draws.size))
    for quantity in choice.quantities:
        values = series(years, quantity)
        for first in range(0, len(choice.years), n_year):
            rows = slice(first, first + n_year)
            piece = values[rows][:, years.ok]
            yield _draws_of((region, scenario), quantity, choice.years[rows], draws, piece)


def _bands_of(region: str, choice: Choice, rows: Array) -> pa.RecordBatch:
    n_scenario, n_quantity, n_year = (
        len(choice.scenarios),
        len(choice.quantities),
        len(choice.years),
    )
    quantity = np.tile(np.repeat(np.arange(n_quantity), n_year), n_scenario)
    columns = [
        _coded([region], np.zeros(len(rows), int)),
        _coded(choice.scenarios, np.repeat(np.arange(n_scenario), n_quantity * n_year)),
        _coded([q.variable for q in choice.quantities], quantity),
        _coded([q.unit for q in choice.quantities], quantity),
        np.tile(np.array(choice.years, np.int32), n_scenario * n_quantity),
        *(pa.array(statistic, from_pandas=True) for statistic in rows[:, :-1].T),
        rows[:, -1].astype(np.int32),
    ]
    return pa.record_batch(columns, schema=BANDS)


def _draws_of(
    place: tuple[str, str], quantity: Quantity, years: range, draws: NDArray[np.int32], piece: Array
) -> pa.RecordBatch:
    same = np.zeros(piece.size, int)
    columns = [
        *(_coded([name], same) for name in (*place, quantity.variable, quantity.unit)),
        np.repeat(np.array(years, np.int32), draws.size),
        np.tile(draws, len(years)),
        piece.ravel(),
    ]
    return pa.record_batch(columns, schema=DRAWS)


def _coded(texts: Sequence[str], codes: NDArray[np.int_]) -> pa.DictionaryArray:
    """Return the column that holds `texts[code]` for each code; a text may stand twice."""
    different = list(dict.fromkeys(texts))
    places = np.array([different.index(text) for text in texts], np.int32)
    return pa.DictionaryArray.from_arrays(places[codes], pa.array(different, pa.string()))
