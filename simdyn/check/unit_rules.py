"""How operators and functions combine units: a row of a table each.

Vensim's rules. Literal numbers are dimensionless, but a bare 0 agrees with anything, and an
equation, a starting value or a time that is only numbers takes the unit it needs. What has no
unit, or a faulty one, agrees with anything, so that one fault is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple, Protocol

from pint.util import UnitsContainer

from simdyn.check.words import Words
from simdyn.compile.functions import spelled
from simdyn.compile.nodes import TIME_STEP, Binary, Call, Expression, Reference
from simdyn.units import DIMENSIONLESS, UnitError, raised, same


class Wild(Enum):
    """What stands in for a unit."""

    UNKNOWN = "agrees with anything"
    NUMBER = "literal numbers only"


Unit = UnitsContainer | Wild
UNKNOWN, NUMBER = Wild.UNKNOWN, Wild.NUMBER


class Part(NamedTuple):
    """A part of an equation: its node, unit and words."""

    node: Expression
    unit: Unit
    words: Words


class Report(Protocol):
    """What rules need of the check: how to report, and what the model's values are."""

    time: Unit

    def fault(self, cause: str, mend: str) -> None:
        """Note a fault of the equation."""

    def quote(self, part: Part) -> str:
        """Return a part's words and unit."""

    def value(self, node: Expression) -> float | None:
        """Return the value of what is the same in the whole run; None of anything else."""

    def convert(self, given: Unit, wanted: Unit) -> str:
        """Return what mends a part of a given unit where another is wanted."""


Rule = Callable[[Report, Sequence[Part]], Unit]


def times(left: Unit, right: Unit) -> Unit:
    """Return the unit of a product."""
    if isinstance(left, Wild):
        return right if left is NUMBER else UNKNOWN
    if isinstance(right, Wild):
        return left if right is NUMBER else UNKNOWN
    return left * right


def power(unit: Unit, exponent: float) -> Unit:
    """Return a power of a unit."""
    if isinstance(unit, Wild):
        return unit
    try:
        return raised(unit, exponent)
    except UnitError:
        return UNKNOWN


def agree(left: Unit, right: Unit) -> bool:
    """Return whether two units may be added."""
    if UNKNOWN in (left, right) or left is right:
        return True
    plain = [DIMENSIONLESS if isinstance(unit, Wild) else unit for unit in (left, right)]
    return same(*plain)


def common(parts: Sequence[Part]) -> Unit:
    """Return the unit of parts that agree."""
    units = [part.unit for part in parts]
    known = [unit for unit in units if not isinstance(unit, Wild)]
    if known:
        return known[0]
    return NUMBER if NUMBER in units else UNKNOWN


def together(report: Report, parts: Sequence[Part], verb: str) -> Unit:
    """Return the common unit of parts, or report the first that does not fit the one before."""
    anchor = parts[0]
    for part in parts[1:]:
        if not agree(anchor.unit, part.unit):
            cause = f"{report.quote(part)} {verb} {report.quote(anchor)}."
            report.fault(cause, report.convert(part.unit, anchor.unit))
            return UNKNOWN
        if isinstance(anchor.unit, Wild):
            anchor = part
    return common(parts)


def dimensionless(report: Report, parts: Sequence[Part], where: str) -> None:
    """Report the parts that have a unit where none belongs."""
    for part in parts:
        if not agree(part.unit, DIMENSIONLESS):
            cause = f"{report.quote(part)} {where}, which takes Dmnl."
            report.fault(cause, "Divide it by a reference value of its own unit.")


def times_of(report: Report, parts: Sequence[Part], function: str) -> None:
    """Report the parts that are no time; a literal number is one."""
    for part in parts:
        if part.unit is not NUMBER and not agree(part.unit, report.time):
            cause = f"{report.quote(part)} as a time of {function}."
            report.fault(cause, report.convert(part.unit, report.time))


# Operators


def _sum(verb: str) -> Rule:
    return lambda report, parts: together(report, parts, verb)


def _product(_: Report, parts: Sequence[Part]) -> Unit:
    return times(parts[0].unit, parts[1].unit)


def _quotient(_: Report, parts: Sequence[Part]) -> Unit:
    if parts[0].unit is NUMBER and parts[1].node == Reference(TIME_STEP):
        return UNKNOWN  # a number that is given within one step, as by XMILE's PULSE
    return times(parts[0].unit, power(parts[1].unit, -1))


def _power(report: Report, parts: Sequence[Part]) -> Unit:
    base, exponent = parts[:2]
    dimensionless(report, [exponent], "as an exponent")
    if isinstance(base.unit, Wild):
        return NUMBER if base.unit is exponent.unit is NUMBER else _plain(base.unit)
    if agree(base.unit, DIMENSIONLESS):
        return DIMENSIONLESS
    value = report.value(exponent.node)
    if value is None:
        cause = f"{report.quote(base)} raised to {exponent.words.text}, which is no constant."
        report.fault(cause, "Divide it by a reference value of its own unit.")
        return UNKNOWN
    return power(base.unit, value)


def _plain(unit: Unit) -> Unit:
    return DIMENSIONLESS if unit is NUMBER else unit


def _comparison(report: Report, parts: Sequence[Part]) -> Unit:
    is_time = [agree(p.unit, report.time) and not isinstance(p.unit, Wild) for p in parts]
    if not (any(is_time) and NUMBER in [part.unit for part in parts]):
        together(report, parts, "compared with")
    return DIMENSIONLESS


def _logic(report: Report, parts: Sequence[Part]) -> Unit:
    dimensionless(report, parts, "as a condition")
    return DIMENSIONLESS


BINARY: dict[str, Rule] = {
    "+": _sum("added to"),
    "-": _sum("subtracted from"),
    "*": _product,
    "/": _quotient,
    "^": _power,
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), _comparison),
    **dict.fromkeys((":and:", ":or:"), _logic),
}

UNARY: dict[str, Rule] = {"-": lambda _, parts: parts[0].unit, ":not:": _logic}


# Functions


def _number(function: str) -> Rule:
    """Return the rule of a function of dimensionless numbers."""

    def rule(report: Report, parts: Sequence[Part]) -> Unit:
        dimensionless(report, parts, f"in {function}")
        return DIMENSIONLESS

    return rule


def _kept(_: Report, parts: Sequence[Part]) -> Unit:
    return parts[0].unit


def _alike(function: str) -> Rule:
    return lambda report, parts: together(report, parts, f"in {function} with")


def _choice(report: Report, parts: Sequence[Part]) -> Unit:
    dimensionless(report, parts[:1], "as the condition of IF THEN ELSE")
    return together(report, parts[1:], "in IF THEN ELSE with")


def _root(_: Report, parts: Sequence[Part]) -> Unit:
    return power(parts[0].unit, 0.5)


def _step(report: Report, parts: Sequence[Part]) -> Unit:
    times_of(report, parts[1:], "STEP")
    return parts[0].unit


def _ramp(report: Report, parts: Sequence[Part]) -> Unit:
    times_of(report, parts[1:], "RAMP")
    return parts[0].unit if parts[0].unit is NUMBER else times(parts[0].unit, report.time)


def _pulse(function: str) -> Rule:
    def rule(report: Report, parts: Sequence[Part]) -> Unit:
        times_of(report, parts, function)
        return DIMENSIONLESS

    return rule


def _ratio_or_zero(report: Report, parts: Sequence[Part]) -> Unit:
    return _quotient(report, parts)


def _ratio_or_other(report: Report, parts: Sequence[Part]) -> Unit:
    ratio = _quotient(report, parts)
    if parts[2].unit is not NUMBER and not agree(ratio, parts[2].unit):
        whole = parts[0]._replace(unit=ratio, words=Words("the ratio"))
        return together(report, [whole, parts[2]], "in XIDZ instead of")
    return ratio


_NUMBERS = (
    "arccos",
    "arcsin",
    "arctan",
    "cos",
    "cosh",
    "exp",
    "gamma_ln",
    "ln",
    "log",
    "sin",
    "sinh",
    "tan",
    "tanh",
)

FUNCTIONS: dict[str, Rule] = {
    **{name: _number(spelled(name)) for name in _NUMBERS},
    "abs": _kept,
    "if_then_else": _choice,
    "integer": _kept,
    "max": _alike("MAX"),
    "min": _alike("MIN"),
    "modulo": _alike("MODULO"),
    "power": _power,
    "pulse": _pulse("PULSE"),
    "pulse_train": _pulse("PULSE TRAIN"),
    "quantum": _alike("QUANTUM"),
    "ramp": _ramp,
    "sqrt": _root,
    "step": _step,
    "xidz": _ratio_or_other,
    "zidz": _ratio_or_zero,
}
"""Rules by the names of ``functions.BUILTINS``, without the clock's arguments; what is not here
agrees with anything."""


def rule_of(node: Expression) -> Rule | None:
    """Return the rule of an operator or function; None if it has none."""
    match node:
        case Binary(operator=operator):
            return BINARY.get(operator)
        case Call(function=function):
            return FUNCTIONS.get(function)
    return UNARY.get(getattr(node, "operator", ""))
