"""Emit the IR of a plan: the parts of a kernel, and the loops over members and steps.

All arrays are of doubles in groups of lanes, one group of members after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from llvmlite import ir

from simdyn.compile.nodes import Table
from simdyn.engine.llvm import maths
from simdyn.engine.llvm.graph import MASKS, Id
from simdyn.engine.llvm.lanes import DOUBLE, LONG, POINTER, Cpu, Lanes, Value
from simdyn.engine.llvm.lookups import read
from simdyn.engine.llvm.loops import counted
from simdyn.engine.llvm.plan import Part, Plan
from simdyn.engine.methods import Method

VOID = ir.VoidType()


def _plain(name: str) -> Callable[..., Value]:
    return lambda lanes, *values: getattr(lanes.builder, name)(*values)


def _intrinsic(name: str) -> Callable[..., Value]:
    return lambda lanes, *values: lanes.intrinsic(name, *values)


def _compare(operator: str) -> Callable[..., Value]:
    return lambda lanes, left, right: lanes.compare(operator, left, right)


def _against_zero(operator: str) -> Callable[..., Value]:
    return lambda lanes, value: lanes.compare(operator, value, lanes.number(0.0))


def _extreme(choose: Callable[..., Value]) -> Callable[..., Value]:
    """Return the smaller or greater of two; nan if either is."""

    def emit(lanes: Lanes, left: Value, right: Value) -> Value:
        if isinstance(left, ir.Constant):
            return choose(lanes, left, right)
        if isinstance(right, ir.Constant):
            return choose(lanes, right, left)
        bad = lanes.builder.fcmp_unordered("uno", left, left)
        return lanes.select(bad, left, choose(lanes, left, right))

    return emit


def _parity(lanes: Lanes, exponent: Value) -> Value:
    floor = lanes.intrinsic("floor", exponent)
    half = lanes.builder.fmul(exponent, lanes.number(0.5))
    even = lanes.compare("==", half, lanes.intrinsic("floor", half))
    sign = lanes.select(even, lanes.number(1.0), lanes.number(-1.0))
    return lanes.select(lanes.compare("==", floor, exponent), sign, lanes.number(float("nan")))


OPERATIONS: dict[str, Callable[..., Value]] = {
    "neg": Lanes.neg,
    "abs": _intrinsic("fabs"),
    "sqrt": _intrinsic("sqrt"),
    "trunc": _intrinsic("trunc"),
    "floor": _intrinsic("floor"),
    "add": _plain("fadd"),
    "sub": _plain("fsub"),
    "mul": _plain("fmul"),
    "div": _plain("fdiv"),
    "fma": Lanes.fma,
    "fms": lambda lanes, a, b, c: lanes.fma(a, b, lanes.neg(c)),
    "fnma": lambda lanes, a, b, c: lanes.fma(lanes.neg(a), b, c),
    "min": _extreme(Lanes.least),
    "max": _extreme(Lanes.greatest),
    "eq": _compare("=="),
    "ne": _compare("!="),
    "lt": _compare("<"),
    "le": _compare("<="),
    "gt": _compare(">"),
    "ge": _compare(">="),
    "negative": _against_zero("<"),
    "is_zero": _against_zero("=="),
    "and": _plain("and_"),
    "or": _plain("or_"),
    "not": _plain("not_"),
    "select": Lanes.select,
    "parity": _parity,
}
"""The operations of ``graph`` that are a few instructions."""


ARRAYS = (
    *("given", "clock", "once", "state", "flow", "shared"),
    *("result", "bad", "base", "total", "crossing"),
)
"""What the parts of a kernel read and write, each entry a vector of lanes.

``given`` and ``result`` have a stride between one variable and the next; ``clock`` is the row of
the moment, one number an entry; ``bad`` turns to nan where a result or a stock is not finite;
``base`` and ``total`` are the states and the weighted flows between the stages of a step;
``crossing`` is what one piece of a part leaves for a later one.
"""


Target = tuple[Id, str, int]
"""A node to store, the array, and the place in it."""


class Emitter:
    """Emits one module for a plan and a method."""

    def __init__(self, plan: Plan, method: Method, cpu: Cpu) -> None:
        self.plan = plan
        self.method = method
        self.cpu = cpu
        self.module = ir.Module("kernel")

    def emit(self) -> str:
        """Return the IR of all functions; ``run`` is the one to call."""
        plan = self.plan
        initials = [level.initial for level in plan.levels]
        flows = [level.flow for level in plan.levels]
        self.part("prepare", plan.prepare, {"once": plan.once, "state": initials})
        self.part("step", plan.step, {"flow": flows, "shared": plan.shared})
        self.part("save", plan.save, {"result": plan.outputs})
        for stage in range(len(self.method.weights)):
            self.advance(stage)
        self.finish()
        Run(self).emit()
        return str(self.module)

    def part(self, name: str, part: Part, stores: Mapping[str, Sequence[Id]]) -> None:
        """Emit a function that finds nodes and stores some of them, piece by piece."""
        owner = {node: number for number, piece in enumerate(part.pieces) for node in piece}
        targets: list[list[Target]] = [[] for _ in part.pieces]
        for array, nodes in stores.items():
            for position, node in enumerate(nodes):
                targets[owner.get(node, 0)].append((node, array, position))
        functions = []
        for number, piece in enumerate(part.pieces):
            place = self.function(f"{name}_{number}")
            self.piece(place, part, piece, targets[number])
            functions.append(place.lanes.builder.function)
        whole = self.function(name).lanes.builder
        for function in functions:
            whole.call(function, whole.function.args)
        whole.ret_void()

    def piece(
        self, place: Place, part: Part, computes: Sequence[Id], targets: Sequence[Target]
    ) -> None:
        """Emit what finds some nodes of a part, and stores what is wanted of them."""
        nodes = self.plan.graph.nodes
        values: dict[Id, Value] = {}

        def value(node: Id) -> Value:
            if node not in values:
                values[node] = self.known(place, part, node)
            return values[node]

        for node in computes:
            operands = [value(argument) for argument in nodes[node].arguments]
            values[node] = self.operation(place.lanes, nodes[node].op, operands, nodes[node].data)
            if node in part.crossing:
                number = values[node]
                if nodes[node].op in MASKS:
                    number = place.lanes.indicator(number)
                place.store("crossing", part.crossing[node], number)
        for node, array, position in targets:
            place.store(array, position, value(node))
        place.lanes.builder.ret_void()

    def known(self, place: Place, part: Part, node: Id) -> Value:
        """Return a node that the piece does not find itself."""
        op, _, data = self.plan.graph.nodes[node]
        if op == "number" and isinstance(data, float):
            return place.lanes.number(data)
        if node not in part.crossing:
            return place.load(*part.loads[node])
        found = place.load("crossing", part.crossing[node])
        return place.lanes.compare("!=", found, place.lanes.number(0.0)) if op in MASKS else found

    def operation(
        self, lanes: Lanes, op: str, operands: list[Value], data: float | str | Table | None
    ) -> Value:
        """Emit an operation; a mathematical function is emitted on its first use and called."""
        if isinstance(data, Table):
            return read(lanes, data, *operands)
        if op in OPERATIONS:
            return OPERATIONS[op](lanes, *operands)
        if op not in self.module.globals:
            kind = ir.FunctionType(lanes.double, [lanes.double] * len(operands))
            function = ir.Function(self.module, kind, op)
            function.linkage = "internal"
            function.attributes.add("alwaysinline")
            inner = Lanes(self.module, ir.IRBuilder(function.append_basic_block()), self.cpu)
            inner.builder.ret(maths.FUNCTIONS[op](inner, *function.args))
        return lanes.builder.call(self.module.globals[op], operands)

    def advance(self, stage: int) -> None:
        """Emit the function that moves the states to the next stage, or to the next step."""
        weights, shares = self.method.weights, self.method.shares
        place = self.function(f"advance_{stage}")
        lanes, build = place.lanes, place.lanes.builder
        time_step = lanes.spread(place.time_step)
        weight = lanes.number(weights[stage])
        for position, level in enumerate(self.plan.levels):
            flow = place.load("flow", position)
            if level.kind == "hold":
                self.hold(place, stage, position, flow)
                continue
            base = place.load("state" if stage == 0 else "base", position)
            total = build.fmul(weight, flow)
            if stage > 0:
                total = build.fadd(place.load("total", position), total)
            if stage < len(shares):
                place.store("total", position, total)
                place.store("base", position, base)
                total = build.fmul(lanes.number(shares[stage]), flow)
            # Not fused: a stock of 4.9 that loses 49 * 0.1 has to be 0.
            moved = build.fadd(base, build.fmul(time_step, total))
            if level.kind == "reservoir" and stage == len(shares):
                place.mark_bad(moved)
                moved = OPERATIONS["max"](lanes, lanes.number(0.0), moved)
            place.store("state", position, moved)
        build.ret_void()

    def hold(self, place: Place, stage: int, position: int, following: Value) -> None:
        """Emit what a held state does in a stage: it moves with the last, as the first found."""
        last = len(self.method.shares)
        if stage == 0 and last > 0:
            place.store("total", position, following)
        elif stage == last:
            moved = following if last == 0 else place.load("total", position)
            place.store("state", position, moved)

    def finish(self) -> None:
        """Emit the function that marks members whose stocks are not finite.

        A stock that is not finite stays so; the last step tells.
        """
        place = self.function("finish")
        for level in range(len(self.plan.levels)):
            place.mark_bad(place.load("state", level))
        place.lanes.builder.ret_void()

    def function(self, name: str) -> Place:
        """Return the inside of a new function of all arrays."""
        kind = ir.FunctionType(VOID, [*([POINTER] * len(ARRAYS)), LONG, DOUBLE])
        function = ir.Function(self.module, kind, name)
        function.linkage = "internal"
        function.attributes.add("noinline")
        for argument in function.args[: len(ARRAYS)]:
            argument.add_attribute("noalias")
        return Place(Lanes(self.module, ir.IRBuilder(function.append_basic_block()), self.cpu))


def alignment(cpu: Cpu) -> int:
    """Return the bytes to which vectors in memory are aligned: at most a line of the cache."""
    return min(8 * cpu.lanes, 64)


class Place:
    """The inside of a function of all arrays, where values are loaded and stored."""

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        self.align = alignment(lanes.cpu)
        *arrays, self.stride, self.time_step = lanes.builder.function.args
        self.arrays = dict(zip(ARRAYS, arrays, strict=True))

    def load(self, array: str, place: int) -> Value:
        """Load a vector; a number of the clock goes to all lanes."""
        address = self.address(array, place)
        if array == "clock":
            return self.lanes.spread(self.lanes.builder.load(address, typ=DOUBLE))
        return self.lanes.builder.load(address, typ=self.lanes.double, align=self.align)

    def store(self, array: str, place: int, value: Value) -> None:
        """Store a vector; a result that is not finite marks its member as bad."""
        self.lanes.builder.store(value, self.address(array, place), align=self.align)
        if array == "result":
            self.mark_bad(value)

    def mark_bad(self, value: Value) -> None:
        """Turn ``bad`` to nan in lanes where a value is not finite."""
        changed = self.lanes.fma(value, self.lanes.number(0.0), self.load("bad", 0))
        self.store("bad", 0, changed)

    def address(self, array: str, place: int) -> Value:
        """Return the address of an entry."""
        offset: Value = LONG(place if array == "clock" else place * self.lanes.cpu.lanes)
        if array in {"given", "result"}:
            offset = self.lanes.builder.mul(self.stride, LONG(place))
        return self.lanes.builder.gep(self.arrays[array], [offset], source_etype=DOUBLE)


ARGUMENTS = {
    "first": LONG,
    "last": LONG,
    "n_member": LONG,
    "n_step": LONG,
    "n_saved": LONG,
    "time_step": DOUBLE,
    "rows": POINTER,
    "clock": POINTER,
    "given": POINTER,
    "result": POINTER,
    "bad": POINTER,
    "work": POINTER,
}
"""Arguments of ``run``.

first, last : groups of members to run, from first to before last
n_member : members in ``given``, ``result`` and ``bad``, in whole groups
rows : where each step is saved in the results, int64 (n_step + 1,); negative if it is not
clock : values of time alone, (moment, column)
given : (given, member)
result : (wanted, saved, member), filled
bad : (member,), filled with 0 or nan
work : room for ``Emitter.work`` entries
"""


class Run:
    """Emits the function that runs groups of members through all steps."""

    def __init__(self, emitter: Emitter) -> None:
        self.emitter = emitter
        kind = ir.FunctionType(VOID, list(ARGUMENTS.values()))
        self.function = ir.Function(emitter.module, kind, "run")
        self.build = ir.IRBuilder(self.function.append_basic_block())
        self.arguments: dict[str, Value] = dict(zip(ARGUMENTS, self.function.args, strict=True))
        self.work: dict[str, Value] = {}

    def emit(self) -> None:
        """Emit the loops over groups and steps."""
        self.room()
        arguments, build = self.arguments, self.build
        with counted(build, arguments["first"], arguments["last"]) as group:
            member = build.mul(group, LONG(self.emitter.cpu.lanes))
            given, bad = (self.offset(arguments[name], member) for name in ("given", "bad"))
            lanes = Lanes(self.emitter.module, build, self.emitter.cpu)
            build.store(lanes.number(0.0), bad, align=alignment(self.emitter.cpu))
            self.work |= {"given": given, "bad": bad, "result": arguments["result"]}
            self.work["clock"] = arguments["clock"]
            self.call("prepare", arguments["n_member"])
            with counted(build, LONG(0), arguments["n_step"]) as step:
                self.step(step, member)
                self.move(step)
            self.step(arguments["n_step"], member)
            self.call("finish", LONG(0))
        build.ret_void()

    def room(self) -> None:
        """Give each array its room in ``work``."""
        sizes = work_sizes(self.emitter.plan)
        start = 0
        for name, size in sizes.items():
            place = LONG(start * self.emitter.cpu.lanes)
            self.work[name] = self.offset(self.arguments["work"], place)
            start += size

    def step(self, step: Value, member: Value) -> None:
        """Find the flows of a step, and save it if it is wanted."""
        self.step_at(step, 0)
        address = self.build.gep(self.arguments["rows"], [step], source_etype=LONG)
        row = self.build.load(address, typ=LONG)
        with self.build.if_then(self.build.icmp_signed(">=", row, LONG(0))):
            n_member = self.arguments["n_member"]
            place = self.build.add(self.build.mul(row, n_member), member)
            result = self.offset(self.arguments["result"], place)
            stride = self.build.mul(self.arguments["n_saved"], n_member)
            self.call("save", stride, self.work | {"result": result})

    def move(self, step: Value) -> None:
        """Move the states from one step to the next, stage by stage."""
        for stage, moment in enumerate(self.emitter.method.moments):
            if stage > 0:
                self.step_at(step, moment)
            self.call(f"advance_{stage}", LONG(0))

    def step_at(self, step: Value, moment: int) -> None:
        """Find the flows at a moment of a step."""
        row = self.build.mul(step, LONG(self.emitter.method.rows_a_step))
        row = self.build.add(row, LONG(moment))
        place = self.build.mul(row, LONG(len(self.emitter.plan.clock)))
        self.work["clock"] = self.offset(self.arguments["clock"], place)
        self.call("step", LONG(0))

    def call(self, name: str, stride: Value, work: dict[str, Value] | None = None) -> None:
        """Call a part of the kernel."""
        arrays = [(work or self.work)[array] for array in ARRAYS]
        function = self.emitter.module.globals[name]
        self.build.call(function, [*arrays, stride, self.arguments["time_step"]])

    def offset(self, base: Value, place: Value) -> Value:
        """Return the address of a double."""
        return self.build.gep(base, [place], source_etype=DOUBLE)


def work_sizes(plan: Plan) -> dict[str, int]:
    """Return how many vectors each array in ``work`` needs."""
    n_level = len(plan.levels)
    states = dict.fromkeys(("state", "flow", "base", "total"), n_level)
    crossing = max(len(part.crossing) for part in (plan.prepare, plan.step, plan.save))
    return {
        "once": len(plan.once),
        "shared": len(plan.shared),
        "crossing": crossing,
        **states,
    }
