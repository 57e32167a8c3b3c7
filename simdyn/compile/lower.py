"""Lower PySD's AbstractModel to our own nodes. What the compiler does not know is refused here."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, NoReturn

import pysd.translators.structures.abstract_expressions as ae
import pysd.translators.structures.abstract_model as am

from simdyn.compile.functions import BUILTINS, spelled
from simdyn.compile.nodes import (
    CONTROLS,
    TIME_STEP,
    ActiveInitial,
    Binary,
    Call,
    Constant,
    Definition,
    Expression,
    Initial,
    Kind,
    Lookup,
    Program,
    Reference,
    Stock,
    Table,
    TableKind,
    Time,
    Unary,
    Variable,
    at_step,
    key_of,
    walk,
)
from simdyn.compile.read import Parsed
from simdyn.errors import ModelError, did_you_mean

_CHAINS = ({"+", "-"}, {"*", "/"}, {":and:"}, {":or:"})
"""Operators that may stand in one chain, which groups from the left."""

_TABLE_KINDS: tuple[TableKind, ...] = ("interpolate", "extrapolate", "hold_backward")

_STRUCTURES = {
    ae.AllocateAvailableStructure: "ALLOCATE AVAILABLE",
    ae.AllocateByPriorityStructure: "ALLOCATE BY PRIORITY",
    ae.DataStructure: "exogenous data",
    ae.DelayFixedStructure: "DELAY FIXED",
    ae.DelayNStructure: "DELAY N",
    ae.DelayStructure: "DELAY1 or DELAY3",
    ae.ForecastStructure: "FORECAST",
    ae.GetConstantsStructure: "GET CONSTANTS",
    ae.GetDataStructure: "GET DATA",
    ae.GetLookupsStructure: "GET LOOKUPS",
    ae.SampleIfTrueStructure: "SAMPLE IF TRUE",
    ae.SmoothNStructure: "SMOOTH N",
    ae.SmoothStructure: "SMOOTH or SMOOTH3",
    ae.TrendStructure: "TREND",
}
"""Structures of PySD that are not supported, by the names a modeller knows."""

_XMILE_CALLS = {
    "Xpulse": "XMILE's PULSE",
    "Xpulse_train": "XMILE's PULSE with an interval",
    "Xramp": "RAMP without an end",
    "vmax_xmile": "MAX of an array",
    "vmin_xmile": "MIN of an array",
}

_STATES = (ae.IntegStructure, ae.InitialStructure)


def lower(parsed: Parsed) -> Program:
    """Return the model in our nodes.

    Raises
    ------
    ModelError
        Something is not supported, defined twice, or missing; named with its variable and line.
    """
    section = parsed.model.sections[0]
    _refuse_in_section(parsed, section)
    tables: dict[str, Table] = {}
    names = {key_of(element.name): element.name for element in section.elements}
    # Lookups first: a call of one looks just like a call of a function.
    elements = sorted(section.elements, key=lambda element: not _is_table(element))
    variables: dict[str, Variable] = {}
    for element in elements:
        variable = _Lowering(parsed, element, names, tables).variable()
        if variable.key in variables:
            msg = f"'{element.name}' is defined twice. Remove or rename one."
            raise ModelError(msg, path=parsed.path, line=variable.line)
        variables[variable.key] = variable
        if isinstance(variable.definition, Table):
            tables[variable.key] = variable.definition
    _refuse_missing_controls(parsed, variables)
    return Program(parsed.path, {key: variables[key] for key in names})


def _refuse_in_section(parsed: Parsed, section: Any) -> None:
    refused = [
        *((item, "subscript ranges") for item in section.subscripts),
        *((item, "reality checks") for item in getattr(section, "constraints", ())),
        *((item, "reality checks") for item in getattr(section, "test_inputs", ())),
    ]
    for item, what in refused:
        msg = f"'{item.name}': {what} are not supported."
        raise ModelError(msg, path=parsed.path, line=parsed.lines.get(key_of(item.name)))


def _refuse_missing_controls(parsed: Parsed, variables: Mapping[str, Variable]) -> None:
    for key in CONTROLS:
        if key not in variables:
            msg = f"no {spelled(key)}. Add it to the model's settings; is the file cut short?"
            raise ModelError(msg, path=parsed.path)


def _is_table(element: am.AbstractElement) -> bool:
    return any(isinstance(component, am.AbstractLookup) for component in element.components)


def _kind(key: str, definition: Definition) -> Kind:
    if key in CONTROLS:
        return "control"
    match definition:
        case Stock():
            return "stock"
        case Table():
            return "lookup"
        case Initial() | ActiveInitial():
            return "auxiliary"
        case _:
            varying = any(isinstance(n, Reference | Time) for n in walk(at_step(definition)))
            return "auxiliary" if varying else "constant"


class _Lowering:
    """Lowers one variable; it knows where it stands, so that every refusal can say it."""

    def __init__(
        self,
        parsed: Parsed,
        element: am.AbstractElement,
        names: Mapping[str, str],
        tables: Mapping[str, Table],
    ) -> None:
        self.path = parsed.path
        self.element = element
        self.names = names
        self.tables = tables
        self.key = key_of(element.name)
        self.line = parsed.lines.get(self.key)

    def variable(self) -> Variable:
        if self.key == "time":
            self.refuse("the clock's own name cannot be defined. Rename the variable")
        definition = self.definition()
        return Variable(
            name=" ".join(self.element.name.split()),
            key=self.key,
            kind=_kind(self.key, definition),
            unit=self.element.units.strip(),
            documentation=" ".join(self.element.documentation.split()),
            line=self.line,
            definition=definition,
        )

    def definition(self) -> Definition:
        component = self.component()
        match component.ast:
            case ae.LookupsStructure() as points:
                return self.table(points)
            case ae.IntegStructure(non_negative=True):
                self.refuse("a stock that may not be negative is not supported. Limit its flows")
            case ae.IntegStructure(flow=flow, initial=initial):
                return Stock(self.expression(flow), self.expression(initial))
            case ae.InitialStructure(initial=initial):
                return Initial(self.expression(initial))
            case ae.CallStructure(
                function=ae.ReferenceStructure(reference="active_initial"),
                arguments=(active, initial),
            ):
                return ActiveInitial(self.expression(active), self.expression(initial))
            case other:
                return self.expression(other)
        return None

    def component(self) -> am.AbstractComponent:
        """Return the only equation of the variable."""
        for component in self.element.components:
            if component.subscripts[0]:
                self.refuse(f"subscripts such as [{', '.join(component.subscripts[0])}]")
        if len(self.element.components) > 1:
            self.refuse("it is defined twice. Remove or rename one")
        (component,) = self.element.components
        if isinstance(component, am.AbstractData):
            self.refuse("exogenous data are not supported. Use a lookup of Time")
        return component

    def expression(self, node: Any) -> Expression:
        """Lower one node of PySD's tree with the handler of its type."""
        if isinstance(node, _STATES):
            self.refuse("INTEG and INITIAL must stand alone. Give them a variable of their own")
        if type(node) in _STRUCTURES:
            self.refuse(f"{_STRUCTURES[type(node)]} is not supported yet")
        handler = _HANDLERS.get(type(node))
        if handler is None:
            self.refuse(f"{type(node).__name__} is not supported")
        return handler(self, node)

    def number(self, value: float) -> Expression:
        if not math.isfinite(value):
            self.refuse("missing values (:NA:) and infinite numbers are not supported")
        return Constant(float(value))

    def reference(self, node: Any) -> Expression:
        key = key_of(node.reference)
        if node.subscripts is not None:
            self.refuse(f"subscripts such as [{', '.join(node.subscripts.subscripts)}]")
        if key in self.tables:
            self.refuse(f"'{self.names[key]}' is a lookup. Give it an argument in brackets")
        return Time() if key == "time" else Reference(key)

    def operation(self, node: Any) -> Expression:
        operators = [operator.lower() for operator in node.operators]
        operands = [self.expression(argument) for argument in node.arguments]
        if len(operands) == 1:
            return Unary("-" if operators == ["negative"] else operators[0], operands[0])
        if operators[0] == "^":
            return self.powers(operands)
        if len(operators) > 1 and not any(set(operators) <= chain for chain in _CHAINS):
            self.refuse(":AND: and :OR: side by side can be read two ways. Add brackets")
        pairs = zip(operators, operands[1:], strict=True)
        return reduce(lambda left, pair: Binary(pair[0], left, pair[1]), pairs, operands[0])

    def powers(self, operands: list[Expression]) -> Expression:
        """Lower a chain of ``^``, which groups from the right."""
        for base in operands[:-1]:
            if isinstance(base, Constant) and base.value < 0:
                self.refuse("a negative number before ^ can be read two ways. Use POWER")
        *bases, exponent = operands
        return reduce(lambda right, base: Binary("^", base, right), reversed(bases), exponent)

    def call(self, node: Any) -> Expression:
        function = node.function.reference
        if function in _XMILE_CALLS:
            self.refuse(f"{_XMILE_CALLS[function]} is not supported")
        key = key_of(function)
        if key in self.tables:
            self.check_arity(self.names[key], len(node.arguments), 1)
            return Lookup(self.tables[key], self.expression(node.arguments[0]))
        if key == "active_initial":
            self.refuse("ACTIVE INITIAL must stand alone, with two arguments")
        if key not in BUILTINS:
            self.refuse(f"function {spelled(key)} is not supported. {_nearest(key, self.tables)}")
        builtin = BUILTINS[key]
        self.check_arity(spelled(key), len(node.arguments), builtin.arity)
        clock = (Time(), Reference(TIME_STEP)) if builtin.clock else ()
        return Call(key, (*clock, *(self.expression(argument) for argument in node.arguments)))

    def check_arity(self, function: str, given: int, arity: int) -> None:
        if given != arity:
            self.refuse(f"{function} takes {arity} arguments, here {given}")

    def inline_lookup(self, node: Any) -> Expression:
        return Lookup(self.table(node.lookups), self.expression(node.argument))

    def table(self, points: Any) -> Table:
        if points.type not in _TABLE_KINDS:
            self.refuse(f"lookups of the kind '{points.type}' are not supported")
        x = tuple(float(value) for value in points.x)
        y = tuple(float(value) for value in points.y)
        if not x or len(x) != len(y) or not all(map(math.isfinite, x + y)):
            self.refuse("its lookup needs as many finite x as y")
        if points.type == "extrapolate" and len(x) < 2:
            self.refuse("its lookup needs two points to extrapolate from")
        if any(right <= left for left, right in itertools.pairwise(x)):
            self.refuse("its lookup has two points at the same x. Move one of them")
        return Table(x, y, points.type)

    def refuse(self, why: str) -> NoReturn:
        raise ModelError(
            f"'{self.element.name}': {why.rstrip('.')}.", path=self.path, line=self.line
        )


def _nearest(key: str, tables: Mapping[str, Table]) -> str:
    return did_you_mean(spelled(key), [*map(spelled, BUILTINS), *map(spelled, tables)])


_HANDLERS: dict[type, Callable[[_Lowering, Any], Expression]] = {
    int: _Lowering.number,
    float: _Lowering.number,
    ae.ReferenceStructure: _Lowering.reference,
    ae.ArithmeticStructure: _Lowering.operation,
    ae.LogicStructure: _Lowering.operation,
    ae.CallStructure: _Lowering.call,
    ae.GameStructure: lambda lowering, node: lowering.expression(node.expression),
    ae.InlineLookupsStructure: _Lowering.inline_lookup,
}
