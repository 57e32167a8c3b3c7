"""Vector mathematics as IR: each function on lanes of doubles, right to about an ulp.

Logarithms and exponentials split off 1/16ths by a table of 16 entries; what is left is a
polynomial. All polynomials are Chebyshev fits in 60 digits, stated from their lowest power.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

from simdyn.engine.llvm.lanes import Lanes, Value

_LN2 = math.log(2)


def _split(value: Decimal, places: int) -> tuple[float, float]:
    """Return a number rounded to so many binary places, and the rest."""
    high = float(round(value * 2**places)) / 2**places
    return high, float(value - Decimal(high))


with localcontext(prec=50):
    _LN2_42, _LN2_38 = (_split(Decimal(2).ln(), places) for places in (42, 38))
"""ln 2 as two numbers, the first short so that its product with an exponent is exact."""

_RECIPROCALS = tuple(
    j / 32 for j in (32, 29, 28, 26, 25, 24, 23, 22, 21, 20, 19, 19, 18, 17, 17, 16)
)
"""Near 1 / m for m in the 16 parts of [1, 2); in so few bits that m r - 1 is exact."""

_DOUBLED = tuple(r if m < 8 else 2 * r for m, r in enumerate(_RECIPROCALS))
"""The same for m in [3/4, 3/2), so that logarithms near 0 are not differences."""

with localcontext(prec=50):
    _LOG_HIGH, _LOG_LOW = zip(*(_split(-Decimal(r).ln(), 42) for r in _DOUBLED), strict=True)

_LOGS = tuple(high + low for high, low in zip(_LOG_HIGH, _LOG_LOW, strict=True))

_LOG = (
    -0.49999999999999956, 0.33333333333341064, -0.25000000000808975, 0.19999999960524875,
    -0.1666666414154741, 0.14285755215788545, -0.12502712660298632, 0.11111773850600791,
    -0.09059420673503267,
)  # fmt: skip
"""(ln(1 + f) - f) / f^2 on [-0.0371, 0.0625]."""

_LOG_FINE = (
    -0.5, 0.3333333333333318, -0.25000000000024547, 0.20000000001245216, -0.16666666591176355,
    0.14285711235758897, -0.12500065077720116, 0.11114044557693017, -0.09994852323472292,
    0.0813879332672306,
)  # fmt: skip

with localcontext(prec=50):
    _POWERS = [Decimal(2) ** (Decimal(j) / 16) for j in range(16)]
    _POWERS_HIGH = tuple(float(power) for power in _POWERS)
    _POWERS_LOW = tuple(float(power - Decimal(float(power))) for power in _POWERS)
"""2^(j / 16)."""

_SHIFT = 1.5 * 2.0**48
"""Added to a number and taken off again, it leaves 16ths; the low bits of the sum count them."""

_EXP = (
    0.5, 0.16666666665296223, 0.04166666666495362, 0.008333449934107185, 0.0013889034639665864,
)  # fmt: skip
"""(e^r - 1 - r) / r^2 on +-ln 2 / 32."""

_LOWEST, _HIGHEST = -750.0, 712.0
"""Beyond these e^x is 0 or inf."""


def _reduced(lanes: Lanes, value: Value) -> tuple[Value, Value, Value]:
    """Return n, j and f with x = 2^n (1 + f) / r_j; n is infinite for 0 and inf."""
    build = lanes.builder
    mantissa = lanes.mantissa(value, signed=True)
    places = build.lshr(lanes.bits(mantissa), lanes.whole(48))
    rest = _product_less_one(lanes, mantissa, lanes.pick(_RECIPROCALS, places))
    exponent = lanes.exponent(value)
    next_one = build.fadd(exponent, lanes.number(1.0))
    upper = lanes.compare(">=", mantissa, lanes.number(1.5))
    return lanes.select(upper, next_one, exponent), places, rest


def _product_less_one(lanes: Lanes, value: Value, short: Value) -> Value:
    """Return x y - 1 without a rounding, y of a few bits."""
    if lanes.cpu.fma:
        return lanes.fma(value, short, lanes.number(-1.0))
    build = lanes.builder
    high = lanes.from_bits(build.and_(lanes.bits(value), lanes.whole(-1 << 27)))
    most = build.fadd(build.fmul(high, short), lanes.number(-1.0))
    return build.fadd(most, build.fmul(build.fsub(value, high), short))


def log(lanes: Lanes, value: Value) -> Value:
    """Return ln x."""
    build = lanes.builder
    exponent, places, rest = _reduced(lanes, value)
    coarse = lanes.fma(exponent, lanes.number(_LN2), lanes.pick(_LOGS, places))
    square = build.fmul(rest, rest)
    return build.fadd(coarse, lanes.fma(square, lanes.polynomial(rest, _LOG), rest))


def _log_fine(lanes: Lanes, value: Value) -> tuple[Value, Value]:
    """Return ln x as the sum of two numbers; where that is not finite, the second is nan."""
    build = lanes.builder
    exponent, places, rest = _reduced(lanes, value)
    coarse = lanes.fma(exponent, lanes.number(_LN2_42[0]), lanes.pick(_LOG_HIGH, places))
    first = build.fadd(coarse, rest)
    lost = build.fadd(build.fsub(coarse, first), rest)
    low = lanes.fma(exponent, lanes.number(_LN2_42[1]), lanes.pick(_LOG_LOW, places))
    square = build.fmul(rest, rest)
    curve = build.fmul(square, lanes.polynomial(rest, _LOG_FINE))
    high = build.fadd(first, curve)
    lost = build.fadd(lost, build.fadd(build.fsub(first, high), curve))
    return high, build.fadd(low, lost)


def _exp_of(lanes: Lanes, value: Value, low: Value | None) -> Value:
    """Return e^(x + low)."""
    build = lanes.builder
    bound = lanes.greatest(lanes.number(_LOWEST), value)
    bound = lanes.least(lanes.number(_HIGHEST), bound)
    shifted = lanes.fma(bound, lanes.number(1 / _LN2), lanes.number(_SHIFT))
    power = build.fsub(shifted, lanes.number(_SHIFT))
    rest = lanes.fma(power, lanes.number(-_LN2_38[0]), bound)
    rest = lanes.fma(power, lanes.number(-_LN2_38[1]), rest)
    if low is not None:
        inside = lanes.compare("==", bound, value)
        rest = build.fadd(rest, lanes.select(inside, low, lanes.number(0.0)))
    square = build.fmul(rest, rest)
    growth = lanes.fma(square, lanes.polynomial(rest, _EXP), rest)
    places = lanes.bits(shifted)
    part = lanes.pick(_POWERS_HIGH, places)
    if low is None:
        return lanes.scale(lanes.fma(part, growth, part), power)
    more = lanes.fma(part, growth, lanes.pick(_POWERS_LOW, places))
    return lanes.scale(build.fadd(part, more), power)


def exp(lanes: Lanes, value: Value) -> Value:
    """Return e^x."""
    return _exp_of(lanes, value, None)


def power(lanes: Lanes, base: Value, exponent: Value) -> Value:
    """Return |base| ** exponent."""
    high, low = _log_fine(lanes, lanes.intrinsic("fabs", base))
    product = lanes.builder.fmul(exponent, high)
    rest = lanes.fma(exponent, high, lanes.neg(product))
    return _exp_of(lanes, product, lanes.fma(exponent, low, rest))


_SIN = (
    -0.16666666666666666, 0.008333333333333331, -0.0001984126984126504, 2.755731921932058e-06,
    -2.50521062259944e-08, 1.6058530596645953e-10, -7.586636882825159e-13,
)  # fmt: skip
"""(sin(x) / x - 1) / x^2 in x^2, |x| <= pi / 4."""

_COS = (
    0.041666666666666664, -0.0013888888888888887, 2.4801587301584632e-05, -2.755731922139249e-07,
    2.0876755787492604e-09, -1.1470460319209511e-11, 4.745838412531023e-14,
)  # fmt: skip
"""(cos(x) - 1 + x^2 / 2) / x^4 in x^2, |x| <= pi / 4."""

_HALF_PI = (1.5707963267948966, 6.123233995736766e-17)
_HALF_PI_SHORT = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)
"""pi / 2 as sums; in the second, the product of a part with a number of turns is exact."""

_FAR = 2.0**20
"""Angles up to here are reduced here; the few beyond are left to the C library."""


def _turn(lanes: Lanes, angle: Value, quarters: int) -> Value:
    """Return sin(x + quarters * pi / 2) for |x| <= ``_FAR``."""
    build = lanes.builder
    turns = lanes.intrinsic("rint", build.fmul(angle, lanes.number(2 / math.pi)))
    rest = angle
    for part in _HALF_PI_SHORT:
        rest = lanes.fma(turns, lanes.number(-part), rest)
    square = build.fmul(rest, rest)
    sine = lanes.fma(build.fmul(square, rest), lanes.polynomial(square, _SIN), rest)
    half = lanes.fma(square, lanes.number(-0.5), lanes.number(1.0))
    fourth = build.fmul(square, square)
    cosine = lanes.fma(fourth, lanes.polynomial(square, _COS), half)
    count = build.add(build.fptosi(turns, lanes.long), lanes.whole(quarters))
    is_odd = build.icmp_signed("!=", build.and_(count, lanes.whole(1)), lanes.whole(0))
    found = lanes.select(is_odd, cosine, sine)
    sign = build.shl(build.and_(count, lanes.whole(2)), lanes.whole(62))
    return lanes.from_bits(build.xor(lanes.bits(found), sign))


def _angle(name: str, near: Callable[[Lanes, Value], Value]) -> Callable[[Lanes, Value], Value]:
    """Return the function that is ``near`` of small angles, and the C library's of the others."""

    def function(lanes: Lanes, angle: Value) -> Value:
        fits = lanes.compare("<", lanes.intrinsic("fabs", angle), lanes.number(_FAR))
        inside = near(lanes, lanes.select(fits, angle, lanes.number(0.0)))
        others = lambda: lanes.select(fits, inside, lanes.intrinsic(name, angle))  # noqa: E731
        return lanes.unless_all(fits, inside, others)

    return function


def _tan(lanes: Lanes, angle: Value) -> Value:
    return lanes.builder.fdiv(_turn(lanes, angle, 0), _turn(lanes, angle, 1))


_ASIN = (
    0.16666666666666669, 0.07499999999998425, 0.04464285714637338, 0.030381944137085216,
    0.022372173002005596, 0.017352391265909227, 0.013971235301124539, 0.011478952690257387,
    0.010324318288744113, 0.00545087818772055, 0.017419357964884856, -0.014881409392818066,
    0.02877844261259304,
)  # fmt: skip
"""(asin(x) / x - 1) / x^2 in x^2, |x| <= 1 / 2."""


def _arcsin_core(lanes: Lanes, value: Value) -> Value:
    """Return asin(x) for |x| <= 1 / 2."""
    square = lanes.builder.fmul(value, value)
    cube = lanes.builder.fmul(square, value)
    return lanes.fma(cube, lanes.polynomial(square, _ASIN), value)


def _halved(lanes: Lanes, size: Value) -> Value:
    """Return sqrt((1 - x) / 2), whose arcsine is half of x's arccosine."""
    half = lanes.number(0.5)
    return lanes.intrinsic("sqrt", lanes.fma(size, lanes.number(-0.5), half))


def arcsin(lanes: Lanes, value: Value) -> Value:
    """Return the arcsine; nan beyond +-1."""
    build = lanes.builder
    size = lanes.intrinsic("fabs", value)
    small = lanes.compare("<=", size, lanes.number(0.5))
    core = _arcsin_core(lanes, lanes.select(small, size, _halved(lanes, size)))
    rest = lanes.fma(core, lanes.number(-2.0), lanes.number(_HALF_PI[1]))
    large = build.fadd(lanes.number(_HALF_PI[0]), rest)
    return lanes.intrinsic("copysign", lanes.select(small, core, large), value)


def arccos(lanes: Lanes, value: Value) -> Value:
    """Return the arccosine; nan beyond +-1."""
    build = lanes.builder
    size = lanes.intrinsic("fabs", value)
    small = lanes.compare("<=", size, lanes.number(0.5))
    core = _arcsin_core(lanes, lanes.select(small, value, _halved(lanes, size)))
    high, low = (lanes.number(part) for part in _HALF_PI)
    middle = build.fsub(high, build.fsub(core, low))
    twice = build.fadd(core, core)
    two = lanes.number(2.0)
    other = build.fsub(build.fmul(two, high), build.fsub(twice, build.fmul(two, low)))
    negative = lanes.compare("<", value, lanes.number(0.0))
    return lanes.select(small, middle, lanes.select(negative, other, twice))


_ATAN = (
    -0.3333333333333333, 0.19999999999999993, -0.1428571428571149, 0.11111111110751482,
    -0.0909090906681608, 0.07692306729194896, -0.06666641869131183, 0.058819230561140225,
    -0.05258020272656758, 0.04719259188242093, -0.04103887546862687, 0.030622995553735516,
    -0.013905374533113234,
)  # fmt: skip
"""(atan(x) / x - 1) / x^2 in x^2, |x| <= tan(pi / 8)."""

_EIGHTH = math.tan(math.pi / 8)


def arctan(lanes: Lanes, value: Value) -> Value:
    """Return the arctangent."""
    build = lanes.builder
    size = lanes.intrinsic("fabs", value)
    one = lanes.number(1.0)
    large = lanes.compare(">", size, lanes.number(1 / _EIGHTH))
    medium = lanes.compare(">", size, lanes.number(_EIGHTH))
    numerator = lanes.select(large, lanes.number(-1.0), build.fsub(size, one))
    divisor = lanes.select(large, size, build.fadd(size, one))
    moved = lanes.select(medium, build.fdiv(numerator, divisor), size)
    square = build.fmul(moved, moved)
    core = lanes.fma(build.fmul(square, moved), lanes.polynomial(square, _ATAN), moved)
    high, low = (
        lanes.select(
            large, lanes.number(part), lanes.select(medium, lanes.number(part / 2), lanes.number(0))
        )
        for part in _HALF_PI
    )
    return lanes.intrinsic("copysign", build.fadd(high, build.fadd(core, low)), value)


_SINH = (
    0.16666666666666666, 0.008333333333333333, 0.00019841269841269773, 2.755731922404061e-06,
    2.5052108363972185e-08, 1.6059048410081293e-10, 7.646624280324513e-13, 2.8445596736423237e-15,
)  # fmt: skip
"""(sinh(x) / x - 1) / x^2 in x^2, |x| <= 1."""


def _sinh_core(lanes: Lanes, value: Value) -> Value:
    square = lanes.builder.fmul(value, value)
    cube = lanes.builder.fmul(square, value)
    return lanes.fma(cube, lanes.polynomial(square, _SINH), value)


def _half_exps(lanes: Lanes, size: Value) -> tuple[Value, Value]:
    """Return e^|x| / 2 and e^-|x| / 2; the first only overflows when sinh does."""
    build = lanes.builder
    half = lanes.number(0.5)
    root = exp(lanes, build.fmul(size, half))
    far = build.fmul(build.fmul(root, half), root)
    near = build.fmul(exp(lanes, size), half)
    grown = lanes.select(lanes.compare(">", size, lanes.number(700.0)), far, near)
    return grown, build.fdiv(lanes.number(0.25), grown)


def sinh(lanes: Lanes, value: Value) -> Value:
    """Return the hyperbolic sine."""
    size = lanes.intrinsic("fabs", value)
    large = lanes.builder.fsub(*_half_exps(lanes, size))
    small = lanes.compare("<", size, lanes.number(1.0))
    signed = lanes.intrinsic("copysign", large, value)
    return lanes.select(small, _sinh_core(lanes, value), signed)


def cosh(lanes: Lanes, value: Value) -> Value:
    """Return the hyperbolic cosine."""
    return lanes.builder.fadd(*_half_exps(lanes, lanes.intrinsic("fabs", value)))


def tanh(lanes: Lanes, value: Value) -> Value:
    """Return the hyperbolic tangent."""
    build = lanes.builder
    one, two = lanes.number(1.0), lanes.number(2.0)
    size = lanes.intrinsic("fabs", value)
    grown = exp(lanes, build.fadd(size, size))
    large = build.fsub(one, build.fdiv(two, build.fadd(grown, one)))
    core = _sinh_core(lanes, value)
    near = build.fdiv(core, lanes.intrinsic("sqrt", lanes.fma(core, core, one)))
    small = lanes.compare("<", size, one)
    return lanes.select(small, near, lanes.intrinsic("copysign", large, value))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "log": log,
    "exp": exp,
    "pow": power,
    "sin": _angle("sin", lambda lanes, angle: _turn(lanes, angle, 0)),
    "cos": _angle("cos", lambda lanes, angle: _turn(lanes, angle, 1)),
    "tan": _angle("tan", _tan),
    "arcsin": arcsin,
    "arccos": arccos,
    "arctan": arctan,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
}
"""By the operations of ``graph``."""
