"""A batch of runs on disk, open for writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from filelock import FileLock

from simdyn.runs.checks import Finding
from simdyn.runs.chunk_file import ChunkWriter
from simdyn.runs.end import write_end
from simdyn.runs.folder import END, PART, chunks
from simdyn.runs.journal import Entry, JournalWriter
from simdyn.runs.layout import Block, BlockResult, Layout
from simdyn.runs.manifest import Stored
from simdyn.runs.zarr_files import chunk_bytes, chunk_name


class Opened(StrEnum):
    """What was found when a folder was opened."""

    NEW = "new"
    RESUMED = "resumed"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Found:
    """What a folder held when it was opened.

    entries : what is known of blocks
    changed : the inputs for which other results were replaced
    damaged : what was wrong with files; their blocks are run again
    """

    stored: Stored
    entries: Mapping[Block, Entry]
    opened: Opened
    changed: tuple[str, ...] = ()
    damaged: tuple[Finding, ...] = ()


class RunStore:
    """Stores blocks, each whole or not at all: the chunk first, then its line in the journal.

    Held by one process at a time; used by one thread. Get one from `open_store`.

    Parameters
    ----------
    held : the lock of the folder
    """

    def __init__(self, folder: Path, found: Found, held: FileLock) -> None:
        self.folder, self.found = folder, found
        self._held = held
        self._entries = dict(found.entries)
        self._journal = JournalWriter(folder, found.stored.digest)
        self._writer = ChunkWriter(self.layout.chunk, folder / PART)

    @property
    def layout(self) -> Layout:
        """The axes of the batch and the size of its blocks."""
        return self.found.stored.manifest.layout

    @property
    def entries(self) -> Mapping[Block, Entry]:
        """What is known of the blocks that are stored or have failed."""
        return self._entries

    def missing(self) -> list[Block]:
        """Return the blocks that are still to be run, those that failed among them."""
        stored = {block for block, entry in self._entries.items() if entry.is_stored}
        return [block for block in self.layout.blocks() if block not in stored]

    def commit(self, block: Block, result: BlockResult, seconds: float) -> None:
        """Store a block; once this returns, no end of the process can lose it.

        Raises
        ------
        RunError : the disk is full or refuses; the store stays as it was
        """
        shape = (block.n_scenario, block.n_draw, *self.layout.shape[3:])
        if result.values.shape != shape:
            raise ValueError(f"values of shape {result.values.shape} for a block of {shape}")
        name = chunk_name(self.layout, block)
        digest = self._writer.write(chunks(self.folder) / name, result.values[None])
        self._add(
            Entry(
                block,
                name,
                chunk_bytes(self.layout),
                digest,
                result.n_failed,
                dict(result.failures),
                dict(result.audit),
                seconds,
            )
        )

    def fail(self, block: Block, error: str) -> None:
        """Record that a block could not be run; it is missing still."""
        self._add(Entry(block, error=error))

    def end(self) -> None:
        """Mark the batch as ended: every block is stored or has failed."""
        if not (self.folder / END).exists():
            self._journal.sync()
            write_end(self.folder)

    def close(self) -> None:
        """Give the folder free."""
        try:
            self._journal.close()
        finally:
            self._held.release()

    def _add(self, entry: Entry) -> None:
        self._journal.add(entry)
        self._entries[entry.block] = entry

    def __enter__(self) -> RunStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
