"""Equations that wait for each other, in a step or while the starting values are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from simdyn.check.finding import Finding
from simdyn.check.subject import Subject
from simdyn.compile.nodes import (
    Definition,
    Expression,
    Initial,
    State,
    also_at_start,
    at_start,
    at_step,
    references,
)

Uses = Mapping[str, list[str]]

_STEP_MEND = "Put a stock into the loop."
_START_MEND = "Give one of them a starting value that needs no other."


def circular(subject: Subject) -> Iterator[Finding]:
    """Yield each loop of equations that need each other in a step."""
    for loop in _loops(_uses(subject, at_step)):
        yield _finding(subject, "circular", loop, "in every step", _STEP_MEND)


def circular_start(subject: Subject) -> Iterator[Finding]:
    """Yield each loop of starting values that is no loop of a step as well."""
    every = _uses(subject, at_start, also_at_start)
    known = {frozenset(loop) for loop in _loops(_uses(subject, at_step))}
    for loop in _loops(_reachable(every, _states(subject))):
        if frozenset(loop) not in known:
            yield _finding(subject, "circular start", loop, "at the start", _START_MEND)


def _finding(subject: Subject, check: str, loop: list[str], when: str, mend: str) -> Finding:
    names = [subject.names[key] for key in [*loop, loop[0]]]
    # A step from an element to another of its array, or to what it hides, is told once.
    told = names[:1] + [name for before, name in pairwise(names) if name != before]
    told = told if len(told) > 1 else names[:2]
    listed = " -> ".join(f"'{name}'" for name in told)
    cause = f"circular dependency {when}, where each uses the next: {listed}."
    return subject.finding(check, subject.variables[loop[0]], cause, mend)


def _uses(subject: Subject, *parts: Callable[[Definition], Expression | None]) -> Uses:
    known = subject.variables
    return {
        key: [u for part in parts for u in references(part(variable.definition)) if u in known]
        for key, variable in known.items()
    }


def _states(subject: Subject) -> list[str]:
    found = subject.variables.items()
    return [key for key, variable in found if isinstance(variable.definition, State | Initial)]


def _reachable(uses: Uses, roots: Iterable[str]) -> Uses:
    found: dict[str, list[str]] = {}
    pending = list(roots)
    while pending:
        key = pending.pop()
        if key not in found:
            found[key] = uses[key]
            pending.extend(uses[key])
    return {key: found[key] for key in uses if key in found}


def _loops(uses: Uses) -> Iterator[list[str]]:
    """Yield a shortest loop of each knot of variables, each member after its user."""
    place = {key: number for number, key in enumerate(uses)}
    edges = [(place[key], place[used]) for key, all_used in uses.items() for used in all_used]
    if not edges:
        return
    rows, columns = zip(*edges, strict=True)
    graph = coo_array(([1] * len(edges), (rows, columns)), shape=(len(place), len(place)))
    _, label = connected_components(graph, connection="strong")
    knots: dict[int, list[str]] = {}
    for key, knot in zip(uses, label, strict=True):
        knots.setdefault(int(knot), []).append(key)
    for members in knots.values():
        first = members[0]
        if len(members) > 1 or first in uses[first]:
            yield _shortest(uses, first, set(members))


def _shortest(uses: Uses, first: str, members: set[str]) -> list[str]:
    """Return a shortest loop through a member of a knot."""
    user: dict[str, str] = {}
    level = [first]
    while first not in user:
        reached = [(used, key) for key in level for used in uses[key] if used in members]
        level = []
        for used, key in reached:
            if used not in user:
                user[used] = key
                level.append(used)
    loop = [user[first]]
    while loop[-1] != first:
        loop.append(user[loop[-1]])
    return loop[::-1]
