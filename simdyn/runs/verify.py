"""Finds everything that is wrong with a folder of runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simdyn.errors import RunError
from simdyn.runs.checks import (
    Finding,
    alien_files,
    check_chunks,
    check_journal,
    check_zarr_files,
    sound_entries,
    unwritten_chunks,
)
from simdyn.runs.end import journal_digest, read_end
from simdyn.runs.folder import END
from simdyn.runs.journal import JOURNAL, Journal, read_journal
from simdyn.runs.layout import Layout
from simdyn.runs.manifest import MANIFEST, is_ours, read_manifest


def verify(folder: Path, *, read_chunks: bool = True) -> list[Finding]:
    """Return what is wrong with manifest, journal, metadata and chunks; every byte is read.

    A batch that was interrupted is sound: what it holds is whole, though there is more to run.

    Parameters
    ----------
    read_chunks : whether to look into the chunks, rather than leave that to who reads them

    Raises
    ------
    RunError : the folder holds no results of runs, or cannot be read
    """
    if not is_ours(folder):
        raise RunError("no results of runs here: there is no manifest.json.", path=folder)
    try:
        stored = read_manifest(folder)
    except RunError as error:
        return [Finding(folder / MANIFEST, error.message)]
    layout = stored.manifest.layout
    journal = read_journal(folder, stored.digest)
    entries = sound_entries(layout, journal.entries) if read_chunks else {}
    return [
        *check_zarr_files(folder, layout, journal),
        *check_journal(folder, layout, journal),
        *_check_end(folder),
        *check_chunks(folder, entries).values(),
        *_unknown_chunks(folder, layout, journal),
        *alien_files(folder, layout),
    ]


def _check_end(folder: Path) -> Iterator[Finding]:
    """Compare the journal with what it was when the batch ended."""
    if not (folder / END).exists():
        return
    end = read_end(folder)
    if end is None:
        yield Finding(folder / END, "is damaged or was edited.")
    elif not (folder / JOURNAL).exists():
        yield Finding(folder / JOURNAL, "is missing.")
    elif journal_digest(folder) != end.journal:
        yield Finding(folder / JOURNAL, "is not what it was when the batch ended.")


def _unknown_chunks(folder: Path, layout: Layout, journal: Journal) -> Iterator[Finding]:
    """Find chunks without a line, but for the one that a process may leave when it is killed."""
    unwritten = unwritten_chunks(folder, layout, journal.entries)
    if len(unwritten) > 1:
        for path in unwritten.values():
            yield Finding(path, "has no line in the journal.")
