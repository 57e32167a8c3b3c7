"""How far a batch is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from simdyn.runs.checks import sound_entries
from simdyn.runs.end import read_end
from simdyn.runs.journal import read_journal
from simdyn.runs.lock import is_locked
from simdyn.runs.manifest import Manifest, read_manifest


class State(StrEnum):
    """How far a batch is.

    RUNNING : a process writes to it now
    UNFINISHED : interrupted; there are blocks to run
    COMPLETE : every block is stored
    PARTIAL : ended, but some blocks could not be run
    """

    RUNNING = "running"
    UNFINISHED = "unfinished"
    COMPLETE = "complete"
    PARTIAL = "partial"


@dataclass(frozen=True)
class Status:
    """What a folder of runs holds.

    n_block, n_member : blocks and members of the batch
    n_stored, members_stored : those that are stored
    failed_blocks : blocks that could not be run, and why, by the number of the block
    failed_members : stored members whose run failed
    n_byte : bytes of the stored blocks
    started, finished : ISO 8601; `finished` is empty as long as it has not
    """

    state: State
    manifest: Manifest
    n_block: int
    n_stored: int
    n_member: int
    members_stored: int
    failed_blocks: Mapping[int, str]
    failed_members: int
    n_byte: int
    started: str
    finished: str


def status(folder: Path) -> Status:
    """Return how far the batch in a folder is, by its journal; no value is read.

    Raises
    ------
    RunError : there are no results of runs, or the manifest is damaged
    """
    stored = read_manifest(folder)
    layout = stored.manifest.layout
    entries = sound_entries(layout, read_journal(folder, stored.digest).entries)
    whole = [entry for entry in entries.values() if entry.is_stored]
    blocks = list(layout.blocks())
    failed = {
        number: entries[block].error
        for number, block in enumerate(blocks)
        if block in entries and not entries[block].is_stored
    }
    end = read_end(folder)
    return Status(
        _state(folder, len(blocks), len(whole), len(failed)),
        stored.manifest,
        len(blocks),
        len(whole),
        layout.n_member,
        sum(entry.block.n_member for entry in whole),
        failed,
        sum(entry.n_failed for entry in whole),
        sum(entry.n_byte for entry in whole),
        stored.started,
        end.finished if end else "",
    )


def _state(folder: Path, n_block: int, n_stored: int, n_failed: int) -> State:
    if is_locked(folder):
        return State.RUNNING
    if n_stored == n_block:
        return State.COMPLETE
    return State.PARTIAL if n_stored + n_failed == n_block else State.UNFINISHED
