"""What may be wrong with the files of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from simdyn.errors import shown
from simdyn.processes import n_processor
from simdyn.runs.chunk_file import file_digest
from simdyn.runs.folder import VALUES, chunks
from simdyn.runs.journal import JOURNAL, Entry, Journal
from simdyn.runs.layout import Block, Layout
from simdyn.runs.zarr_files import ARRAY, chunk_bytes, chunk_name, zarr_files


class Finding(NamedTuple):
    """Something wrong with a file."""

    path: Path
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = shown(self.path) + ("" if self.line is None else f":{self.line}")
        return f"{where}: {self.message}"


def check_chunk(folder: Path, entry: Entry) -> Finding | None:
    """Compare the file of a block with the journal: existence, bytes, digest."""
    path = chunks(folder) / entry.chunk
    if not path.is_file():
        return Finding(path, "is missing.")
    n_byte = path.stat().st_size
    if n_byte != entry.n_byte:
        return Finding(path, f"has {n_byte} bytes where {entry.n_byte} were written.")
    if file_digest(path) != entry.digest:
        return Finding(path, "does not hold what was written: flipped, edited or swapped.")
    return None


def check_chunks(folder: Path, entries: Mapping[Block, Entry]) -> dict[Block, Finding]:
    """Return what is wrong with the files of stored blocks, in the order of `entries`."""
    stored = [entry for entry in entries.values() if entry.is_stored]
    with ThreadPoolExecutor(n_processor()) as pool:
        found = list(pool.map(partial(check_chunk, folder), stored))
    pairs = zip(stored, found, strict=True)
    return {entry.block: finding for entry, finding in pairs if finding is not None}


def check_zarr_files(folder: Path, layout: Layout, journal: Journal) -> Iterator[Finding]:
    """Compare metadata and coordinates with what the manifest says, once a block is stored.

    Before that, a beginning that was killed may have left some unwritten; opening writes them.
    """
    if not journal.entries:
        return
    for name, content in zarr_files(layout).items():
        path = folder / VALUES / name
        if not path.is_file():
            yield Finding(path, "is missing.")
        elif path.read_bytes() != content:
            yield Finding(path, "is not what the manifest says: edited or damaged.")


def check_journal(folder: Path, layout: Layout, journal: Journal) -> Iterator[Finding]:
    """Find lines that are torn or flipped, and blocks that the batch does not have."""
    path = folder / JOURNAL
    for line in journal.bad_lines:
        yield Finding(path, "is torn or was edited.", line)
    for block in journal.entries.keys() - sound_entries(layout, journal.entries).keys():
        yield Finding(path, f"has a block that the batch has not: {tuple(block)}.")


def alien_files(folder: Path, layout: Layout) -> Iterator[Finding]:
    """Find files among the values that belong to no block and no coordinate."""
    known = {f"{ARRAY}/{chunk_name(layout, block)}" for block in layout.blocks()}
    known |= zarr_files(layout).keys()
    values = folder / VALUES
    for path in sorted(values.rglob("*")):
        if path.is_file() and path.relative_to(values).as_posix() not in known:
            yield Finding(path, "does not belong to this batch. Remove it.")


def unwritten_chunks(
    folder: Path, layout: Layout, entries: Mapping[Block, Entry]
) -> dict[Block, Path]:
    """Return the chunks that lie there though the journal has no stored block for them.

    A process that is killed leaves one at the most, between renaming and writing the line.
    """
    present = {path.name for path in chunks(folder).glob("*.*.*.*.*")}
    return {
        block: chunks(folder) / chunk_name(layout, block)
        for block in layout.blocks()
        if chunk_name(layout, block) in present
        and not (block in entries and entries[block].is_stored)
    }


def sound_entries(layout: Layout, entries: Mapping[Block, Entry]) -> dict[Block, Entry]:
    """Return the entries on blocks of the batch, in its order."""
    return {
        block: entries[block]
        for block in layout.blocks()
        if block in entries and _fits(layout, entries[block])
    }


def _fits(layout: Layout, entry: Entry) -> bool:
    place = (chunk_name(layout, entry.block), chunk_bytes(layout))
    return not entry.is_stored or (entry.chunk, entry.n_byte) == place
