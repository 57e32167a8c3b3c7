"""Emit ``run``, the function that takes groups of members through all steps."""

from __future__ import annotations

from llvmlite import ir

from simdyn.engine.llvm.draft import ARRAYS, NUMBERS, VOID, Draft, alignment
from simdyn.engine.llvm.lanes import DOUBLE, LONG, POINTER, Lanes, Value
from simdyn.engine.llvm.loops import counted
from simdyn.engine.llvm.plan import Plan

ARGUMENTS = {
    "first": LONG,
    "last": LONG,
    "n_member": LONG,
    "n_step": LONG,
    "n_saved": LONG,
    "n_row": LONG,
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
n_row : steps that the rings of pipes remember, at least as many as a pipe delays within the run
work : room for the arrays of one group, ``n_work`` vectors
"""


_PASSED = ("given", "clock", "result", "bad")
"""Arrays that the caller has."""

_NONE = LONG(0)


def emit_run(draft: Draft) -> None:
    """Emit ``run``."""
    _Run(draft).emit()


def n_work(plan: Plan, n_row: int) -> int:
    """Return how many vectors a group needs in ``work``."""
    return sum(_sizes(plan).values()) + len(plan.pipes) * n_row


def _sizes(plan: Plan) -> dict[str, int]:
    """Return how many vectors each array in ``work`` needs; the rings come behind them."""
    states = dict.fromkeys(("state", "flow", "base", "total"), len(plan.levels))
    crossing = max(len(part.crossing) for part in (plan.prepare, plan.step, plan.save))
    return {
        "once": len(plan.once),
        "length": len(plan.pipes),
        "shared": len(plan.shared),
        "crossing": crossing,
        **states,
        "ring": 0,
    }


class _Run:
    """Emits the loops over groups and steps."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        kind = ir.FunctionType(VOID, list(ARGUMENTS.values()))
        function = ir.Function(draft.module, kind, "run")
        self.build = ir.IRBuilder(function.append_basic_block())
        self.arguments: dict[str, Value] = dict(zip(ARGUMENTS, function.args, strict=True))
        self.arrays: dict[str, Value] = {name: self.arguments[name] for name in _PASSED}

    def emit(self) -> None:
        """Emit the loops."""
        self.room()
        arguments, build, cpu = self.arguments, self.build, self.draft.cpu
        with counted(build, arguments["first"], arguments["last"]) as group:
            member = build.mul(group, LONG(cpu.lanes))
            for name in ("given", "bad"):
                self.arrays[name] = self.offset(arguments[name], member)
            none = Lanes(self.draft.module, build, cpu).number(0.0)
            build.store(none, self.arrays["bad"], align=alignment(cpu))
            self.arrays["clock"] = arguments["clock"]
            self.call("prepare", stride=arguments["n_member"])
            with counted(build, LONG(0), arguments["n_step"]) as step:
                self.step(step, member)
                self.move(step)
            self.step(arguments["n_step"], member)
            self.call("finish")
        build.ret_void()

    def room(self) -> None:
        """Give each array its room in ``work``."""
        start = 0
        for name, size in _sizes(self.draft.plan).items():
            place = LONG(start * self.draft.cpu.lanes)
            self.arrays[name] = self.offset(self.arguments["work"], place)
            start += size

    def step(self, step: Value, member: Value) -> None:
        """Find the flows of a step, and save it if it is wanted."""
        self.flows_at(step, 0)
        address = self.build.gep(self.arguments["rows"], [step], source_etype=LONG)
        row = self.build.load(address, typ=LONG)
        with self.build.if_then(self.build.icmp_signed(">=", row, LONG(0))):
            n_member = self.arguments["n_member"]
            place = self.build.add(self.build.mul(row, n_member), member)
            self.arrays["result"] = self.offset(self.arguments["result"], place)
            self.call("save", stride=self.build.mul(self.arguments["n_saved"], n_member))
        self.arrays["result"] = self.arguments["result"]

    def move(self, step: Value) -> None:
        """Move the states from one step to the next, stage by stage."""
        for stage, moment in enumerate(self.draft.method.moments):
            if stage > 0:
                self.flows_at(step, moment)
            self.call(f"advance_{stage}", step=step)

    def flows_at(self, step: Value, moment: int) -> None:
        """Find the flows at a moment of a step."""
        row = self.build.mul(step, LONG(self.draft.method.rows_a_step))
        row = self.build.add(row, LONG(moment))
        place = self.build.mul(row, LONG(len(self.draft.plan.clock)))
        self.arrays["clock"] = self.offset(self.arguments["clock"], place)
        self.call("step")

    def call(self, name: str, *, stride: Value = _NONE, step: Value = _NONE) -> None:
        """Call a function of the kernel."""
        numbers = {"stride": stride, "step": step, **self.arguments}
        values = [self.arrays[key] for key in ARRAYS] + [numbers[key] for key in NUMBERS]
        self.build.call(self.draft.module.globals[name], values)

    def offset(self, base: Value, place: Value) -> Value:
        """Return the address of a double."""
        return self.build.gep(base, [place], source_etype=DOUBLE)
