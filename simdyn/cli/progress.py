"""Progress of a long command: bars with time left on a terminal, plain lines in a log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from simdyn.progress import Progress as Steps


class Bars:
    """A bar for each stage, with the time spent and left."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        self._task = self._bars.add_task(name, total=total, note="")

    def advance(self, note: str, steps: int = 1) -> None:
        """Mark steps of the stage as done."""
        if self._task is not None:
            self._bars.update(self._task, advance=steps, note=note)


MANY_STEPS = 100


class Lines:
    """A line for each step done, for logs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._name, self._done, self._total = "", 0, 0

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        self._name, self._done, self._total = name, 0, total
        self._console.print(f"{name}: {total} to do", markup=False, highlight=False)

    def advance(self, note: str, steps: int = 1) -> None:
        """Mark steps of the stage as done."""
        tenths = 10 * self._done // self._total
        self._done += steps
        # Of a stage with very many steps, a line for each tenth will do.
        if self._total > MANY_STEPS and 10 * self._done // self._total == tenths:
            return
        line = f"{self._name} {self._done}/{self._total}: {note}"
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class Silence:
    """Shows nothing."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""

    def advance(self, note: str, steps: int = 1) -> None:
        """Mark steps of the stage as done."""


@contextmanager
def open_progress(console: Console, *, quiet: bool) -> Iterator[Steps]:
    """Give the progress that fits where `console` writes to."""
    if quiet:
        yield Silence()
    elif not console.is_terminal:
        yield Lines(console)
    else:
        columns = (
            TextColumn("{task.description:<16}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}", markup=False),
        )
        with Progress(*columns, console=console) as bars:
            yield Bars(bars)
