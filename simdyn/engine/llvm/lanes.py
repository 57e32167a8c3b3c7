"""A builder of vector IR: lanes of doubles, and the few operations that depend on the CPU."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias

import numpy as np
from llvmlite import ir

Value: TypeAlias = Any
"""A value of the IR; llvmlite has no types."""

DOUBLE, LONG, INT, BYTE = ir.DoubleType(), ir.IntType(64), ir.IntType(32), ir.IntType(8)
POINTER = ir.PointerType()


@dataclass(frozen=True)
class Cpu:
    """What the code is made for.

    lanes : doubles in a vector
    fma : whether the CPU multiplies and adds at once
    avx512 : whether it takes numbers apart and permutes tables in one instruction
    """

    lanes: int
    fma: bool
    avx512: bool


class Lanes:
    """Emits operations on vectors (lane,) at the end of a block."""

    def __init__(self, module: ir.Module, builder: ir.IRBuilder, cpu: Cpu) -> None:
        self.module = module
        self.builder = builder
        self.cpu = cpu
        self.double = ir.VectorType(DOUBLE, cpu.lanes)
        self.long = ir.VectorType(LONG, cpu.lanes)

    def number(self, value: float) -> Value:
        """Return the same number in all lanes."""
        return ir.Constant(self.double, [value] * self.cpu.lanes)

    def spread(self, value: Value) -> Value:
        """Return a double or an integer in all lanes."""
        empty = ir.Constant(ir.VectorType(value.type, self.cpu.lanes), ir.Undefined)
        first = self.builder.insert_element(empty, value, INT(0))
        places = ir.Constant(ir.VectorType(INT, self.cpu.lanes), [0] * self.cpu.lanes)
        return self.builder.shuffle_vector(first, empty, places)

    def whole(self, value: int) -> Value:
        """Return the same 64-bit integer in all lanes."""
        return ir.Constant(self.long, [value] * self.cpu.lanes)

    def bits(self, value: Value) -> Value:
        """Return the bits of doubles as integers."""
        return self.builder.bitcast(value, self.long)

    def from_bits(self, value: Value) -> Value:
        """Return the doubles that have these bits."""
        return self.builder.bitcast(value, self.double)

    def call(self, name: str, result: ir.Type, *arguments: Value) -> Value:
        """Call a function or intrinsic, declared on its first use."""
        function = self.module.globals.get(name)
        if function is None:
            kind = ir.FunctionType(result, [argument.type for argument in arguments])
            function = ir.Function(self.module, kind, name)
        return self.builder.call(function, arguments)

    def intrinsic(self, name: str, *arguments: Value) -> Value:
        """Call an LLVM intrinsic on doubles, such as ``sqrt``."""
        return self.call(f"llvm.{name}.v{self.cpu.lanes}f64", self.double, *arguments)

    def fma(self, left: Value, right: Value, other: Value) -> Value:
        """Return left * right + other, rounded once where the CPU can."""
        if self.cpu.fma:
            return self.intrinsic("fma", left, right, other)
        return self.builder.fadd(self.builder.fmul(left, right), other)

    def polynomial(self, at: Value, coefficients: Sequence[float]) -> Value:
        """Return a polynomial, its coefficients from the lowest power."""
        *rest, last = coefficients
        result = self.number(last)
        for coefficient in reversed(rest):
            result = self.fma(result, at, self.number(coefficient))
        return result

    def select(self, mask: Value, true: Value, false: Value) -> Value:
        """Return ``true`` where the mask holds, else ``false``."""
        return self.builder.select(mask, true, false)

    def indicator(self, mask: Value) -> Value:
        """Return 1 where the mask holds, else 0."""
        return self.select(mask, self.number(1.0), self.number(0.0))

    def compare(self, operator: str, left: Value, right: Value) -> Value:
        """Return a mask; false where either is nan, except that nan differs from everything."""
        ordered = self.builder.fcmp_unordered if operator == "!=" else self.builder.fcmp_ordered
        return ordered(operator, left, right)

    def least(self, left: Value, right: Value) -> Value:
        """Return the smaller; ``right`` if either is nan."""
        return self.select(self.compare("<", left, right), left, right)

    def greatest(self, left: Value, right: Value) -> Value:
        """Return the greater; ``right`` if either is nan."""
        return self.select(self.compare(">", left, right), left, right)

    def neg(self, value: Value) -> Value:
        """Return the negative."""
        return self.builder.fneg(value)

    def exponent(self, value: Value) -> Value:
        """Return floor(log2 |x|); -inf of 0, inf of inf."""
        return _PRIMITIVES[self.cpu.avx512]["exponent"](self, value)

    def mantissa(self, value: Value, *, signed: bool) -> Value:
        """Return |x| / 2^exponent in [1, 2); 1 of 0 and inf, nan of x < 0 if ``signed``."""
        return _PRIMITIVES[self.cpu.avx512]["mantissa"](self, value, signed)

    def scale(self, value: Value, exponent: Value) -> Value:
        """Return x 2^floor(exponent), rightly rounded to 0, subnormals and inf."""
        return _PRIMITIVES[self.cpu.avx512]["scale"](self, value, exponent)

    def pick(self, table: Sequence[float], places: Value) -> Value:
        """Return the entry of a table of 16 at the low four bits of each place."""
        return _PRIMITIVES[self.cpu.avx512]["pick"](self, table, places)

    def gather(self, base: Value, places: Value) -> Value:
        """Return the doubles at ``base`` [place], one for each lane."""
        result = ir.Constant(self.double, ir.Undefined)
        for lane in range(self.cpu.lanes):
            place = self.builder.extract_element(places, INT(lane))
            address = self.builder.gep(base, [place], source_etype=DOUBLE)
            entry = self.builder.load(address, typ=DOUBLE)
            result = self.builder.insert_element(result, entry, INT(lane))
        return result

    def unless_all(self, mask: Value, value: Value, otherwise: Callable[[], Value]) -> Value:
        """Return ``value`` if the mask holds in all lanes, else what ``otherwise`` emits."""
        build = self.builder
        packed = ir.IntType(self.cpu.lanes)
        every = build.icmp_unsigned("==", build.bitcast(mask, packed), packed(-1))
        start = build.block
        function = build.function
        other, done = function.append_basic_block(), function.append_basic_block()
        build.cbranch(every, done, other)
        build.position_at_end(other)
        found = otherwise()
        build.branch(done)
        build.position_at_end(done)
        result = build.phi(self.double)
        result.add_incoming(value, start)
        result.add_incoming(found, other)
        return result

    def table(self, values: Sequence[float]) -> Value:
        """Return the address of constant numbers, equal ones once."""
        name = f"table_{sha256(np.array(values).tobytes()).hexdigest()}"
        known = self.module.globals.get(name)
        if known is None:
            kind = ir.ArrayType(DOUBLE, len(values))
            known = ir.GlobalVariable(self.module, kind, name)
            known.linkage, known.global_constant = "private", True
            known.initializer = ir.Constant(kind, list(values))
        return known


_LOW, _HALF = 2.0**-1022, 2.0**54
_MANTISSA, _ONE, _ABSOLUTE = 0xFFFFFFFFFFFFF, 0x3FF0000000000000, 0x7FFFFFFFFFFFFFFF


def _absolute(lanes: Lanes, value: Value) -> Value:
    return lanes.from_bits(lanes.builder.and_(lanes.bits(value), lanes.whole(_ABSOLUTE)))


def _normal(lanes: Lanes, value: Value) -> tuple[Value, Value]:
    """Return |x|, scaled up where it is subnormal, and the mask of where it is."""
    size = _absolute(lanes, value)
    low = lanes.compare("<", size, lanes.number(_LOW))
    return lanes.select(low, lanes.builder.fmul(size, lanes.number(_HALF)), size), low


def _exponent(lanes: Lanes, value: Value) -> Value:
    size, low = _normal(lanes, value)
    raw = lanes.builder.lshr(lanes.bits(size), lanes.whole(52))
    found = lanes.builder.sitofp(raw, lanes.double)
    bias = lanes.select(low, lanes.number(1023.0 + 54), lanes.number(1023.0))
    found = lanes.builder.fsub(found, bias)
    infinite = lanes.compare("==", size, lanes.number(float("inf")))
    found = lanes.select(infinite, size, found)
    zero = lanes.compare("==", size, lanes.number(0.0))
    return lanes.select(zero, lanes.number(float("-inf")), found)


def _mantissa(lanes: Lanes, value: Value, signed: bool) -> Value:
    size, _ = _normal(lanes, value)
    inner = lanes.builder.and_(lanes.bits(size), lanes.whole(_MANTISSA))
    found = lanes.from_bits(lanes.builder.or_(inner, lanes.whole(_ONE)))
    bad = lanes.builder.fcmp_unordered("uno", value, value)
    if signed:
        bad = lanes.builder.or_(bad, lanes.compare("<", value, lanes.number(0.0)))
    return lanes.select(bad, lanes.number(float("nan")), found)


def _scale(lanes: Lanes, value: Value, exponent: Value) -> Value:
    build = lanes.builder
    bound = lanes.greatest(lanes.number(-2000.0), lanes.least(lanes.number(2000.0), exponent))
    whole = build.fptosi(lanes.intrinsic("floor", bound), lanes.long)
    half = build.ashr(whole, lanes.whole(1))
    value = build.fmul(value, _two_to(lanes, half))
    return build.fmul(value, _two_to(lanes, build.sub(whole, half)))


def _two_to(lanes: Lanes, exponent: Value) -> Value:
    biased = lanes.builder.add(exponent, lanes.whole(1023))
    return lanes.from_bits(lanes.builder.shl(biased, lanes.whole(52)))


def _pick(lanes: Lanes, table: Sequence[float], places: Value) -> Value:
    return lanes.gather(lanes.table(table), lanes.builder.and_(places, lanes.whole(15)))


_ALL, _CURRENT = ir.Constant(BYTE, -1), ir.Constant(INT, 4)
"""Mask of all lanes; rounding as set."""

_EIGHT = ir.VectorType(DOUBLE, 8)
_INTRINSIC = "llvm.x86.avx512."


def _by_eights(lanes: Lanes, emit: Callable[..., Value], *values: Value) -> Value:
    """Return what ``emit`` makes of vectors of eight, for vectors that hold several."""
    n_lane, build = lanes.cpu.lanes, lanes.builder
    parts = []
    for start in range(0, n_lane, 8):
        places = _places(range(start, start + 8))
        parts.append(emit(*(build.shuffle_vector(v, v, places) for v in values)))
    while len(parts) > 1:
        places = _places(range(2 * parts[0].type.count))
        pairs = zip(parts[::2], parts[1::2], strict=True)
        parts = [build.shuffle_vector(left, right, places) for left, right in pairs]
    return parts[0]


def _places(places: Sequence[int]) -> ir.Constant:
    return ir.Constant(ir.VectorType(INT, len(places)), list(places))


def _exponent_512(lanes: Lanes, value: Value) -> Value:
    name = _INTRINSIC + "mask.getexp.pd.512"
    return _by_eights(lanes, lambda v: lanes.call(name, _EIGHT, v, v, _ALL, _CURRENT), value)


def _mantissa_512(lanes: Lanes, value: Value, signed: bool) -> Value:
    name = _INTRINSIC + "mask.getmant.pd.512"
    sign = ir.Constant(INT, 8 if signed else 4)
    emit = lambda v: lanes.call(name, _EIGHT, v, sign, v, _ALL, _CURRENT)  # noqa: E731
    return _by_eights(lanes, emit, value)


def _scale_512(lanes: Lanes, value: Value, exponent: Value) -> Value:
    name = _INTRINSIC + "mask.scalef.pd.512"
    emit = lambda v, e: lanes.call(name, _EIGHT, v, e, v, _ALL, _CURRENT)  # noqa: E731
    return _by_eights(lanes, emit, value, exponent)


def _pick_512(lanes: Lanes, table: Sequence[float], places: Value) -> Value:
    name = _INTRINSIC + "vpermi2var.pd.512"
    low, high = (ir.Constant(_EIGHT, list(half)) for half in (table[:8], table[8:]))
    return _by_eights(lanes, lambda p: lanes.call(name, _EIGHT, low, p, high), places)


_PRIMITIVES: Mapping[bool, Mapping[str, Callable[..., Value]]] = {
    False: {"exponent": _exponent, "mantissa": _mantissa, "scale": _scale, "pick": _pick},
    True: {
        "exponent": _exponent_512,
        "mantissa": _mantissa_512,
        "scale": _scale_512,
        "pick": _pick_512,
    },
}
"""By whether the CPU has AVX-512 and the vectors are as wide."""
