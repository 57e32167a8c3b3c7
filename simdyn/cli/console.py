"""Where commands write: one console, plain and complete when its output is piped."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from rich.console import Console

PIPED_WIDTH = 100
"""Columns of a table that goes to a file or another program."""

NARROWEST = 90
"""Columns below which tables would be cut; a narrower terminal breaks their lines itself."""


class ReportConsole(Console):
    """A console that reports a closed pipe instead of ending the program."""

    def on_broken_pipe(self) -> None:
        """Pass the closed pipe on to the entry point, which ends silently."""
        raise BrokenPipeError


@dataclass(frozen=True)
class Session:
    """What every command shares: the console for results, and whether to keep quiet."""

    console: Console
    quiet: bool


def make_console() -> Console:
    """Return the console for results: no markup in data, NO_COLOR and COLUMNS honoured."""
    console = ReportConsole(markup=False, highlight=False, emoji=False)
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        console.width = PIPED_WIDTH
    console.width = max(console.width, NARROWEST)
    return console
