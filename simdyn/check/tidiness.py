"""What a model lacks for its readers: uses, units, documentation. Warnings all."""

from __future__ import annotations

from collections.abc import Iterator

from simdyn.check.finding import Finding, Severity
from simdyn.check.subject import Subject, nodes
from simdyn.compile.nodes import CONTROLS, Lookup


def unused(subject: Subject) -> Iterator[Finding]:
    """Yield the constants and lookups that no equation uses; other variables may be results."""
    used = {key for variable in subject.variables.values() for key in subject.used_by(variable)}
    used |= subject.program.fixed | _tables_read(subject) | set(CONTROLS)
    for key, elements in subject.elements.items():
        idle = all(v.kind in {"constant", "lookup"} and v.key not in used for v in elements)
        if idle and key not in subject.lost_text:
            cause, mend = f"no equation uses this {elements[0].kind}.", "Use or remove it."
            yield subject.finding("unused", elements[0], cause, mend, Severity.WARNING)


def _tables_read(subject: Subject) -> set[str]:
    """Return the keys of the lookups that are read, or whose inverse is."""
    read = [
        subject.table_of(node) or subject.inverse_of(node)
        for variable in subject.variables.values()
        for node in nodes(variable)
        if isinstance(node, Lookup)
    ]
    return {table.key for table in read if table is not None}


def without_unit(subject: Subject) -> Iterator[Finding]:
    """Yield the variables without a unit."""
    cause, mend = "has no unit.", "Write one behind its equation; Dmnl if it has none."
    for variable, *_ in subject.elements.values():
        if not variable.unit.strip():
            yield subject.finding("missing unit", variable, cause, mend, Severity.WARNING)


def without_documentation(subject: Subject) -> Iterator[Finding]:
    """Yield the variables without documentation; the controls speak for themselves."""
    cause = "has no documentation."
    mend = "Say behind its unit what it means and where it comes from."
    for variable, *_ in subject.elements.values():
        if not variable.documentation.strip() and variable.key not in CONTROLS:
            yield subject.finding("missing documentation", variable, cause, mend, Severity.WARNING)
