"""Write files and folders that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simdyn.errors import RunError, shown

NO_ROOM = "Free space, or pass --out DIR on another disk."
IN_THE_WAY = "A file stands where a folder should be: pass another --out DIR."
MENDS = {
    errno.ENOSPC: NO_ROOM,
    errno.EDQUOT: NO_ROOM,
    errno.EFBIG: NO_ROOM,
    errno.ENOTDIR: IN_THE_WAY,
    errno.EEXIST: IN_THE_WAY,
    errno.EISDIR: "A folder stands where the file should be: move it or pass another --out DIR.",
}
OTHER_MEND = "Mend the rights of the folder, or pass another --out DIR."


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a path to write to; when the block ends well, the file takes the place of `path`.

    Raises
    ------
    RunError : the file cannot be written; what stood at `path` is untouched
    """
    with _beside(path) as partial:
        yield partial
        partial.replace(path)


@contextmanager
def whole_folder(path: Path, marker: str) -> Iterator[Path]:
    """Yield a new folder to write to; when the block ends well, it takes the place of `path`.

    Parameters
    ----------
    marker : file by which a folder of ours is known; the block writes it

    Raises
    ------
    RunError : the folder cannot be written, or what stands there is not ours to replace
    """
    if path.exists() and not (path / marker).is_file():
        message = f"holds no {marker}, so it is not ours to replace. Move it or pass --out DIR."
        raise RunError(message, path=path)
    with _beside(path) as partial:
        partial.mkdir()
        yield partial
        _take_place(partial, path)


def _take_place(partial: Path, path: Path) -> None:
    old = path.with_name(f".{path.name}.old")
    _remove(old)
    if path.exists():
        path.rename(old)
    partial.rename(path)
    _remove(old)


@contextmanager
def scratch_folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder beside `path` that is gone when the block ends."""
    folder = path.with_name(f"{path.name}.scratch")
    _remove(folder)
    folder.mkdir()
    try:
        yield folder
    finally:
        _remove(folder)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Yield a path beside `path`, of which nothing is left when the block fails."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(partial)
        yield partial
    except OSError as failure:
        raise unwritable(path, failure) from failure
    finally:
        _remove(partial)


def unwritable(path: Path, failure: OSError) -> RunError:
    """Return the error for a file that cannot be written, with its mend."""
    mend = MENDS.get(failure.errno or 0, OTHER_MEND)
    # The libraries that write spell the reason at length: the system's own words are enough.
    reason = os.strerror(failure.errno) if failure.errno else str(failure)
    return RunError(f"cannot be written: {reason}. {mend}", path=shown(path))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        _unlink(path)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # Where the folder cannot be written, writing the file says so.
        return
