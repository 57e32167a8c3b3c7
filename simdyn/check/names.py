"""Names that equations use and nothing defines."""

from __future__ import annotations

from collections.abc import Iterator

from simdyn.check.finding import Finding
from simdyn.check.subject import Subject
from simdyn.errors import did_you_mean


def undefined(subject: Subject) -> Iterator[Finding]:
    """Yield every use of a name that is not defined."""
    known = {key: subject.names[key] for key in (*subject.variables, *subject.lost)}
    for variable in subject.variables.values():
        for key in subject.used_by(variable):
            if key not in known:
                name = key.replace("_", " ")
                cause = f"uses '{name}', which is not defined."
                mend = did_you_mean(name, known.values())
                yield subject.finding("undefined", variable, cause, mend)
