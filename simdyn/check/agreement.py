"""Whether the units of every equation agree, term by term and with the unit it is given."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from simdyn.check.finding import Finding, Severity
from simdyn.check.subject import Subject, parts
from simdyn.check.unit_rules import (
    NUMBER,
    UNKNOWN,
    Part,
    Unit,
    Wild,
    agree,
    dimensionless,
    power,
    rule_of,
    times,
    times_of,
)
from simdyn.check.values import evaluate
from simdyn.check.words import Phrases, clock_arguments
from simdyn.compile.nodes import (
    CONTROLS,
    Binary,
    Call,
    Constant,
    Expression,
    Hold,
    Lookup,
    Pipe,
    Reference,
    Reservoir,
    Stock,
    Table,
    Time,
    Variable,
    at_start,
    children,
    references,
    walk,
)
from simdyn.units import UnitError, Units

CHECK = "units"


def units_agree(subject: Subject) -> Iterator[Finding]:
    """Yield each unit that cannot be read, and each operation whose units disagree."""
    sheet = _Sheet(subject)
    yield from sheet.unread
    told: set[tuple[str, int | None]] = set()  # an equation is told once for all its elements
    for variable in subject.variables.values():
        if variable.key in subject.lost or isinstance(variable.definition, Table):
            continue
        place = (variable.owner or variable.key, variable.line)
        if place not in told and (found := _faults(sheet, variable)):
            told.add(place)
            yield from found


def _faults(sheet: _Sheet, variable: Variable) -> list[Finding]:
    """Return what is wrong with the units of a variable; of a hidden one, the first fault."""
    if not variable.hidden:
        return _Equation(sheet, variable).check()
    if _part(variable) in _WITHOUT_CHECK:
        return []
    found = _Equation(sheet, variable).check()[:1]
    return [replace(f, cause=f"in its {_part(variable)}, {f.cause}") for f in found]


_WITHOUT_UNIT = frozenset({"average", "delay", "discount", "order", "present value"})
"""Parts that the compiler adds to equations, whose unit cannot be told from literal numbers."""

_WITHOUT_CHECK = frozenset({"average", "discount"})
"""Such parts to which the author's literal numbers are added."""


def _part(variable: Variable) -> str:
    """Return what a hidden variable is, such as "smooth", or the macro it is part of."""
    return variable.name.partition("#")[0].replace("_", " ")


def _origins(variable: Variable) -> list[Expression]:
    """Return the expressions that give a hidden variable its unit, the surest first."""
    match variable.definition:
        case _ if _part(variable) in _WITHOUT_UNIT:
            return []
        case Stock(flow=Binary(left=Binary(left=target))) if _part(variable) == "smooth":
            return [target]
        case Hold(next=expression, initial=initial) | Pipe(input=expression, initial=initial):
            return [expression, initial]
        case definition:
            start = at_start(definition)
            return [] if start is None else [start]


class _Sheet:
    """The units of all variables, and of time.

    unread : findings about units that cannot be read
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.units = Units(subject.equivalents)
        self.unread: list[Finding] = []
        self.known: dict[str, Unit] = {}
        for key, item in subject.lost.items():
            self.known[key] = self.read(item.unit, None)
        for variable in subject.authors:
            self.known[variable.key] = self.read(variable.unit, variable)
        clocks = (self.known.get(key, UNKNOWN) for key in CONTROLS)
        self.time = next((unit for unit in clocks if not isinstance(unit, Wild)), UNKNOWN)
        for variable in subject.variables.values():
            if variable.key not in self.known:
                self.known[variable.key] = UNKNOWN
                self.known[variable.key] = _Equation(self, variable).inferred()

    def read(self, text: str, variable: Variable | None) -> Unit:
        """Return the unit that a text names; a faulty one is noted at its variable."""
        try:
            unit = self.units.read(text)
        except UnitError as error:
            if variable is not None:
                cause = f"its unit '{text}' cannot be read: {error}."
                mend = "Write it like wan person/(Year*Hour)."
                self.unread.append(self.subject.finding(CHECK, variable, cause, mend))
            return UNKNOWN
        return UNKNOWN if unit is None else unit

    def words(self, unit: Unit) -> str:
        """Return a unit as its author writes it."""
        return "a bare number" if isinstance(unit, Wild) else self.units.words(unit)


class _Equation:
    """One variable's equations, whose faults are collected."""

    def __init__(self, sheet: _Sheet, variable: Variable) -> None:
        self.sheet = sheet
        self.variable = variable
        self.time = sheet.time
        self.found: list[Finding] = []
        self.phrases = Phrases(sheet.subject.names, self.table_name)

    def check(self) -> list[Finding]:
        """Return what is wrong with the units of the equations."""
        unit = self.sheet.known[self.variable.key]
        match self.variable.definition:
            case Stock(flow=flow, initial=initial) | Reservoir(flow=flow, initial=initial):
                self.result(initial, unit, "its starting value is")
                self.flow(flow, unit)
            case Hold(next=expression, initial=initial):
                self.result(initial, unit, "its starting value is")
                self.result(expression, unit, "what it holds is")
            case Pipe(input=expression, delay=delay, initial=initial):
                self.result(initial, unit, "its starting value is")
                self.result(expression, unit, "what it delays is")
                times_of(self, [self.whole(delay)], "DELAY FIXED")
            case _:
                for part in parts(self.variable):
                    self.result(part, unit, "its equation gives")
        return list(dict.fromkeys(self.found))

    def inferred(self) -> Unit:
        """Return the unit that the equations give."""
        units = (self.whole(expression).unit for expression in _origins(self.variable))
        return next((unit for unit in units if not isinstance(unit, Wild)), UNKNOWN)

    def result(self, expression: Expression, unit: Unit, what: str) -> None:
        part = self.whole(expression)
        if part.unit is not NUMBER and not agree(part.unit, unit):
            cause = f"{what} {self.sheet.words(part.unit)}, its unit is {self.sheet.words(unit)}."
            self.fault(cause, self.convert(part.unit, unit, "Correct the equation or the unit."))

    def flow(self, expression: Expression, unit: Unit) -> None:
        wanted = times(unit, power(self.time, -1))
        part = self.whole(expression)
        # A delay time that is a literal number takes the unit it needs.
        literal = self.variable.hidden and agree(part.unit, unit)
        if part.unit is not NUMBER and not literal and not agree(part.unit, wanted):
            cause = f"its flow is {self.sheet.words(part.unit)}, where {self.sheet.words(unit)} "
            cause += f"changes by {self.sheet.words(wanted)}."
            self.fault(cause, self.convert(part.unit, wanted, "Correct the flow or the unit."))

    def whole(self, expression: Expression) -> Part:
        """Return an expression with its unit and words, having reported its faults."""
        stack: list[Part] = []
        for node in reversed(list(walk(expression))):
            n_operand = len(children(node))
            operands = stack[len(stack) - n_operand :]
            del stack[len(stack) - n_operand :]
            words = [operand.words for operand in operands]
            said = self.phrases.of(node, words)
            stack.append(Part(node, self.unit(node, operands), said))
        return stack[0]

    def unit(self, node: Expression, operands: list[Part]) -> Unit:
        match node:
            case Constant(value=value):
                return NUMBER if value and math.isfinite(value) else UNKNOWN
            case Reference(key=key):
                return self.sheet.known.get(key, UNKNOWN)
            case Time():
                return self.time
            case Lookup():
                return self.lookup(node, operands)
        rule = rule_of(node)
        hidden = clock_arguments(node) if isinstance(node, Call) else 0
        return UNKNOWN if rule is None else rule(self, operands[hidden:])

    def lookup(self, node: Lookup, operands: list[Part]) -> Unit:
        """Return the unit that a lookup gives; its argument should be dimensionless."""
        if self.variable.kind == "data" or self.sheet.subject.inverse_of(node) is not None:
            return UNKNOWN
        name = self.table_name(node) or "WITH LOOKUP"
        n_error = len(self.found)
        dimensionless(self, operands, f"as the argument of {name}")
        self.found[n_error:] = [_as_warning(finding) for finding in self.found[n_error:]]
        table = self.sheet.subject.table_of(node)
        return NUMBER if table is None else self.sheet.known[table.key]

    def table_name(self, node: Lookup) -> str:
        table = self.sheet.subject.table_of(node)
        return "" if table is None else self.sheet.subject.names[table.key]

    def fault(self, cause: str, mend: str) -> None:
        found = self.sheet.subject.finding(CHECK, self.variable, cause, mend)
        self.found.append(found)

    def quote(self, part: Part) -> str:
        if isinstance(part.unit, Wild):
            return f"{part.words.text} (a number)"
        return f"{part.words.text} ({self.sheet.words(part.unit)})"

    def value(self, node: Expression) -> float | None:
        """Return the value of an expression of constants."""
        variables = self.sheet.subject.variables
        kinds = {variables[key].kind if key in variables else "" for key in references(node)}
        value = evaluate(node, self.sheet.subject.values)
        return value if kinds <= {"constant"} and math.isfinite(value) else None

    def convert(self, given: Unit, wanted: Unit, otherwise: str = "") -> str:
        """Return what mends a unit: a time constant too many or too few, else both units."""
        if NUMBER in (given, wanted):
            return "Make the number a constant with a unit of its own."
        for factor, mend in ((1, "Multiply"), (-1, "Divide")):
            if not isinstance(self.time, Wild):
                moved = times(given, power(self.time, factor))
                if wanted not in (UNKNOWN, given) and agree(moved, wanted):
                    return f"{mend} by a time constant."
        return otherwise or "Bring both to one unit."


def _as_warning(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.WARNING)
