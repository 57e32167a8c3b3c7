"""One writer a folder: a lock of the operating system, free again when its process ends."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from simdyn.errors import RunError
from simdyn.runs.disk import writing

LOCK = ".lock"
_PATIENCE = 0.5
"""Seconds that a writer waits: one who only asks whether a folder is in use has it for less."""


def lock(folder: Path) -> FileLock:
    """Lock a folder for writing; RunError if another process writes to it."""
    held = FileLock(folder / LOCK)
    with writing(folder):
        try:
            held.acquire(timeout=_PATIENCE)
        except Timeout:
            message = "another simdyn writes to this folder. Wait for it or choose another folder."
            raise RunError(message, path=folder) from None
    return held


def is_locked(folder: Path) -> bool:
    """Return whether a process writes to the folder now."""
    if not (folder / LOCK).exists():
        return False
    try:
        with FileLock(folder / LOCK).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # not ours to write to, so no writer of ours is in it that could be asked for
        return False
