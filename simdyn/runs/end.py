"""The mark of a batch that has ended: every block is stored or has failed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from simdyn.runs.disk import reading, write_whole
from simdyn.runs.folder import END
from simdyn.runs.journal import JOURNAL


@dataclass(frozen=True)
class End:
    """How a batch ended.

    journal : SHA-256 of the journal at the end: nothing of it can be lost unnoticed
    finished : when, ISO 8601
    """

    journal: str
    finished: str


_END = TypeAdapter(End)


def write_end(folder: Path) -> None:
    """Mark the batch as ended now."""
    end = End(journal_digest(folder), datetime.now(UTC).isoformat(timespec="seconds"))
    write_whole(folder / END, (json.dumps(asdict(end), indent=1) + "\n").encode())


def read_end(folder: Path) -> End | None:
    """Return the mark; nothing if there is none that can be read."""
    path = folder / END
    if not path.exists():
        return None
    with reading(path):
        content = path.read_bytes()
    try:
        return _END.validate_json(content)
    except ValidationError:
        return None


def journal_digest(folder: Path) -> str:
    """Return the SHA-256 of the journal."""
    path = folder / JOURNAL
    with reading(path):
        return hashlib.sha256(path.read_bytes()).hexdigest()
