"""The file of a block: written past the system's cache, renamed when whole, known by its digest.

Where the system can, bytes go straight from memory to the disk (O_DIRECT), which spares the copy
into its cache, the dearest part of writing. This needs memory and lengths in whole pages.

The digest is XXH3 of 128 bits, many times faster than SHA-256: it is there for damage and mix-ups,
and who can edit a chunk can edit the journal as well.
"""

from __future__ import annotations

import errno
import mmap
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import xxhash

from simdyn.arrays import Array
from simdyn.runs.disk import reading, write_all, writing

_DIRECT = getattr(os, "O_DIRECT", 0)
_PIECE = 1 << 20
"""Bytes that are read at a time."""


class ChunkWriter:
    """Writes blocks as chunks of one shape; not for use by several threads at once.

    Parameters
    ----------
    shape : of a chunk
    part : file that a chunk is written to before it is renamed, on the same disk
    """

    def __init__(self, shape: Sequence[int], part: Path) -> None:
        self._part = part
        n_byte = 8 * int(np.prod(shape))
        pages = -(-n_byte // mmap.PAGESIZE)
        self._bytes = memoryview(mmap.mmap(-1, pages * mmap.PAGESIZE))[:n_byte]
        self._chunk = np.frombuffer(self._bytes, "<f8").reshape(shape)

    def write(self, path: Path, values: Array) -> str:
        """Write the values of a block, (1, scenario, draw, variable, year); return the digest.

        A block at the edge is filled up with nan to the shape of a chunk.

        Raises
        ------
        RunError : the disk is full or refuses; nothing is left behind
        """
        if values.shape != self._chunk.shape:
            self._chunk[...] = np.nan
        self._chunk[tuple(map(slice, values.shape))] = values
        with writing(path):
            try:
                _write_file(self._part, self._bytes)
                self._part.replace(path)
            except OSError:
                with suppress(OSError):
                    self._part.unlink()
                raise
        return xxhash.xxh3_128_hexdigest(self._bytes)


def _write_file(path: Path, content: memoryview) -> None:
    descriptor, is_direct = _open(path)
    try:
        if is_direct:
            _write_pages(descriptor, content)
        write_all(descriptor, content[os.lseek(descriptor, 0, os.SEEK_CUR) :])
    finally:
        os.close(descriptor)


def _write_pages(descriptor: int, content: memoryview) -> None:
    """Write the whole pages past the cache, as far as the file system lets us."""
    import fcntl  # noqa: PLC0415 (there is none on Windows, where nothing is direct)

    try:
        write_all(descriptor, content[: len(content) // mmap.PAGESIZE * mmap.PAGESIZE])
    except OSError as failure:
        if failure.errno != errno.EINVAL:
            raise
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags & ~_DIRECT)


def _open(path: Path) -> tuple[int, bool]:
    """Open a file for writing; say whether past the cache, which some file systems refuse."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    if _DIRECT:
        with suppress(OSError):
            return os.open(path, flags | _DIRECT, 0o666), True
    return os.open(path, flags, 0o666), False


def file_digest(path: Path) -> str:
    """Return the digest of a chunk's file, read piece by piece."""
    found = xxhash.xxh3_128()
    piece = memoryview(bytearray(_PIECE))
    with reading(path), path.open("rb", buffering=0) as file:
        while n_read := file.readinto(piece):
            found.update(piece[:n_read])
    return found.hexdigest()
