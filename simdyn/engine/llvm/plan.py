"""Decide when each value is found: of time alone, before the run, in every step, or when saving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import inf
from typing import Literal

from simdyn.engine.llvm.build import Level, Model
from simdyn.engine.llvm.graph import MASKS, MEMBER, STATE, TIME, Graph, Id
from simdyn.engine.llvm.rewrite import live

Source = Literal["given", "clock", "once", "state", "shared"]
"""Where a part of a kernel reads values that it does not find itself."""


PIECE = 800
"""Nodes that are compiled together."""


@dataclass(frozen=True)
class Part:
    """What one part of a kernel does.

    loads : where to read the nodes that others find: the source and the place in it
    computes : nodes to find, each after what it uses
    pieces : the same in pieces that are compiled apart, as the time that takes grows faster than
        their length
    crossing : places of the nodes that one piece leaves for a later one
    """

    loads: Mapping[Id, tuple[Source, int]]
    computes: tuple[Id, ...]
    pieces: tuple[tuple[Id, ...], ...]
    crossing: Mapping[Id, int]


@dataclass(frozen=True)
class Plan:
    """A kernel in parts.

    given : keys of the values that the run supplies, in their order
    levels : the states that the wanted variables need
    outputs : node of each wanted variable, in the order wanted
    clock : nodes of time alone, the columns of a table over the steps
    once : nodes that ``prepare`` keeps for the others
    shared : nodes that ``step`` keeps for ``save``
    """

    graph: Graph
    given: tuple[str, ...]
    levels: tuple[Level, ...]
    outputs: tuple[Id, ...]
    clock: tuple[Id, ...]
    once: tuple[Id, ...]
    shared: tuple[Id, ...]
    prepare: Part
    step: Part
    save: Part

    @cached_property
    def pipes(self) -> Mapping[int, int]:
        """The number of each pipe, by its place among the levels."""
        places = (n for n, level in enumerate(self.levels) if level.length is not None)
        return {place: number for number, place in enumerate(places)}

    @property
    def lengths(self) -> tuple[Id, ...]:
        """Nodes of how many steps each pipe delays."""
        return _lengths(self.levels)

    def n_row(self, n_step: int) -> int:
        """Return how many steps the rings have to remember in a run of so many."""
        known = [self.graph.value(length) for length in self.lengths]
        return int(min(n_step + 1, max((inf if v is None else v for v in known), default=1)))


def plan(model: Model, wanted: Sequence[str]) -> Plan:
    """Return the plan of a kernel that finds the wanted variables, given by their keys."""
    graph = model.graph
    outputs = tuple(model.values[key] for key in wanted)
    levels = _levels(model, outputs)
    flows = [level.flow for level in levels]
    initials = [level.initial for level in levels]

    step, step_reads = _split(graph, flows, lambda node: _is_step(graph, node))
    in_step = frozenset(step)
    save, save_reads = _split(
        graph, outputs, lambda node: _is_step(graph, node) and node not in in_step
    )
    once = [node for node in _unique(step_reads, save_reads) if _is_once(graph, node)]
    found_first = [*once, *_lengths(levels), *initials]
    prepare, prepare_reads = _split(graph, found_first, lambda n: _is_once(graph, n))
    given = [node for node in prepare if graph.nodes[node].op == "given"]

    everything = _unique(prepare_reads, step_reads, save_reads)
    clock = [node for node in everything if _is_clock(graph, node)]
    shared = [node for node in save_reads if node in in_step]
    states = [graph.leaf("state", level.key) for level in levels]
    found = _places("clock", clock) | _places("state", states) | _places("shared", shared)
    kept = found | _places("once", once)
    supplied = found | _places("given", given)
    return Plan(
        graph=graph,
        given=tuple(str(graph.nodes[node].data) for node in given),
        levels=levels,
        outputs=outputs,
        clock=tuple(clock),
        once=tuple(once),
        shared=tuple(shared),
        prepare=_part(graph, prepare, [*prepare_reads, *given], supplied),
        step=_part(graph, step, step_reads, kept),
        save=_part(graph, save, save_reads, kept),
    )


_Places = dict[Id, tuple[Source, int]]


def _places(source: Source, nodes: Sequence[Id]) -> _Places:
    return {node: (source, place) for place, node in enumerate(nodes)}


def _part(graph: Graph, computes: Sequence[Id], reads: Sequence[Id], places: _Places) -> Part:
    loads = {node: places[node] for node in reads}
    found = tuple(node for node in computes if node not in loads)
    starts = range(0, max(len(found), 1), PIECE)
    pieces = tuple(found[start : start + PIECE] for start in starts)
    return Part(loads, found, pieces, _crossing(graph, pieces))


def _crossing(graph: Graph, pieces: Sequence[Sequence[Id]]) -> dict[Id, int]:
    own = {node: number for number, piece in enumerate(pieces) for node in piece}
    crossing = (
        argument
        for node, number in own.items()
        for argument in graph.nodes[node].arguments
        if own.get(argument, number) != number
    )
    return {node: place for place, node in enumerate(_unique(crossing))}


def _lengths(levels: Iterable[Level]) -> tuple[Id, ...]:
    return tuple(level.length for level in levels if level.length is not None)


def _levels(model: Model, outputs: Iterable[Id]) -> tuple[Level, ...]:
    """Return the stocks that the outputs need, directly or through other stocks."""
    graph = model.graph
    by_key = {level.key: level for level in model.levels}
    found: dict[str, Level] = {}
    pending = [*outputs]
    while pending:
        used = live(graph, pending)
        keys = [str(graph.nodes[node].data) for node in used if graph.nodes[node].op == "state"]
        new = {key: by_key[key] for key in keys if key not in found}
        found |= new
        pending = [node for level in new.values() for node in level.nodes]
    return tuple(found.values())


def _split(
    graph: Graph, roots: Iterable[Id], is_own: Callable[[Id], bool]
) -> tuple[list[Id], list[Id]]:
    """Return the nodes that a part finds, each after what it uses, and those it reads.

    Masks are found where they are used; numbers are at hand everywhere.
    """
    computes: dict[Id, None] = {}
    reads: dict[Id, None] = {}
    pending = [(root, False) for root in reversed(list(roots))]
    while pending:
        node, ready = pending.pop()
        op, arguments, _ = graph.nodes[node]
        if ready:
            computes[node] = None
        elif node in computes or node in reads or op == "number":
            continue
        elif op == "state" or not (op in MASKS or is_own(node)):
            reads[node] = None
        else:
            pending.append((node, True))
            pending.extend((argument, False) for argument in reversed(arguments))
    return list(computes), list(reads)


def _is_clock(graph: Graph, node: Id) -> bool:
    return not graph.changes[node] & (MEMBER | STATE)


def _is_once(graph: Graph, node: Id) -> bool:
    return bool(graph.changes[node] & MEMBER) and not graph.changes[node] & (TIME | STATE)


def _is_step(graph: Graph, node: Id) -> bool:
    return bool(graph.changes[node] & STATE) or graph.changes[node] & (TIME | MEMBER) == (
        TIME | MEMBER
    )


def _unique(*nodes: Iterable[Id]) -> list[Id]:
    return list(dict.fromkeys(chain(*nodes)))
