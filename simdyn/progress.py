"""How long work is told to whoever waits for it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Shows how far a study is."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""

    def advance(self, note: str, steps: int = 1) -> None:
        """Mark steps of the stage as done."""
