"""What a model lacks for its readers: uses, units, documentation. Warnings all."""

from __future__ import annotations

from collections.abc import Iterator

from simdyn.check.finding import Finding, Severity
from simdyn.check.subject import Subject, nodes
from simdyn.compile.nodes import CONTROLS, Lookup, Table


def unused(subject: Subject) -> Iterator[Finding]:
    """Yield the constants and lookups that no equation uses; other variables may be results."""
    used = {key for variable in subject.variables.values() for key in subject.used_by(variable)}
    tables = {
        id(node.table)
        for variable in subject.variables.values()
        for node in nodes(variable)
        if isinstance(node, Lookup)
    }
    for variable in subject.authors:
        idle = variable.kind in {"constant", "lookup"} and variable.key not in used
        if isinstance(variable.definition, Table):
            idle = id(variable.definition) not in tables
        if idle and variable.key not in CONTROLS and variable.key not in subject.lost_text:
            cause, mend = f"no equation uses this {variable.kind}.", "Use or remove it."
            yield subject.finding("unused", variable, cause, mend, Severity.WARNING)


def without_unit(subject: Subject) -> Iterator[Finding]:
    """Yield the variables without a unit."""
    cause, mend = "has no unit.", "Write one behind its equation; Dmnl if it has none."
    for variable in subject.authors:
        if not variable.unit.strip():
            yield subject.finding("missing unit", variable, cause, mend, Severity.WARNING)


def without_documentation(subject: Subject) -> Iterator[Finding]:
    """Yield the variables without documentation; the controls speak for themselves."""
    cause = "has no documentation."
    mend = "Say behind its unit what it means and where it comes from."
    for variable in subject.authors:
        if not variable.documentation.strip() and variable.key not in CONTROLS:
            yield subject.finding("missing documentation", variable, cause, mend, Severity.WARNING)
