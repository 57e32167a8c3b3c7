"""Errors a user can mend: each says what is wrong, where, and what to do next."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path


def shown(path: Path) -> str:
    """Return `path` as a user sees it: relative to the current folder where it lies inside it."""
    absolute, here = path.absolute(), Path.cwd()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(path)


class SimdynError(Exception):
    """An error in the user's input or files, shown as one line, exit code 1.

    Parameters
    ----------
    message : what is wrong and what mends it, in the user's own names
    path, line, column : where, as far as it is known
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        column: str | None = None,
    ) -> None:
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        super().__init__(str(self))

    def __str__(self) -> str:
        where = "" if self.path is None else shown(Path(self.path))
        if where and self.line is not None:
            where += f":{self.line}"
        if self.column is not None:
            where += f", column {self.column}"
        # One error is one line, whatever a hostile or multi-line value contains.
        message = " ".join(self.message.split())
        return f"{where}: {message}" if where else message


class ModelError(SimdynError):
    """The model file cannot be read, or its equations cannot be run."""


class FactError(SimdynError):
    """A row of the facts, priors or region files is not what it claims to be."""


class ScenarioError(SimdynError):
    """A scenario or study file is wrong."""


class RunError(SimdynError):
    """A run cannot start, or its results cannot be written."""


Refuse = Callable[[SimdynError], None]
"""What a reader does with an error: ``at_once`` raises it, a check collects it."""


def at_once(error: SimdynError) -> None:
    """Raise the first error."""
    raise error


MOST_COMPARED = 2000
"""Known names up to which the nearest one is looked for among all, beyond among likely ones."""
MOST_LISTED = 200
"""Known names that a mend lists at the most."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the mend for an unknown name: the nearest known one, else the list of them."""
    names = sorted(known)
    lowered = {n.lower(): n for n in _likely(name[:200].lower(), names)}
    close = get_close_matches(name[:200].lower(), lowered, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{lowered[close[0]]}'?"
    more = len(names) - MOST_LISTED
    rest = f" and {more} more" if more > 0 else ""
    return f"Known: {', '.join(names[:MOST_LISTED])}{rest}."


def _likely(name: str, names: list[str]) -> list[str]:
    """Return the names to compare with; of very many those next to `name` in their order."""
    if len(names) <= MOST_COMPARED:
        return names
    place = bisect(names, name)
    return names[max(0, place - MOST_COMPARED // 2) : place + MOST_COMPARED // 2]
