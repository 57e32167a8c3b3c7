"""A kernel in the making: its functions, and the arrays that they share.

All arrays are of doubles in groups of lanes, one group of members after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

from simdyn.engine.llvm.lanes import DOUBLE, LONG, POINTER, Cpu, Lanes, Value
from simdyn.engine.llvm.plan import Plan
from simdyn.engine.methods import Method

ARRAYS = (
    *("given", "clock", "once", "length", "state", "flow", "shared"),
    *("result", "bad", "base", "total", "crossing", "ring"),
)
"""What the functions of a kernel read and write, each entry a vector of lanes.

``given`` and ``result`` have a stride between one variable and the next; ``clock`` is the row of
the moment, one number an entry; ``length`` is how many steps each pipe delays; ``bad`` turns to nan
where a result or a stock is not finite; ``base`` and ``total`` are the states and the weighted
flows between the stages of a step; ``crossing`` is what one piece of a part leaves for a later one;
``ring`` is (row, pipe), the past inputs of pipes.
"""

NUMBERS = {"stride": LONG, "step": LONG, "n_row": LONG, "time_step": DOUBLE}
"""What else they know: ``n_row`` is how many steps a ring remembers."""

_LINE = 64
"""Bytes of a line of the cache, to which arrays are aligned."""

VOID = ir.VoidType()


@dataclass(frozen=True)
class Draft:
    """A module to which functions are added, and what they are made from."""

    plan: Plan
    method: Method
    cpu: Cpu
    module: ir.Module

    def function(self, name: str) -> Place:
        """Return the inside of a new function of all arrays and numbers."""
        kind = ir.FunctionType(VOID, [*([POINTER] * len(ARRAYS)), *NUMBERS.values()])
        function = ir.Function(self.module, kind, name)
        function.linkage = "internal"
        function.attributes.add("noinline")
        for argument in function.args[: len(ARRAYS)]:
            argument.add_attribute("noalias")
        return Place(Lanes(self.module, ir.IRBuilder(function.append_basic_block()), self.cpu))


class Place:
    """The inside of a function of all arrays, where values are loaded and stored."""

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        self.align = alignment(lanes.cpu)
        arguments = lanes.builder.function.args
        self.arrays = dict(zip(ARRAYS, arguments, strict=False))
        self.numbers = dict(zip(NUMBERS, arguments[len(ARRAYS) :], strict=True))

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
            offset = self.lanes.builder.mul(self.numbers["stride"], LONG(place))
        return self.lanes.builder.gep(self.arrays[array], [offset], source_etype=DOUBLE)


def alignment(cpu: Cpu) -> int:
    """Return the bytes to which vectors in memory are aligned."""
    return min(8 * cpu.lanes, _LINE)
