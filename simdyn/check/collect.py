"""Compile a model as far as it goes: what is wrong is noted and left out, and the rest compiled.

The compiler refuses a model at its first fault. Here the equation at fault is left out and the
compiler called again, until the rest is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simdyn.check.finding import Finding, from_error
from simdyn.check.sources import Source, source_of
from simdyn.compile.functions import spelled
from simdyn.compile.lower import lower
from simdyn.compile.nodes import CONTROLS, Program, key_of
from simdyn.compile.parsers import Parsed, UnparsedError
from simdyn.compile.read import content_of, parse
from simdyn.errors import ModelError

_MOST_FAULTS = 1000
"""Faults after which a file is given up: it is no model."""

_PLACEHOLDERS = "".join(
    f"{spelled(key)} = {value} ~ ~ |\n"
    for key, value in zip(CONTROLS, ("0", "1", "1", "1"), strict=True)
)

_MISSED = re.compile(
    r": function (.+?) is not supported\."
    r"|subscript \[(.+?)!?\] is (?:neither|no subscript range)"
    r"|: uses '(.+?)', which is not defined"
)
"""How messages of the compiler name what they miss."""

_MISSED_WITHOUT_NAME = (
    "must be a number or a constant",
    "needs a variable with",
    "takes a lookup first",
)

_FIELDS = ("elements", "subscripts", "constraints", "test_inputs")


@dataclass(frozen=True)
class Lost:
    """A variable whose equation was left out.

    text : of its equation, unit and comment, as far as they are known
    """

    name: str
    unit: str = ""
    text: str = ""


@dataclass
class Collected:
    """What could be compiled of a model, and what kept the rest from it.

    program : of the equations that the compiler accepts; None if there is none
    lost : the variables left out, by key
    equivalents : groups of names of units that the file declares to be the same
    """

    path: Path
    program: Program | None = None
    lost: dict[str, Lost] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    equivalents: tuple[tuple[str, ...], ...] = ()


def collect(path: Path) -> Collected:
    """Return all that the compiler accepts of a model file, and a finding for what it refuses."""
    found = Collected(path)
    try:
        source = source_of(path, content_of(path))
    except ModelError as error:
        found.findings.append(from_error(error, "file", path))
        return found
    parsed = _parse(found, source)
    found.equivalents = source.equivalents()
    if parsed is not None:
        found.program = _lower(found, parsed)
    return found


def _parse(found: Collected, source: Source) -> Parsed | None:
    """Parse what can be parsed; every round leaves out at least one equation."""
    for _ in range(_MOST_FAULTS):
        lines = source.lines()
        try:
            parsed = parse(found.path, source.content())
            return replace(parsed, lines={**parsed.lines, **lines})
        except UnparsedError as error:
            faults = _unparsed(error, source)
        except ModelError as error:
            faults = [error]
        for fault in faults:
            finding = from_error(fault, "syntax", found.path, named=True)
            line, *_ = lines.get(key_of(finding.variable), (finding.line,))
            found.findings.append(replace(finding, line=line))
        lost = [source.leave_out(_named(fault), fault.line) for fault in faults]
        if not any(item is not None for item in lost):
            return None
        found.lost |= {key_of(item.name): Lost(*item) for item in lost if item and item.name}
    return None


def _unparsed(error: UnparsedError, source: Source) -> list[ModelError]:
    """Return an error for each equation that cannot be parsed."""
    names = error.names or tuple(source.unparsed())
    return [_cannot(error, name, source) for name in names] or [error]


def _cannot(error: UnparsedError, name: str, source: Source) -> ModelError:
    msg = f"'{name}': its equation cannot be parsed. Check its operators, commas and brackets."
    line = next(iter(source.lines().get(key_of(name), ())), None)
    return ModelError(msg, path=error.path, line=line)


def _lower(found: Collected, parsed: Parsed) -> Program | None:
    """Lower what can be lowered; every round leaves out one variable."""
    parsed = _with_controls(found, parsed)
    for _ in range(_MOST_FAULTS):
        try:
            return lower(parsed)
        except ModelError as error:
            key = _culprit(parsed, error)
            if not _follows(found, error, _text(parsed, key)):
                found.findings.append(from_error(error, "equation", found.path, named=True))
            if key is None:
                return None
            parsed = _with_controls(found, _without(found, parsed, key), silent=True)
    return None


def _follows(found: Collected, error: ModelError, text: str) -> bool:
    """Return whether an error only follows from what was left out, as a call of its lookup.

    text : of the equation at fault
    """
    named = _MISSED.search(error.message)
    if named is not None:
        return key_of(named.group(named.lastindex or 0)) in found.lost
    unnamed = any(words in error.message for words in _MISSED_WITHOUT_NAME)
    return unnamed and any(key in key_of(text) for key in found.lost)


def _text(parsed: Parsed, key: str | None) -> str:
    """Return the equations of a variable in some form that holds the names they use."""
    found = (item for _, item in _items(parsed) if key_of(item.name) == key)
    return " ".join(repr(getattr(item, "components", "")) for item in found)


def _named(error: ModelError) -> str:
    """Return the name with which a message begins, or ""."""
    return from_error(error, "", Path(), named=True).variable


def _culprit(parsed: Parsed, error: ModelError) -> str | None:
    """Return the key of the variable that an error is about."""
    keys = {key_of(item.name) for _, item in _items(parsed)}
    named = key_of(_named(error))
    for key in (named, named.partition("[")[0]):
        if key in keys:
            return key
    return next((k for k, lines in parsed.lines.items() if k in keys and error.line in lines), None)


def _items(parsed: Parsed) -> list[tuple[str, Any]]:
    section = parsed.model.sections[0]
    return [(name, item) for name in _FIELDS for item in getattr(section, name, ())]


def _without(found: Collected, parsed: Parsed, key: str) -> Parsed:
    """Return the model without what bears a name, and note it as left out."""
    for _, item in _items(parsed):
        if key_of(item.name) == key:
            unit = (getattr(item, "units", "") or "").strip()
            found.lost[key] = Lost(" ".join(item.name.split()), unit, _text(parsed, key))
    section = parsed.model.sections[0]
    kept: dict[str, Any] = {
        name: type(items)(item for item in items if key_of(item.name) != key)
        for name in _FIELDS
        if (items := getattr(section, name, None)) is not None
    }
    return _with_section(parsed, replace(section, **kept))


def _with_section(parsed: Parsed, section: Any) -> Parsed:
    model = replace(parsed.model, sections=(section, *parsed.model.sections[1:]))
    return replace(parsed, model=model)


def _with_controls(found: Collected, parsed: Parsed, *, silent: bool = False) -> Parsed:
    """Return the model with a placeholder for every control that it lacks."""
    section = parsed.model.sections[0]
    missing = set(CONTROLS) - {key_of(element.name) for element in section.elements}
    if not missing:
        return parsed
    for key in CONTROLS:
        if silent or key in found.lost or key not in missing:
            continue
        cause = f"no {spelled(key)}."
        mend = "Add it to the model's settings; is the file cut short?"
        found.findings.append(Finding("settings", found.path, None, "", cause, mend))
    found.lost |= {key: found.lost.get(key, Lost(spelled(key))) for key in missing}
    added = [element for element in _placeholders() if key_of(element.name) in missing]
    elements = type(section.elements)((*section.elements, *added))
    return _with_section(parsed, replace(section, elements=elements))


def _placeholders() -> Iterable[Any]:
    return parse(Path("controls.mdl"), _PLACEHOLDERS.encode()).model.sections[0].elements
