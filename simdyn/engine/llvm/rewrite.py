"""Make a graph cheaper to run: fewer divisions, powers and roundings.

- a division by what is found once a run, or by what others divide by too, multiplies by a
  reciprocal;
- a product of powers is one power: a^p b^q = exp(p log a + q log b);
- a product that is only added or subtracted is one fused operation.

None of this touches numbers that decide something: where a comparison or INTEGER looks at sums,
products and quotients, or at a stock that they flow into, 49 / 49 has to be 1. What is rewritten
depends on the program alone, never on what is wanted of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from math import frexp

from simdyn.compile.nodes import Table
from simdyn.engine.llvm.build import Level, Model
from simdyn.engine.llvm.graph import COMPARISONS, MEMBER, STATE, TIME, Graph, Id
from simdyn.engine.numpy_functions import SMALL

_DECIDING = COMPARISONS | {"trunc", "floor", "rint", "parity", "exactly"}
_ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg", "abs", "sqrt"})
_CHOICES = frozenset({"min", "max", "select"})
"""Operations through which an argument's last bit reaches a decision."""

_ROUNDED = frozenset({"power", "pow", "exp", "log", "sin", "cos", "tan"})
"""Operations whose last bit decides nothing, as no modeller can foresee it."""


@dataclass(frozen=True)
class _Known:
    """What rules may ask about the graph they rewrite.

    uses : how many nodes and roots use a node
    divisors : how many divisions that decide nothing divide by a node
    exact : nodes whose last bit may decide something
    """

    graph: Graph
    uses: Counter[Id]
    divisors: Counter[Id]
    exact: frozenset[Id]

    def is_free(self, node: Id) -> bool:
        """Return whether a node is found for each member in every step and decides nothing."""
        changes = self.graph.changes[node]
        return bool(changes & (TIME | STATE) and changes & MEMBER) and node not in self.exact


_Rule = Callable[[_Known, Graph, dict[Id, Id], Id], Id | None]
"""Return the new node in place of an old one, given the new nodes of the old ones before it."""


def rewrite(model: Model, *, fused: bool) -> Model:
    """Return the model with cheaper nodes; ``fused`` if the CPU multiplies and adds at once."""
    model = _rebuilt(model, [_merged_powers, _power, _reciprocal])
    return _rebuilt(model, [_fused] if fused else [])


def live(graph: Graph, roots: Iterable[Id]) -> list[Id]:
    """Return the roots and all they use, each after what it uses."""
    found = set(roots)
    pending = list(found)
    while pending:
        for argument in graph.nodes[pending.pop()].arguments:
            if argument not in found:
                found.add(argument)
                pending.append(argument)
    return sorted(found)


def _rebuilt(model: Model, rules: list[_Rule]) -> Model:
    roots = [*model.values.values()]
    roots += [node for level in model.levels for node in level.nodes]
    alive = live(model.graph, roots)
    known = _known(model, alive)
    graph = Graph()
    new: dict[Id, Id] = {}
    for node in alive:
        found = (rule(known, graph, new, node) for rule in rules)
        result = next((one for one in found if one is not None), None)
        new[node] = _copy(known, graph, new, node) if result is None else result
    levels = tuple(_renamed(level, new) for level in model.levels)
    return Model(graph, {key: new[node] for key, node in model.values.items()}, levels)


def _renamed(level: Level, new: Mapping[Id, Id]) -> Level:
    length = None if level.length is None else new[level.length]
    return replace(level, initial=new[level.initial], flow=new[level.flow], length=length)


def _copy(known: _Known, graph: Graph, new: dict[Id, Id], node: Id) -> Id:
    op, arguments, data = known.graph.nodes[node]
    if isinstance(data, Table):
        return graph.lookup(data, *(new[argument] for argument in arguments))
    if op == "number" and isinstance(data, float):
        return graph.number(data)
    if not arguments:
        return graph.leaf(op, data if isinstance(data, str) else None)
    return graph.apply(op, *(new[argument] for argument in arguments))


def _known(model: Model, alive: list[Id]) -> _Known:
    graph = model.graph
    exact = _exact(model, alive)
    uses = Counter(argument for node in alive for argument in graph.nodes[node].arguments)
    quotients = [node for node in alive if graph.nodes[node].op == "div" and node not in exact]
    divisors = Counter(graph.nodes[node].arguments[1] for node in quotients)
    return _Known(graph, uses, divisors, exact)


def _exact(model: Model, alive: list[Id]) -> frozenset[Id]:
    """Return the nodes whose last bit may decide something, now or once a state holds it."""
    graph = model.graph
    rounded = _rounded(graph, alive)
    moved = {graph.leaf("state", level.key): (level.initial, level.flow) for level in model.levels}
    pending = [
        argument
        for node in alive
        if _is_deciding(graph, node)
        for argument in graph.nodes[node].arguments
    ]
    exact: set[Id] = set()
    while pending:
        node = pending.pop()
        if node in exact or node in rounded:
            continue
        exact.add(node)
        op, arguments, _ = graph.nodes[node]
        pending.extend(moved.get(node, ()))
        if op in _ARITHMETIC | _CHOICES | {"lookup"}:
            pending.extend(arguments)
    return frozenset(exact)


def _rounded(graph: Graph, alive: list[Id]) -> set[Id]:
    """Return the nodes whose last bit no modeller can foresee."""
    rounded: set[Id] = set()
    for node in alive:
        op, arguments, _ = graph.nodes[node]
        some = op in _ARITHMETIC and not rounded.isdisjoint(arguments)
        every = op in _CHOICES and rounded.issuperset(arguments[-2:])
        if op in _ROUNDED or some or every:
            rounded.add(node)
    return rounded


def _is_deciding(graph: Graph, node: Id) -> bool:
    """Return whether a node turns on its arguments' last bit."""
    op, arguments, data = graph.nodes[node]
    if op in {"lt", "gt"} and any(graph.value(argument) == SMALL for argument in arguments):
        return False  # ZIDZ and QUANTUM ask whether something is 0, with a margin.
    return op in _DECIDING or (isinstance(data, Table) and data.kind == "hold_backward")


def _merged_powers(known: _Known, graph: Graph, new: dict[Id, Id], node: Id) -> Id | None:
    if known.graph.nodes[node].op not in {"mul", "div"} or not known.is_free(node):
        return None
    factors = _factors(known, node)
    powers = [(part, sign) for part, sign in factors if _is_power(known, part)]
    if len(powers) < 2:
        return None
    logs = [_logarithm(known, graph, new, part, sign) for part, sign in powers]
    result = graph.apply("exp", reduce(lambda left, right: graph.apply("add", left, right), logs))
    for part, sign in factors:
        if not _is_power(known, part):
            result = graph.apply("mul" if sign > 0 else "div", result, new[part])
    for part, _ in powers:
        result = _signed(known, graph, new, part, result)
    return result


def _factors(known: _Known, root: Id) -> list[tuple[Id, int]]:
    """Return what a product multiplies (1) and divides by (-1), through products of its own."""
    found: list[tuple[Id, int]] = []
    pending = [(root, 1)]
    while pending:
        node, sign = pending.pop()
        op, arguments, _ = known.graph.nodes[node]
        own = node == root or (known.uses[node] == 1 and known.is_free(node))
        if own and (op == "mul" or (op == "div" and sign > 0)):
            left, right = arguments
            pending += [(right, sign if op == "mul" else -sign), (left, sign)]
        else:
            found.append((node, sign))
    return found


def _is_power(known: _Known, node: Id) -> bool:
    op = known.graph.nodes[node].op
    return op in {"power", "exp"} and known.uses[node] == 1 and known.is_free(node)


def _logarithm(known: _Known, graph: Graph, new: dict[Id, Id], power: Id, sign: int) -> Id:
    """Return log |a^p|, or its negative, of a power or exponential; 0 if p is 0."""
    op, arguments, _ = known.graph.nodes[power]
    if op == "exp":
        result = new[arguments[0]]
        return result if sign > 0 else graph.apply("neg", result)
    base, exponent = (new[argument] for argument in arguments)
    size = base if graph.never_negative[base] else graph.apply("abs", base)
    power = exponent if sign > 0 else graph.apply("neg", exponent)
    result = graph.apply("mul", power, graph.apply("log", size))
    if graph.value(exponent) is not None:
        return result
    return graph.apply("select", graph.apply("is_zero", power), graph.number(0.0), result)


def _signed(known: _Known, graph: Graph, new: dict[Id, Id], power: Id, result: Id) -> Id:
    """Return |a|^p times whatever else, with the sign of a^p: nan if a < 0 and p is not whole."""
    op, arguments, _ = known.graph.nodes[power]
    base = new[arguments[0]]
    if op == "exp" or graph.never_negative[base]:
        return result
    signed = graph.apply("mul", result, graph.apply("parity", new[arguments[1]]))
    return graph.apply("select", graph.apply("negative", base), signed, result)


def _power(known: _Known, graph: Graph, new: dict[Id, Id], node: Id) -> Id | None:
    op, arguments, _ = known.graph.nodes[node]
    if op != "power":
        return None
    base, exponent = (new[argument] for argument in arguments)
    result = graph.apply("pow", base, exponent)
    result = _signed(known, graph, new, node, result)
    if graph.value(exponent) is not None:
        return result
    return graph.apply("select", graph.apply("is_zero", exponent), graph.number(1.0), result)


def _reciprocal(known: _Known, graph: Graph, new: dict[Id, Id], node: Id) -> Id | None:
    op, arguments, _ = known.graph.nodes[node]
    if op != "div":
        return None
    numerator, divisor = arguments
    value = known.graph.value(divisor)
    power_of_two = value is not None and abs(frexp(value)[0]) == 0.5
    once = known.is_free(node) and not known.graph.changes[divisor] & (TIME | STATE)
    shared = known.is_free(node) and known.divisors[divisor] > 1
    if not (power_of_two or once or shared):
        return None
    return graph.apply("mul", new[numerator], graph.apply("div", graph.number(1.0), new[divisor]))


_FUSED = {("add", 0): "fma", ("add", 1): "fma", ("sub", 0): "fms", ("sub", 1): "fnma"}
"""a b + c, a b - c and c - a b, by the sum and which of its operands is the product."""


def _fused(known: _Known, graph: Graph, new: dict[Id, Id], node: Id) -> Id | None:
    op, arguments, _ = known.graph.nodes[node]
    if op not in {"add", "sub"} or not known.is_free(node):
        return None
    for place in (1, 0):
        product = arguments[place]
        single = known.uses[product] == 1 and known.is_free(product)
        if single and known.graph.nodes[product].op == "mul":
            left, right = known.graph.nodes[product].arguments
            other = new[arguments[1 - place]]
            return graph.apply(_FUSED[op, place], new[left], new[right], other)
    return None
