"""The journal of a batch: a line for each block that is stored, or that failed.

Lines are only ever added. Each begins with the digest of the rest of it and of the manifest, so
that a line that is torn, flipped or from another folder is noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from simdyn.runs.disk import reading, write_all, write_whole, writing
from simdyn.runs.layout import Block

JOURNAL = "journal.jsonl"
_START = b'{"line":"'
_HEX = 32


@dataclass(frozen=True)
class Entry:
    """What is known of a block.

    chunk, n_byte, digest : name, size and digest of its file; none if the block failed
    n_failed, failures, audit : as in `BlockResult`
    seconds : that computing it took
    error : why the block could not be run; empty if it was
    """

    block: Block
    chunk: str = ""
    n_byte: int = 0
    digest: str = ""
    n_failed: int = 0
    failures: Mapping[str, str] = field(default_factory=dict)
    audit: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""

    @property
    def is_stored(self) -> bool:
        """Whether the block has a chunk."""
        return not self.error


@dataclass(frozen=True)
class Journal:
    """What a journal holds.

    entries : the last word on each block
    bad_lines : numbers of the lines that are not as they were written
    """

    entries: Mapping[Block, Entry]
    bad_lines: tuple[int, ...]


_ENTRY = TypeAdapter(Entry)


def read_journal(folder: Path, key: str) -> Journal:
    """Read the journal of a folder.

    Parameters
    ----------
    key : digest of the manifest that the journal belongs to
    """
    path = folder / JOURNAL
    if not path.exists():
        return Journal({}, ())
    with reading(path):
        lines = path.read_bytes().splitlines(keepends=True)
    found = [_decode(line, key) for line in lines]
    entries = {entry.block: entry for entry in found if entry is not None}
    bad = tuple(number for number, entry in enumerate(found, start=1) if entry is None)
    return Journal(entries, bad)


def rewrite_journal(folder: Path, key: str, entries: Iterable[Entry]) -> None:
    """Replace the journal by one of these entries."""
    write_whole(folder / JOURNAL, b"".join(_encode(entry, key) for entry in entries))


class JournalWriter:
    """Adds lines to the journal of a folder."""

    def __init__(self, folder: Path, key: str) -> None:
        self._path, self._key = folder / JOURNAL, key
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        with writing(self._path):
            self._descriptor = os.open(self._path, flags, 0o666)

    def add(self, entry: Entry) -> None:
        """Add a line; a line is handed to the system in one piece."""
        with writing(self._path):
            write_all(self._descriptor, _encode(entry, self._key))

    def sync(self) -> None:
        """Make sure that the disk has what was added."""
        with writing(self._path):
            os.fsync(self._descriptor)

    def close(self) -> None:
        """End the adding."""
        try:
            self.sync()
        finally:
            os.close(self._descriptor)


def _encode(entry: Entry, key: str) -> bytes:
    body = json.dumps(asdict(entry), separators=(",", ":")).encode()
    return _START + _line_digest(body, key) + b'",' + body[1:] + b"\n"


def _decode(line: bytes, key: str) -> Entry | None:
    """Return the entry of a line, nothing if it is not as it was written."""
    start = len(_START) + _HEX + len(b'",')
    body = b"{" + line[start:-1]
    if line != _START + _line_digest(body, key) + b'",' + body[1:] + b"\n":
        return None
    data = json.loads(body)
    try:
        return _ENTRY.validate_python({**data, "block": Block(*data["block"])})
    except (ValidationError, KeyError, TypeError):
        return None


def _line_digest(body: bytes, key: str) -> bytes:
    return hashlib.sha256(key.encode() + body).hexdigest()[:_HEX].encode()
