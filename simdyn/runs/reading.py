"""Reads the values of blocks; no value is given out before its file is found to be whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.runs.checks import check_chunk, sound_entries
from simdyn.runs.disk import reading
from simdyn.runs.folder import chunks
from simdyn.runs.journal import Entry, read_journal
from simdyn.runs.layout import Block, Layout
from simdyn.runs.manifest import Stored


class BlockReader:
    """The values of the blocks of a folder.

    entries : the blocks that are stored or have failed
    """

    def __init__(self, folder: Path, stored: Stored) -> None:
        self._folder, self._layout = folder, stored.manifest.layout
        journal = read_journal(folder, stored.digest)
        self.entries = sound_entries(self._layout, journal.entries)
        self._whole: set[Block] = set()

    def of_scenario(self, region: int, scenario: int) -> Array:
        """Return the values of one region and scenario, (draw, variable, year).

        What is not stored is nan.

        Raises
        ------
        RunError : a file is missing or does not hold what was written
        """
        values = np.full(self._layout.shape[2:], np.nan)
        for first, piece in self.pieces(region, scenario):
            values[first : first + len(piece)] = piece
        return values

    def pieces(self, region: int, scenario: int) -> Iterator[tuple[int, Array]]:
        """Yield what is stored of one region and scenario: first draw, (draw, variable, year)."""
        for block, entry in self._stored(region, scenario):
            yield block.draw, self._read(entry, scenario - block.scenario)[: block.n_draw]

    def _stored(self, region: int, scenario: int) -> Iterator[tuple[Block, Entry]]:
        for block in blocks_of(self._layout, region, scenario):
            entry = self.entries.get(block)
            if entry is not None and entry.is_stored:
                self._refuse_wrong_bytes(entry)
                yield block, entry

    def _read(self, entry: Entry, row: int) -> Array:
        """Return the values of one scenario of a chunk, (draw, variable, year)."""
        shape = self._layout.chunk[2:]
        size = int(np.prod(shape))
        path = chunks(self._folder) / entry.chunk
        with reading(path):
            found = np.fromfile(path, "<f8", size, offset=8 * size * row)
        if found.size != size:
            raise RunError("was cut off while it was read.", path=path)
        return found.reshape(shape)

    def _refuse_wrong_bytes(self, entry: Entry) -> None:
        if entry.block in self._whole:
            return
        if wrong := check_chunk(self._folder, entry):
            mend = "Run again with --resume: the block is then run anew."
            raise RunError(f"{wrong.message} {mend}", path=wrong.path)
        self._whole.add(entry.block)


def blocks_of(layout: Layout, region: int, scenario: int) -> Iterator[Block]:
    """Yield the blocks that hold a scenario of a region, by draw."""
    _, n_scenario, n_draw, _, _ = layout.chunk
    first = scenario - scenario % n_scenario
    for draw in range(0, layout.n_draw, n_draw):
        size = min(n_scenario, len(layout.scenarios) - first), min(n_draw, layout.n_draw - draw)
        yield Block(region, first, draw, *size)
