"""Calls of lookups, macros and functions, those included that are more than one of values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pysd.translators.structures.abstract_expressions as ae

from simdyn.compile.functions import BUILTINS, spelled
from simdyn.compile.lower import arrays, delays, macros, tables
from simdyn.compile.lower.scope import Place
from simdyn.compile.lower.workshop import Workshop
from simdyn.compile.nodes import (
    TIME_STEP,
    ActiveInitial,
    Binary,
    Call,
    Constant,
    Expression,
    Random,
    Reference,
    Time,
    Unary,
    key_of,
)
from simdyn.errors import did_you_mean

Arguments = Sequence[Any]
Special = Callable[[Workshop, Place, Arguments], Expression]

_CLOCK = (Time(), Reference(TIME_STEP))
_FOREVER = Constant(math.inf)
_ZERO, _ONE = Constant(0.0), Constant(1.0)


def call(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower the call of a lookup, macro or function."""
    key = key_of(node.function.reference)
    table = shop.table(place, node.function)
    if table is not None:
        check_arity(shop, place, key.replace("_", " "), len(node.arguments), 1)
        return tables.read(shop, place, table, "interpolate", node.arguments[0])
    if key in shop.macros:
        return macros.use(shop, place, key, node.arguments)
    if key in SPECIAL:
        arities, special = SPECIAL[key]
        check_arity(shop, place, spelled(key), len(node.arguments), *arities)
        return special(shop, place, node.arguments)
    return _builtin(shop, place, key, node.arguments)


def _builtin(shop: Workshop, place: Place, key: str, arguments: Arguments) -> Expression:
    if key not in BUILTINS:
        names = [*BUILTINS, *SPECIAL, *shop.macros, *_tables(shop)]
        mend = did_you_mean(spelled(key), map(spelled, names))
        shop.refuse(place, f"function {spelled(key)} is not supported. {mend}")
    builtin = BUILTINS[key]
    check_arity(shop, place, spelled(key), len(arguments), builtin.arity)
    values = [shop.expression(argument, place) for argument in arguments]
    return Call(key, (*(_CLOCK if builtin.clock else ()), *values))


def _tables(shop: Workshop) -> list[str]:
    return [key for key, source in shop.main.sources.items() if source.equations[0].lookup]


def check_arity(shop: Workshop, place: Place, function: str, given: int, *arities: int) -> None:
    """Refuse a call with too many or too few arguments."""
    if given not in arities:
        listed = " or ".join(map(str, arities))
        shop.refuse(place, f"{function} takes {listed} arguments, here {given}")


def _reader(key: str) -> Special:
    """Return what lowers a function whose first argument is a lookup."""

    def special(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
        named = isinstance(arguments[0], ae.ReferenceStructure)
        table = shop.table(place, arguments[0]) if named else None
        if table is None:
            shop.refuse(place, f"{spelled(key)} takes a lookup first")
        if key not in tables.READERS:
            return tables.inverted(shop, place, table, arguments[1])
        return tables.read(shop, place, table, tables.READERS[key], arguments[1])

    return special


def _reduction(key: str) -> Special:
    return lambda shop, place, arguments: arrays.reduction(shop, place, key, arguments)


def _vector(key: str, lowering: Callable[..., Expression]) -> Special:
    return lambda shop, place, arguments: lowering(shop, place, key, arguments)


def _active_initial(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    return shop.hidden(place, "active initial", active_initial(shop, place, arguments))


def active_initial(shop: Workshop, place: Place, arguments: Arguments) -> ActiveInitial:
    """Return ACTIVE INITIAL(active, initial) as the definition of a variable."""
    check_arity(shop, place, "ACTIVE INITIAL", len(arguments), 2)
    active, initial = (shop.expression(argument, place) for argument in arguments)
    return ActiveInitial(active, initial)


def _time_value(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    relative = shop.fixed_number(arguments[0], place, "what GET TIME VALUE is relative to")
    measure = shop.fixed_number(arguments[2], place, "the measure of GET TIME VALUE")
    origins: dict[float, Expression] = {0: Time(), 1: Reference("initial_time")}
    if measure != 0 or relative not in origins:
        shop.refuse(place, "GET TIME VALUE knows units of Time only, not the calendar or clock")
    return Binary("+", origins[relative], shop.expression(arguments[1], place))


def _pulse_xmile(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    """Lower XMILE's PULSE, from PySD's (start, magnitude)."""
    return _impulse(shop, place, arguments[0], _FOREVER, arguments[1])


def _pulse_train_xmile(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    """Lower XMILE's PULSE with an interval, from PySD's (start, interval, magnitude)."""
    return _impulse(shop, place, arguments[0], shop.expression(arguments[1], place), arguments[2])


def _impulse(
    shop: Workshop, place: Place, start: Any, interval: Expression, magnitude: Any
) -> Expression:
    """Return a magnitude that is given within one step, now and then."""
    half = Binary("/", _CLOCK[1], Constant(2.0))
    begin = shop.expression(start, place)
    on = Call("pulse_train", (*_CLOCK, begin, interval, half, _FOREVER))
    return Binary("*", Binary("/", shop.expression(magnitude, place), _CLOCK[1]), on)


def _ramp_xmile(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    slope, start = (shop.expression(argument, place) for argument in arguments)
    return Call("ramp", (*_CLOCK, slope, start, _FOREVER))


def _log10(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    return Call("log", (shop.expression(arguments[0], place), Constant(10.0)))


def _round(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    value = shop.expression(arguments[0], place)
    half = Call("if_then_else", (Binary("<", value, _ZERO), Constant(-0.5), Constant(0.5)))
    return Call("integer", (Binary("+", value, half),))


def _wave(function: str) -> Special:
    """Return what lowers XMILE's SINWAVE or COSWAVE(amplitude, period)."""

    def special(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
        amplitude, period = (shop.expression(argument, place) for argument in arguments)
        turn = Binary("/", Binary("*", Constant(2 * math.pi), Time()), period)
        return Binary("*", amplitude, Call(function, (turn,)))

    return special


def _named(value: Expression) -> Special:
    """Return what lowers a value that is written as a call, such as PI()."""

    def special(_shop: Workshop, _place: Place, _arguments: Arguments) -> Expression:
        return value

    return special


def _random(distribution: str, count: int, *defaults: Expression) -> Special:
    """Return what lowers a draw: its first ``count`` arguments, behind them a seed that is unused.

    defaults : stand for arguments in front that the function does not take
    """

    def special(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
        values = [shop.expression(argument, place) for argument in arguments[:count]]
        return Random(distribution, shop.stream(), (*defaults, *values))

    return special


_UNBOUNDED = (Unary("-", _FOREVER), _FOREVER)


def _poisson(shop: Workshop, place: Place, arguments: Arguments) -> Expression:
    mean = shop.expression(arguments[0], place)
    return Random("poisson", shop.stream(), (*_UNBOUNDED, mean, _ZERO, _ONE))


SPECIAL: dict[str, tuple[tuple[int, ...], Special]] = {
    "active_initial": ((2,), _active_initial),
    "coswave": ((2,), _wave("cos")),
    "dt": ((0,), _named(Reference(TIME_STEP))),
    "elmcount": ((1,), arrays.elmcount),
    "exprnd": ((1, 2), _random("exponential", 1, _ZERO, _FOREVER, _ZERO)),
    "get_time_value": ((3,), _time_value),
    "inf": ((0,), _named(_FOREVER)),
    "log10": ((1,), _log10),
    "normal": ((2, 3), _random("normal", 2, *_UNBOUNDED)),
    "npv": ((4,), delays.npv),
    "pi": ((0,), _named(Constant(math.pi))),
    "poisson": ((1, 2), _poisson),
    "previous": ((2,), delays.previous),
    "random": ((2, 3), _random("uniform", 2)),
    "random_0_1": ((0,), _random("uniform", 0, _ZERO, _ONE)),
    "random_beta": ((7,), _random("beta", 6)),
    "random_exponential": ((5,), _random("exponential", 4)),
    "random_gamma": ((6,), _random("gamma", 5)),
    "random_normal": ((5,), _random("normal", 4)),
    "random_poisson": ((6,), _random("poisson", 5)),
    "random_triangular": ((6,), _random("triangular", 5)),
    "random_uniform": ((3,), _random("uniform", 2)),
    "random_weibull": ((6,), _random("weibull", 5)),
    "round": ((1,), _round),
    "sinwave": ((2,), _wave("sin")),
    "size": ((1,), arrays.elmcount),
    "starttime": ((0,), _named(Reference("initial_time"))),
    "stoptime": ((0,), _named(Reference("final_time"))),
    "time": ((0,), _named(Time())),
    "uniform": ((2, 3), _random("uniform", 2)),
    "vector_select": ((5,), arrays.select),
    "xpulse": ((2,), _pulse_xmile),
    "xpulse_train": ((3,), _pulse_train_xmile),
    "xramp": ((2,), _ramp_xmile),
    **{key: ((1,), _reduction(key)) for key in arrays.REDUCTIONS},
    **{key: ((arity,), _vector(key, made)) for key, (arity, made) in arrays.VECTORS.items()},
    **{key: ((2,), _reader(key)) for key in (*tables.READERS, "lookup_invert")},
}
"""Functions that are more than a function of values: numbers of arguments, and what lowers them."""
