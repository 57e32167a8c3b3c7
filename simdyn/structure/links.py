"""The links between the author's variables: those of single scalars, hidden ones passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from simdyn.compile.nodes import (
    TIME_STEP,
    ActiveInitial,
    Binary,
    Expression,
    Hold,
    Initial,
    Lookup,
    Pipe,
    Program,
    Reference,
    State,
    Table,
    Unary,
    Variable,
    also_at_start,
    at_start,
    at_step,
    flow_of,
    walk,
)
from simdyn.structure.intervals import Interval
from simdyn.structure.polarity import Course, Sign, agreed, joined, signs_of
from simdyn.structure.records import Link, Role

_RANKS: tuple[Role, ...] = ("inflow", "outflow", "cause", "start", "table")
"""Of several roles the first stands."""


@dataclass(frozen=True, slots=True)
class _Act:
    """What one scalar does to another, by their keys."""

    cause: str
    effect: str
    sign: Sign
    role: Role = "cause"
    delayed: bool = False


def links_of(
    program: Program,
    bounds: Mapping[str, Interval],
    course: Course,
    names: Mapping[str, str],
) -> tuple[Link, ...]:
    """Return the links between the author's variables.

    Parameters
    ----------
    bounds, course : of the model's scalars
    names : of the author's variables, by the key of each of their scalars
    """
    found: dict[tuple[str, str], Link] = {}
    for act in _between_authors(program, bounds, course):
        polarity, basis, idle = act.sign
        cause, effect = names[act.cause], names[act.effect]
        link = Link(cause, effect, polarity, basis, act.role, act.delayed, idle)
        pair = link.cause, link.effect
        found[pair] = _merged(found[pair], link) if pair in found else link
    return tuple(found.values())


def _merged(left: Link, right: Link) -> Link:
    """Return what two links between the same variables are together."""
    if left.acts != right.acts:
        return left if left.acts else right
    polarity, basis, idle = agreed(
        Sign(left.polarity, left.basis, left.idle), Sign(right.polarity, right.basis, right.idle)
    )
    role = min(left.role, right.role, key=_RANKS.index)
    delayed = left.delayed and right.delayed
    return Link(left.cause, left.effect, polarity, basis, role, delayed, idle)


def _between_authors(
    program: Program, bounds: Mapping[str, Interval], course: Course
) -> Iterator[_Act]:
    acts: dict[str, list[_Act]] = {
        key: list(_acts(program, variable, bounds, course))
        for key, variable in program.variables.items()
    }
    knots = _knots(program, acts)
    tables = _named_tables(program)
    for key, variable in program.variables.items():
        if variable.hidden:
            continue
        for act in _traced(program, acts, knots, key):
            # Delays and functions of time use the step without its author's doing.
            if act.cause != TIME_STEP or variable.kind == "control":
                yield act
        yield from _tables_read(variable, tables)


def _acts(
    program: Program, variable: Variable, bounds: Mapping[str, Interval], course: Course
) -> Iterator[_Act]:
    """Yield what acts on one scalar."""
    definition = variable.definition
    parts: list[tuple[Expression | None, Role]] = [(at_step(definition), "cause")]
    parts.append((flow_of(definition), "cause"))
    if isinstance(definition, State | Initial | ActiveInitial):
        parts += [(at_start(definition), "start"), (also_at_start(definition), "start")]
    flows = _flows(program, variable)
    late = isinstance(definition, Hold | Pipe) or (
        variable.hidden and isinstance(definition, State)
    )
    for expression, role in parts:
        if expression is None:
            continue
        for key, sign in signs_of(expression, bounds, course).items():
            own = flows.get(key, role) if role == "cause" else role
            yield _Act(key, variable.key, sign, own, late and role == "cause")


def _flows(program: Program, variable: Variable) -> dict[str, Role]:
    """Return the flows of a stock by key: variables that stand alone in the sum that moves it."""
    flow = flow_of(variable.definition)
    if variable.kind != "stock" or flow is None:
        return {}
    found: dict[str, Role] = {}
    pending: list[tuple[Expression, bool]] = [(flow, True)]
    while pending:
        node, adds = pending.pop()
        match node:
            case Binary(operator="+", left=left, right=right):
                pending += [(right, adds), (left, adds)]
            case Binary(operator="-", left=left, right=right):
                pending += [(right, not adds), (left, adds)]
            case Unary(operator="-", operand=operand):
                pending.append((operand, not adds))
            case Reference(key=key) if _may_flow(program.variables[key]):
                found[key] = "inflow" if adds else "outflow"
    return found


def _may_flow(variable: Variable) -> bool:
    return not variable.hidden and variable.kind in {"auxiliary", "constant", "data"}


def _tables_read(variable: Variable, tables: Mapping[tuple[int, int], list[str]]) -> Iterator[_Act]:
    """Yield the named lookups that a scalar reads."""
    for part in (at_step(variable.definition), flow_of(variable.definition)):
        for node in walk(part):
            if isinstance(node, Lookup):
                for key in tables.get((id(node.table.x), id(node.table.y)), ()):
                    yield _Act(key, variable.key, Sign("depends", "unknown"), "table")


def _named_tables(program: Program) -> dict[tuple[int, int], list[str]]:
    """Return the keys of the lookups by the identity of their points."""
    found: dict[tuple[int, int], list[str]] = {}
    for key, variable in program.variables.items():
        if isinstance(variable.definition, Table):
            points = id(variable.definition.x), id(variable.definition.y)
            found.setdefault(points, []).append(key)
    return found


def _knots(program: Program, acts: Mapping[str, list[_Act]]) -> dict[str, int]:
    """Return for each hidden scalar the number of the knot of hidden ones that it is part of."""
    hidden = {key: n for n, key in enumerate(k for k, v in program.variables.items() if v.hidden)}
    edges = [
        (hidden[act.cause], hidden[key])
        for key in hidden
        for act in acts[key]
        if act.cause in hidden
    ]
    if not edges:
        return hidden
    rows, columns = zip(*edges, strict=True)
    graph = coo_array(([1] * len(edges), (rows, columns)), shape=(len(hidden), len(hidden)))
    _, labels = connected_components(graph, connection="strong")
    return {key: int(labels[number]) for key, number in hidden.items()}


def _traced(
    program: Program, acts: Mapping[str, list[_Act]], knots: Mapping[str, int], key: str
) -> Iterator[_Act]:
    """Yield what acts on a scalar of the author, through hidden ones or at once.

    What a hidden state does to itself, as the level of a smooth does, is left out.
    """
    pending = list(reversed(acts[key]))
    seen = set(pending)
    while pending:
        act = pending.pop()
        if not program.variables[act.cause].hidden:
            yield act
            continue
        state = isinstance(program.variables[act.cause].definition, State)
        for before in reversed(acts[act.cause]):
            if state and knots.get(before.cause) == knots[act.cause]:
                continue
            starts = "start" in {act.role, before.role}
            further = replace(
                act,
                cause=before.cause,
                sign=joined(before.sign, act.sign),
                role="start" if starts else "cause",
                delayed=act.delayed or before.delayed,
            )
            if further not in seen:
                seen.add(further)
                pending.append(further)
