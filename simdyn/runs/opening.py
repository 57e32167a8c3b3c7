"""Opens a folder for a batch: begins it, goes on with it, or replaces another."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from simdyn.errors import RunError, did_you_mean
from simdyn.runs.checks import (
    check_chunks,
    check_journal,
    check_zarr_files,
    sound_entries,
    unwritten_chunks,
)
from simdyn.runs.disk import writing
from simdyn.runs.folder import END, VALUES, clear, is_vacant
from simdyn.runs.journal import read_journal, rewrite_journal
from simdyn.runs.lock import lock
from simdyn.runs.manifest import (
    Manifest,
    Stored,
    differences,
    is_ours,
    read_manifest,
    write_manifest,
)
from simdyn.runs.store import Found, Opened, RunStore
from simdyn.runs.zarr_files import zarr_files


class Mode(StrEnum):
    """What to do with results that are there already.

    GO_ON : go on with the same inputs, start anew with others
    RESUME : go on with the same inputs, refuse others
    FRESH : start anew
    """

    GO_ON = "go on"
    RESUME = "resume"
    FRESH = "fresh"


def open_store(folder: Path, manifest: Manifest, mode: Mode = Mode.GO_ON) -> RunStore:
    """Open a folder for writing a batch; close it after use, or use it in a `with` statement.

    A folder that holds anything but a batch of runs is never touched. When a batch goes on, each
    of its files is checked; what is damaged is named in `damaged` and run again.

    Raises
    ------
    RunError
        The folder is not ours, in use, or cannot be written; in mode RESUME: there is nothing to
        go on with, or inputs have changed, each of which is named.
    """
    _refuse_unknown_parts(manifest)
    with writing(folder):
        _refuse_others(folder)
        if mode is Mode.RESUME and is_vacant(folder):
            raise RunError("nothing to resume here. Run without --resume.", path=folder)
        folder.mkdir(parents=True, exist_ok=True)
        held = lock(folder)
        try:
            _refuse_others(folder)
            return RunStore(folder, _prepare(folder, manifest, mode), held)
        except BaseException:
            held.release()
            raise


def _refuse_unknown_parts(manifest: Manifest) -> None:
    """Raise if a sum has a part without a run of its own."""
    for name, parts in manifest.sums.items():
        for part in parts:
            if part not in manifest.layout.regions:
                mend = did_you_mean(part, manifest.layout.regions)
                raise RunError(f"'{name}' is the sum of '{part}', which is not run. {mend}")


def _refuse_others(folder: Path) -> None:
    """Raise unless the folder is vacant or ours."""
    if folder.exists() and not folder.is_dir():
        raise RunError("is a file where a folder belongs. Choose another folder.", path=folder)
    if not is_vacant(folder) and not is_ours(folder):
        message = "holds other files than results of runs. Choose another folder."
        raise RunError(message, path=folder)


def _prepare(folder: Path, manifest: Manifest, mode: Mode) -> Found:
    """Make a locked folder ready for the blocks that are missing."""
    if is_vacant(folder):
        return _begin(folder, manifest, Opened.NEW)
    if mode is Mode.FRESH:
        clear(folder)
        return _begin(folder, manifest, Opened.REPLACED)
    stored = read_manifest(folder)
    changed = differences(stored.manifest, manifest)
    if not changed:
        return _go_on(folder, stored)
    if mode is Mode.RESUME:
        message = f"made from other inputs: {'; '.join(changed)}. Run without --resume to "
        raise RunError(message + "replace these results, or restore the inputs.", path=folder)
    clear(folder)
    return _begin(folder, manifest, Opened.REPLACED, changed)


def _begin(
    folder: Path, manifest: Manifest, opened: Opened, changed: tuple[str, ...] = ()
) -> Found:
    stored = write_manifest(folder, manifest)
    _write_zarr_files(folder, stored)
    return Found(stored, {}, opened, changed)


def _write_zarr_files(folder: Path, stored: Stored) -> None:
    for name, content in zarr_files(stored.manifest.layout).items():
        path = folder / VALUES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path):
            path.write_bytes(content)


def _go_on(folder: Path, stored: Stored) -> Found:
    """Mend what a crash or another hand has left, and keep the blocks that are whole."""
    layout = stored.manifest.layout
    journal = read_journal(folder, stored.digest)
    entries = sound_entries(layout, journal.entries)
    wrong = check_chunks(folder, entries)
    damaged = [
        *check_zarr_files(folder, layout, journal),
        *check_journal(folder, layout, journal),
        *wrong.values(),
    ]
    kept = {block: entry for block, entry in entries.items() if block not in wrong}
    unwritten = unwritten_chunks(folder, layout, kept)
    if damaged or unwritten or any(not entry.is_stored for entry in kept.values()):
        (folder / END).unlink(missing_ok=True)
    if journal.bad_lines or kept != journal.entries:
        rewrite_journal(folder, stored.digest, kept.values())
    for path in unwritten.values():
        path.unlink()
    if damaged or not journal.entries:
        _write_zarr_files(folder, stored)
    return Found(stored, kept, Opened.RESUMED, damaged=tuple(damaged))
