"""What a check finds: one fault, where it stands, and what mends it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from simdyn.errors import SimdynError, shown


class Severity(StrEnum):
    """An error keeps a file from being used rightly; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One fault of a file.

    check : the check that found it, a row of its table
    variable : the author's name of what is at fault, or "" if it is the whole file
    cause, mend : one sentence or more each; the mend may be ""
    """

    check: str
    path: Path
    line: int | None
    variable: str
    cause: str
    mend: str
    severity: Severity = Severity.ERROR
    column: str | None = None

    def __str__(self) -> str:
        """Return the finding as one line of printable characters."""
        mark = "warning: " if self.severity is Severity.WARNING else ""
        name = f"'{self.variable}': " if self.variable else ""
        message = f"{mark}{name}{self.cause} {self.mend}"
        line = str(SimdynError(message, path=self.path, line=self.line, column=self.column))
        return _printable(line)

    def as_data(self) -> dict[str, object]:
        """Return the finding for other programs."""
        return {
            "file": _printable(shown(self.path)),
            "line": self.line,
            "column": self.column,
            "variable": _printable(self.variable) or None,
            "severity": self.severity.value,
            "check": self.check,
            "cause": _printable(self.cause),
            "mend": _printable(self.mend),
        }


def _printable(text: str) -> str:
    """Return a text as one line without control characters and halves of characters."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


_VARIABLE = re.compile(r"'((?:[^']|'(?! ))+?)'(?:: | )", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z'\"])")


def from_error(error: SimdynError, check: str, path: Path, *, named: bool = False) -> Finding:
    """Return the finding that says what an error says.

    Parameters
    ----------
    path : where the error has none of its own
    named : whether the message begins with the quoted name of a variable
    """
    message, variable = error.message, ""
    if named and (found := _VARIABLE.match(message)):
        variable, message = found.group(1), message[found.end() :]
    cause, mend, *_ = [*_SENTENCE.split(message, maxsplit=1), ""]
    where = Path(error.path) if error.path is not None else path
    return Finding(check, where, error.line, variable, cause, mend, column=error.column)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by line within each file, each once, files in the order they came."""
    once = list(dict.fromkeys(findings))
    files = {path: number for number, path in enumerate(dict.fromkeys(f.path for f in once))}
    return sorted(once, key=lambda finding: (files[finding.path], finding.line or 0))
