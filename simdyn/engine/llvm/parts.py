"""Emit the parts of a plan: functions that find nodes, piece by piece, and store some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llvmlite import ir

from simdyn.compile.nodes import Table
from simdyn.engine.llvm import maths
from simdyn.engine.llvm.draft import Draft, Place
from simdyn.engine.llvm.graph import MASKS, Id, Node
from simdyn.engine.llvm.lanes import Lanes, Value
from simdyn.engine.llvm.lookups import read
from simdyn.engine.llvm.operations import OPERATIONS
from simdyn.engine.llvm.plan import Part

Target = tuple[Id, str, int]
"""A node to store, the array, and the place in it."""


def emit_parts(draft: Draft) -> None:
    """Emit ``prepare``, ``step`` and ``save``."""
    plan = draft.plan
    initials = [level.initial for level in plan.levels]
    flows = [level.flow for level in plan.levels]
    kept = {"once": plan.once, "length": plan.lengths, "state": initials}
    _part(draft, "prepare", plan.prepare, kept)
    _part(draft, "step", plan.step, {"flow": flows, "shared": plan.shared})
    _part(draft, "save", plan.save, {"result": plan.outputs})


def _part(draft: Draft, name: str, part: Part, stores: Mapping[str, Sequence[Id]]) -> None:
    """Emit a function that finds the nodes of a part and stores these in arrays."""
    owner = {node: number for number, piece in enumerate(part.pieces) for node in piece}
    targets: list[list[Target]] = [[] for _ in part.pieces]
    for array, nodes in stores.items():
        for position, node in enumerate(nodes):
            targets[owner.get(node, 0)].append((node, array, position))
    functions = []
    for number, piece in enumerate(part.pieces):
        place = draft.function(f"{name}_{number}")
        _Piece(draft, part, place).emit(piece, targets[number])
        functions.append(place.lanes.builder.function)
    whole = draft.function(name).lanes.builder
    for function in functions:
        whole.call(function, whole.function.args)
    whole.ret_void()


class _Piece:
    """Emits a function that finds some nodes of a part."""

    def __init__(self, draft: Draft, part: Part, place: Place) -> None:
        self.draft = draft
        self.part = part
        self.place = place
        self.values: dict[Id, Value] = {}

    def emit(self, computes: Sequence[Id], targets: Sequence[Target]) -> None:
        """Find nodes and store what is wanted of them."""
        for node in computes:
            self.values[node] = self.found(self.draft.plan.graph.nodes[node])
            if node in self.part.crossing:
                self.leave(node)
        for node, array, position in targets:
            self.place.store(array, position, self.value(node))
        self.place.lanes.builder.ret_void()

    def value(self, node: Id) -> Value:
        """Return the value of a node, loaded on its first use if the piece does not find it."""
        if node not in self.values:
            self.values[node] = self.known(node)
        return self.values[node]

    def found(self, node: Node) -> Value:
        """Emit an operation; a mathematical function is emitted on its first use and called."""
        lanes, module = self.place.lanes, self.draft.module
        operands = [self.value(argument) for argument in node.arguments]
        if isinstance(node.data, Table):
            return read(lanes, node.data, *operands)
        if node.op in OPERATIONS:
            return OPERATIONS[node.op](lanes, *operands)
        if node.op not in module.globals:
            _function(lanes, node.op, len(operands))
        return lanes.builder.call(module.globals[node.op], operands)

    def leave(self, node: Id) -> None:
        """Store a node for a later piece; a mask as 1 or 0."""
        value = self.values[node]
        if self.draft.plan.graph.nodes[node].op in MASKS:
            value = self.place.lanes.indicator(value)
        self.place.store("crossing", self.part.crossing[node], value)

    def known(self, node: Id) -> Value:
        """Return a node that the piece does not find itself."""
        lanes = self.place.lanes
        op, _, data = self.draft.plan.graph.nodes[node]
        if op == "number" and isinstance(data, float):
            return lanes.number(data)
        if node not in self.part.crossing:
            return self.place.load(*self.part.loads[node])
        found = self.place.load("crossing", self.part.crossing[node])
        return lanes.compare("!=", found, lanes.number(0.0)) if op in MASKS else found


def _function(lanes: Lanes, op: str, n_operand: int) -> None:
    """Emit a mathematical function of vectors."""
    kind = ir.FunctionType(lanes.double, [lanes.double] * n_operand)
    function = ir.Function(lanes.module, kind, op)
    function.linkage = "internal"
    function.attributes.add("alwaysinline")
    inner = Lanes(lanes.module, ir.IRBuilder(function.append_basic_block()), lanes.cpu)
    inner.builder.ret(maths.FUNCTIONS[op](inner, *function.args))
