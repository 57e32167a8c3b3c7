"""Delays, smooths, trends and forecasts as stocks, and what else keeps a state of its own.

Source: Vensim reference manual, "Delay functions"; how an order is cut and a varying delay time
travels through DELAY N follows PySD.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from simdyn.compile.lower.scope import Place
from simdyn.compile.lower.workshop import Workshop
from simdyn.compile.nodes import (
    TIME_STEP,
    Binary,
    Call,
    Constant,
    Definition,
    Expression,
    Hold,
    Initial,
    Pipe,
    Reference,
    Reservoir,
    Stock,
    Unary,
)

_MOST_LEVELS = 1000
"""Order beyond which a delay is taken for a mistake."""

_STEP = Reference(TIME_STEP)
_ONE = Constant(1.0)


def integ(shop: Workshop, place: Place, node: Any) -> Definition:
    """Return the stock of INTEG, or of XMILE's stock that may not be negative."""
    kind = Reservoir if node.non_negative else Stock
    return kind(shop.expression(node.flow, place), shop.expression(node.initial, place))


def nested_integ(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower INTEG within an expression."""
    return shop.hidden(place, "stock", integ(shop, place, node))


def nested_initial(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower INITIAL within an expression."""
    return shop.hidden(place, "initial", Initial(shop.expression(node.initial, place)))


def smooth(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower SMOOTH of any order: each level runs after the one before."""
    order = _order(shop, place, node.order)
    time = shop.expression(node.smooth_time, place)
    initial = shop.expression(node.initial, place)
    level = shop.expression(node.input, place)
    share = Binary("/", Constant(float(order)), time)
    for _ in range(order):
        level = _following(shop, place, "smooth", level, share, initial)
    return level


def _following(
    shop: Workshop,
    place: Place,
    what: str,
    target: Expression,
    share: Expression,
    initial: Expression,
) -> Reference:
    """Make a stock that closes a share of its gap to a target per unit of time."""
    level = shop.reserved(place, what)
    shop.define(place, level, Stock(Binary("*", Binary("-", target, level), share), initial))
    return level


def delay(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower DELAY1 and DELAY3: a chain of levels, each emptied in its share of the delay time."""
    order = _order(shop, place, node.order)
    time = shop.expression(node.delay_time, place)
    return _Chain(shop, place, node, order).outflow([time] * order, time)


def delay_n(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower DELAY N: each level keeps the delay time at which its content entered the chain."""
    order = _order(shop, place, node.order)
    time = shop.expression(node.delay_time, place)
    if isinstance(time, Constant):
        return _Chain(shop, place, node, order).outflow([time] * order, time)
    times: list[Expression] = [time]
    for _ in range(order):
        times.append(shop.hidden(place, "delay time", Hold(times[-1], time)))
    return _Chain(shop, place, node, order).outflow(times[:-1], times[1])


class _Chain:
    """The levels of a delay."""

    def __init__(self, shop: Workshop, place: Place, node: Any, order: int) -> None:
        self.shop = shop
        self.place = place
        self.order = order
        self.input = shop.expression(node.input, place)
        initial = shop.expression(node.initial, place)
        self.content = Binary("*", initial, shop.expression(node.delay_time, place))
        self.used = self._used(shop.expression(node.delay_time, place))

    def outflow(self, times: Sequence[Expression], last: Expression) -> Expression:
        """Return what leaves the chain.

        times : delay time of each level
        last : delay time by which the content of the last level is divided in the end

        Contents are scaled by the order in use, as each level then starts at the same value.
        """
        flow = self.input
        levels: list[Expression] = []
        for time in times:
            level = self._level(flow, time)
            levels.append(level)
            flow = Binary("/", level, time)
        return Binary("/", self._last(levels), last)

    def _level(self, inflow: Expression, time: Expression) -> Reference:
        level = self.shop.reserved(self.place, "delay")
        change: Expression = Binary("-", inflow, Binary("/", level, time))
        if self.order > 1:
            change = Binary("*", change, self.used)
        self.shop.define(self.place, level, Stock(change, self.content))
        return level

    def _used(self, time: Expression) -> Expression:
        """Return the order in use: the largest whose levels are not shorter than a step."""
        used: Expression = _ONE
        for order in range(2, self.order + 1):
            levels = Binary("*", Constant(float(order)), _STEP)
            fits = Binary("<=", levels, time)
            used = Call("if_then_else", (fits, Constant(float(order)), used))
        if self.order == 1:
            return used
        return self.shop.hidden(self.place, "order", Initial(used))

    def _last(self, levels: list[Expression]) -> Expression:
        """Return the level that is the last by the order in use."""
        numbered = enumerate(levels[1:], start=2)

        def chosen(found: Expression, item: tuple[int, Expression]) -> Expression:
            reaches = Binary(">=", self.used, Constant(float(item[0])))
            return Call("if_then_else", (reaches, item[1], found))

        return reduce(chosen, numbered, levels[0])


def _order(shop: Workshop, place: Place, node: Any) -> int:
    order = shop.fixed_number(node, place, "the order of a delay")
    if not 1 <= order <= _MOST_LEVELS:
        shop.refuse(place, f"the order of a delay must be 1 to {_MOST_LEVELS}, here {order:g}")
    return int(order)


def delay_fixed(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower DELAY FIXED."""
    return shop.hidden(place, "pipe", pipe(shop, place, node))


def pipe(shop: Workshop, place: Place, node: Any) -> Definition:
    """Return the fixed delay itself, as the definition of a variable."""
    return Pipe(
        input=shop.expression(node.input, place),
        delay=shop.expression(node.delay_time, place),
        initial=shop.expression(node.initial, place),
    )


def sample(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower SAMPLE IF TRUE: the input while the condition holds, else what it was then."""
    sampled = shop.reserved(place, "sample")
    held = shop.hidden(place, "held", Hold(sampled, shop.expression(node.initial, place)))
    condition = shop.expression(node.condition, place)
    value = Call("if_then_else", (condition, shop.expression(node.input, place), held))
    shop.define(place, sampled, value)
    return sampled


def trend(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower TREND: growth of the input relative to its own average."""
    value, time = shop.expression(node.input, place), shop.expression(node.average_time, place)
    start = Binary("*", shop.expression(node.initial_trend, place), time)
    average = _average(shop, place, value, time, start)
    base = Binary("*", time, Call("abs", (average,)))
    return Call("zidz", (Binary("-", value, average), base))


def forecast(shop: Workshop, place: Place, node: Any) -> Expression:
    """Lower FORECAST: the input moved on by its trend."""
    value, time = shop.expression(node.input, place), shop.expression(node.average_time, place)
    average = _average(shop, place, value, time, shop.expression(node.initial_trend, place))
    slope = Call("zidz", (Binary("-", value, average), Binary("*", time, average)))
    growth = Binary("*", slope, shop.expression(node.horizon, place))
    return Binary("*", value, Binary("+", _ONE, growth))


def _average(
    shop: Workshop, place: Place, value: Expression, time: Expression, start: Expression
) -> Reference:
    initial = Binary("/", value, Binary("+", _ONE, start))
    return _following(shop, place, "average", value, Binary("/", _ONE, time), initial)


def npv(shop: Workshop, place: Place, arguments: Sequence[Any]) -> Expression:
    """Lower NPV(stream, discount rate, initial value, factor), the present step included."""
    stream, rate, initial, factor = (shop.expression(part, place) for part in arguments)
    discount = shop.reserved(place, "discount")
    per_step = Binary("+", _ONE, Binary("*", rate, _STEP))
    shrinking = Binary("*", Unary("-", discount), Binary("/", rate, per_step))
    shop.define(place, discount, Stock(shrinking, _ONE))
    discounted = Binary("*", stream, discount)
    before = shop.hidden(place, "present value", Stock(discounted, initial))
    return Binary("*", Binary("+", before, Binary("*", discounted, _STEP)), factor)


def previous(shop: Workshop, place: Place, arguments: Sequence[Any]) -> Expression:
    """Lower XMILE's PREVIOUS(input, initial): the input of the step before."""
    value, initial = (shop.expression(part, place) for part in arguments)
    return shop.hidden(place, "previous", Hold(value, initial))
