"""Files that are written whole or not at all; what to do when a disk refuses."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from simdyn.errors import RunError

_NO_SPACE = "Free space there and run again: what is stored stays, only the rest is run."
_NO_RIGHT = "Choose a folder that you may write to, or change its rights."
MENDS = {
    errno.ENOSPC: _NO_SPACE,
    errno.EDQUOT: _NO_SPACE,
    errno.EFBIG: _NO_SPACE,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: _NO_RIGHT,
    errno.ENOTDIR: "A part of this path is a file: choose another folder.",
}
"""What mends a write that the system refuses, by the number of its error."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an error of the system into a RunError that names the file and the mend."""
    try:
        yield
    except OSError as failure:
        mend = MENDS.get(failure.errno or 0, "Check the disk and run again.")
        reason = failure.strerror or type(failure).__name__
        raise RunError(f"cannot be written: {reason}. {mend}", path=path) from failure


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn an error of the system into a RunError that names the file."""
    try:
        yield
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise RunError(f"cannot be read: {reason}.", path=path) from failure


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file beside its place, make sure that the disk has it, and rename it."""
    part = path.with_name(path.name + ".part")
    with writing(path):
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise


def write_all(descriptor: int, content: memoryview | bytes) -> None:
    """Write all bytes, however many the system takes at a time."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
