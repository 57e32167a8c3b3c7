"""Differentiate a program in forward mode: tangents beside each variable that parameters move.

A tangent is the derivative of a variable in one direction of parameter space. A direction is given
by a seed for each parameter (1 for the parameter itself, 0 for the others), so one program serves
every set of directions; several directions at a time share the values of the model itself. Only
variables that a parameter reaches have tangents. Where an equation has a kink, the derivative is
that of the branch taken; jumps in time (PULSE, a STEP's start, a DELAY FIXED's length) have none.
Source: Griewank and Walther (2008), Evaluating Derivatives, chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

from simdyn.compile.functions import spelled
from simdyn.compile.nodes import (
    CONTROLS,
    ActiveInitial,
    ArrayCall,
    Binary,
    Call,
    Constant,
    Definition,
    Exogenous,
    Expression,
    Given,
    Hold,
    Initial,
    Lookup,
    Pipe,
    Program,
    Random,
    Reference,
    Reservoir,
    Stock,
    Table,
    Unary,
    Variable,
    at_start,
    at_step,
    children,
    flow_of,
    references,
)
from simdyn.errors import ModelError

ZERO, ONE = Constant(0.0), Constant(1.0)
SMALL = Constant(1e-6)
"""What Vensim takes for zero in a denominator."""

Rule = Callable[[tuple[Expression, ...], tuple[Expression, ...], Expression], Expression]
"""(arguments, their derivatives, the call itself) to the derivative of the call."""


def tangent_of(key: str, direction: int = 0) -> str:
    """Return the key of a variable's tangent; no name in a model file can be the same."""
    return f"d{direction}|{key}"


def differentiate(program: Program, parameters: Iterable[str], n_direction: int = 1) -> Program:
    """Return the program with tangents of all that the parameters move.

    Parameters
    ----------
    program : the model
    parameters : keys of constants or of variables that the run supplies; the tangent of each is a
        given variable, its seed
    n_direction : how many tangents each variable has

    Raises
    ------
    ModelError
        A parameter sets the time axis or shapes the model, or an equation that a parameter moves
        has no derivative that is known.
    """
    seeds = list(parameters)
    for key in seeds:
        if key in CONTROLS or key in program.fixed:
            what = "the time axis" if key in CONTROLS else "the shape of the model"
            msg = f"'{program.variables[key].name}' sets {what}: there is no derivative by it."
            raise ModelError(msg, path=program.path)
    moved = _moved(program, seeds)
    added = {
        tangent_of(key, direction): _tangent(program, key, moved, direction, key in seeds)
        for key in moved
        for direction in range(n_direction)
    }
    return replace(program, variables={**program.variables, **added})


def _moved(program: Program, seeds: Iterable[str]) -> dict[str, None]:
    """Return the keys of the variables that depend on a seed, in the program's order."""
    users: dict[str, list[str]] = {}
    for key, variable in program.variables.items():
        for part in (at_start, at_step, flow_of):
            for used in references(part(variable.definition)):
                users.setdefault(used, []).append(key)
    found = set(seeds)
    pending = list(found)
    while pending:
        for user in users.get(pending.pop(), ()):
            if user not in found:
                found.add(user)
                pending.append(user)
    return {key: None for key in program.variables if key in found}


class _NoDerivativeError(Exception):
    """An equation moves in a way whose derivative is not known; says what does."""


def _tangent(
    program: Program, key: str, moved: Mapping[str, None], direction: int, is_seed: bool
) -> Variable:
    variable = program.variables[key]
    tangents = {other: Reference(tangent_of(other, direction)) for other in moved}
    try:
        definition = Given() if is_seed else _definition(variable.definition, tangents)
    except _NoDerivativeError as what:
        msg = f"'{variable.name}': {what} has no derivative that is known."
        raise ModelError(msg, path=program.path, line=variable.line) from None
    return replace(
        variable,
        name=tangent_of(variable.name, direction),
        key=tangent_of(key, direction),
        kind="auxiliary" if is_seed else variable.kind,
        definition=definition,
    )


def _definition(definition: Definition, tangents: Mapping[str, Expression]) -> Definition:
    def derive(expression: Expression) -> Expression:
        return derivative(expression, tangents)

    match definition:
        case Stock() | Hold() | Initial() | ActiveInitial():
            make: Any = type(definition)
            return make(*(derive(getattr(definition, part.name)) for part in fields(definition)))
        case Pipe(input=entering, initial=initial):
            return replace(definition, input=derive(entering), initial=derive(initial))
        case Reservoir():
            raise _NoDerivativeError("a stock that may not be negative")
        case Given() | Exogenous() | Table():
            return ZERO
        case _:
            return derive(definition)


def derivative(node: Expression, tangents: Mapping[str, Expression]) -> Expression:
    """Return the derivative of an expression, from the tangents of variables by key."""
    match node:
        case Reference(key):
            return tangents.get(key, ZERO)
        case Unary(operator="-", operand=operand):
            return negative(derivative(operand, tangents))
        case Binary() | Call() | Random() | ArrayCall():
            return _apply(_rule_of(node), node, tangents)
        case Lookup(table=table, argument=argument):
            return product(_slope(table, argument), derivative(argument, tangents))
    return ZERO


def _rule_of(node: Binary | Call | Random | ArrayCall) -> Rule:
    match node:
        case Binary(operator=operator):
            return _BINARY.get(operator, _flat)
        case Call(function=function):
            return _CALLS[function]
        case _:
            return _unknown


def _apply(rule: Rule, node: Expression, tangents: Mapping[str, Expression]) -> Expression:
    arguments = children(node)
    derivatives = tuple(derivative(argument, tangents) for argument in arguments)
    return ZERO if all(d == ZERO for d in derivatives) else rule(arguments, derivatives, node)


# Sums and products that drop zeros and ones, so that what no parameter moves costs nothing.


def total(left: Expression, right: Expression) -> Expression:
    """Return left + right."""
    if left == ZERO:
        return right
    return left if right == ZERO else Binary("+", left, right)


def negative(operand: Expression) -> Expression:
    """Return -operand."""
    return ZERO if operand == ZERO else Unary("-", operand)


def difference(left: Expression, right: Expression) -> Expression:
    """Return left - right."""
    if right == ZERO:
        return left
    return negative(right) if left == ZERO else Binary("-", left, right)


def product(left: Expression, right: Expression) -> Expression:
    """Return left * right."""
    if ZERO in (left, right):
        return ZERO
    if left == ONE:
        return right
    return left if right == ONE else Binary("*", left, right)


def quotient(left: Expression, right: Expression) -> Expression:
    """Return left / right."""
    return ZERO if left == ZERO else Binary("/", left, right)


def choice(condition: Expression, true: Expression, false: Expression) -> Expression:
    """Return IF THEN ELSE(condition, true, false)."""
    return true if true == false else Call("if_then_else", (condition, true, false))


# Rules


def _flat(
    _arguments: tuple[Expression, ...], _derivatives: tuple[Expression, ...], _node: Expression
) -> Expression:
    return ZERO


def _unknown(
    _arguments: tuple[Expression, ...], _derivatives: tuple[Expression, ...], node: Expression
) -> Expression:
    match node:
        case Call(function=function) | ArrayCall(function=function):
            raise _NoDerivativeError(spelled(function))
        case _:
            raise _NoDerivativeError("a random number")


def _power(
    arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], node: Expression
) -> Expression:
    (base, exponent), (d_base, d_exponent) = arguments, derivatives
    lowered = Binary("^", base, difference(exponent, ONE))
    by_base = product(product(exponent, lowered), d_base)
    if d_exponent == ZERO:
        return by_base
    # Of 0 to a positive power, whatever the exponent's change, nothing comes.
    logarithm = choice(Binary(">", base, ZERO), Call("ln", (base,)), ZERO)
    return total(by_base, product(product(node, logarithm), d_exponent))


def _quotient(
    arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], node: Expression
) -> Expression:
    (_, below), (d_above, d_below) = arguments, derivatives
    return quotient(difference(d_above, product(node, d_below)), below)


def _safe_quotient(
    arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], _node: Expression
) -> Expression:
    (above, below, *_), (d_above, d_below, *rest) = arguments, derivatives
    ratio = _quotient((above, below), (d_above, d_below), Binary("/", above, below))
    vanishes = Binary("<", Call("abs", (below,)), SMALL)
    return choice(vanishes, rest[0] if rest else ZERO, ratio)


def _extreme(comparison: str) -> Rule:
    def rule(
        arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], _node: Expression
    ) -> Expression:
        return choice(Binary(comparison, *arguments), *derivatives)

    return rule


def _chosen(
    arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], _node: Expression
) -> Expression:
    return choice(arguments[0], derivatives[1], derivatives[2])


def _modulo(
    arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], _node: Expression
) -> Expression:
    (value, unit), (d_value, d_unit) = arguments, derivatives
    whole = Call("integer", (Binary("/", value, unit),))
    return difference(d_value, product(whole, d_unit))


def _logarithm(
    arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], node: Expression
) -> Expression:
    (value, base), (d_value, d_base) = arguments, derivatives
    relative = difference(quotient(d_value, value), product(node, quotient(d_base, base)))
    return quotient(relative, Call("ln", (base,)))


def _height(function: str) -> Rule:
    """Return the rule of a function of time that is proportional to its first own argument."""

    def rule(
        arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], _node: Expression
    ) -> Expression:
        if derivatives[2] == ZERO:
            return ZERO
        return Call(function, (*arguments[:2], derivatives[2], *arguments[3:]))

    return rule


def _ramp(
    arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], node: Expression
) -> Expression:
    time, _, slope, start, end = arguments
    _, _, _, d_start, d_end = derivatives
    running = choice(Binary(">", time, start), ONE, ZERO)
    ended = choice(Binary(">", time, end), ONE, ZERO)
    moves = product(running, difference(product(ended, d_end), d_start))
    return total(_height("ramp")(arguments, derivatives, node), product(slope, moves))


def _chain(outer: Callable[[Expression, Expression], Expression]) -> Rule:
    """Return the rule of a function of one argument, from its derivative by it."""

    def rule(
        arguments: tuple[Expression, ...], derivatives: tuple[Expression, ...], node: Expression
    ) -> Expression:
        return product(outer(arguments[0], node), derivatives[0])

    return rule


def _square(x: Expression) -> Expression:
    return Binary("*", x, x)


def _root_of_rest(x: Expression) -> Expression:
    return Call("sqrt", (Binary("-", ONE, _square(x)),))


def _sign(x: Expression, _node: Expression) -> Expression:
    return choice(Binary("<", x, ZERO), Constant(-1.0), ONE)


_BINARY: Mapping[str, Rule] = {
    "+": lambda _arguments, derivatives, _node: total(*derivatives),
    "-": lambda _arguments, derivatives, _node: difference(*derivatives),
    "*": lambda arguments, derivatives, _node: total(
        product(derivatives[0], arguments[1]), product(arguments[0], derivatives[1])
    ),
    "/": _quotient,
    "^": _power,
}
"""Rules of operators; comparisons and logic are flat."""

_CALLS: Mapping[str, Rule] = {
    "abs": _chain(_sign),
    "arccos": _chain(lambda x, _: quotient(Constant(-1.0), _root_of_rest(x))),
    "arcsin": _chain(lambda x, _: quotient(ONE, _root_of_rest(x))),
    "arctan": _chain(lambda x, _: quotient(ONE, Binary("+", ONE, _square(x)))),
    "cos": _chain(lambda x, _: negative(Call("sin", (x,)))),
    "cosh": _chain(lambda x, _: Call("sinh", (x,))),
    "exp": _chain(lambda _, node: node),
    "gamma_ln": _unknown,
    "if_then_else": _chosen,
    "integer": _flat,
    "ln": _chain(lambda x, _: quotient(ONE, x)),
    "log": _logarithm,
    "max": _extreme(">="),
    "min": _extreme("<="),
    "modulo": _modulo,
    "power": _power,
    "pulse": _flat,
    "pulse_train": _flat,
    "quantum": _flat,
    "ramp": _ramp,
    "sin": _chain(lambda x, _: Call("cos", (x,))),
    "sinh": _chain(lambda x, _: Call("cosh", (x,))),
    "sqrt": _chain(lambda _, node: quotient(Constant(0.5), node)),
    "step": _height("step"),
    "tan": _chain(lambda _, node: Binary("+", ONE, _square(node))),
    "tanh": _chain(lambda _, node: Binary("-", ONE, _square(node))),
    "xidz": _safe_quotient,
    "zidz": _safe_quotient,
}
"""Rules of built-in functions, one for each of ``functions.BUILTINS``."""


def _slope(table: Table, argument: Expression) -> Expression:
    """Return the slope of a lookup at its argument; where it jumps or holds, zero."""
    if table.kind not in {"interpolate", "extrapolate"} or len(table.x) == 1:
        return ZERO
    points = list(pairwise(zip(table.x, table.y, strict=True)))
    slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in points]
    stairs = Lookup(Table(table.x, (*slopes, slopes[-1]), "hold_backward"), argument)
    if table.kind == "extrapolate":
        return stairs
    first, last = Constant(table.x[0]), Constant(table.x[-1])
    inside = Binary(":and:", Binary(">=", argument, first), Binary("<=", argument, last))
    return choice(inside, stairs, ZERO)
