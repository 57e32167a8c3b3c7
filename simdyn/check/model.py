"""Check a model file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from simdyn.check.agreement import units_agree
from simdyn.check.collect import Collected, collect
from simdyn.check.finding import Finding, in_order
from simdyn.check.loops import circular, circular_start
from simdyn.check.names import undefined
from simdyn.check.subject import Subject
from simdyn.check.tidiness import unused, without_documentation, without_unit
from simdyn.check.time_step import coarse_step, time_axis

CHECKS: tuple[Callable[[Subject], Iterable[Finding]], ...] = (
    undefined,
    circular,
    circular_start,
    units_agree,
    time_axis,
    coarse_step,
    unused,
    without_unit,
    without_documentation,
)
"""Each takes what the compiler accepts of a model; a new check is a new row."""


def check_model(path: Path) -> list[Finding]:
    """Return everything wrong with a model file, by line."""
    return findings_of(collect(path))


def findings_of(collected: Collected) -> list[Finding]:
    """Return what kept equations from being compiled, and what is wrong with the others."""
    found = list(collected.findings)
    if collected.program is not None:
        lost, equivalents = collected.lost, collected.equivalents
        subject = Subject(collected.path, collected.program, lost, equivalents)
        found += [finding for check in CHECKS for finding in check(subject)]
    return in_order(found)
