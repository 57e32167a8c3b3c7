"""Put equations in an order in which each follows what it uses; name loops and unknown names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from simdyn.compile.nodes import (
    Definition,
    Expression,
    Initial,
    Program,
    Reservoir,
    State,
    Stock,
    also_at_start,
    at_start,
    at_step,
    flow_of,
    references,
)
from simdyn.errors import ModelError, did_you_mean


@dataclass(frozen=True, slots=True)
class Order:
    """Keys of the variables that wanted results need, each after what it uses.

    start : to find the states (stocks and INITIALs) at the start
    step : to evaluate one step
    stocks : the stocks among them
    held : the other states among them, those of DELAY FIXED and SAMPLE IF TRUE
    """

    start: tuple[str, ...]
    step: tuple[str, ...]
    stocks: tuple[str, ...]
    held: tuple[str, ...] = ()


def check(program: Program) -> None:
    """Refuse a program with an undefined name or a circular dependency.

    Raises
    ------
    ModelError
        As ``order`` does, and for a name that the model does not define.
    """
    for variable in program.variables.values():
        parts = (at_start, also_at_start, at_step, flow_of)
        used = [key for part in parts for key in references(part(variable.definition))]
        for key in used:
            if key not in program.variables:
                raise _undefined(program, variable.name, key, variable.line)
    order(program, program.variables)


def order(program: Program, wanted: Iterable[str]) -> Order:
    """Return the order in which the wanted variables, and all they need, are found.

    Raises
    ------
    ModelError
        Variables depend on each other in a loop; it is listed by the author's names.
    """
    needed = _reachable(program, wanted, (at_step, flow_of))
    step = _sorted(program, needed, (at_step,), "in every step")
    definitions = {key: program.variables[key].definition for key in step}
    found = [key for key, d in definitions.items() if isinstance(d, State | Initial)]
    needed = _reachable(program, found, (at_start, also_at_start))
    start = _sorted(program, needed, (at_start, also_at_start), "at the start")
    stocks = [key for key in found if isinstance(definitions[key], Stock | Reservoir)]
    held = [key for key in found if not isinstance(definitions[key], Stock | Reservoir | Initial)]
    return Order(start, step, tuple(stocks), tuple(held))


_Part = Callable[[Definition], Expression | None]


def _reachable(program: Program, roots: Iterable[str], parts: Sequence[_Part]) -> list[str]:
    """Return the roots and all that these parts of their equations use, directly or not."""
    found: dict[str, None] = {}
    pending = list(roots)
    while pending:
        key = pending.pop()
        if key not in found:
            found[key] = None
            definition = program.variables[key].definition
            pending.extend(used for part in parts for used in references(part(definition)))
    return list(found)


def _sorted(
    program: Program, keys: Iterable[str], parts: Sequence[_Part], when: str
) -> tuple[str, ...]:
    graph = {
        key: [u for part in parts for u in references(part(program.variables[key].definition))]
        for key in keys
    }
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise _circular(program, error.args[1], when) from None


def _circular(program: Program, keys: Sequence[str], when: str) -> ModelError:
    # The sorter lists each key before the one that uses it; a reader follows the uses.
    variables = [program.variables[key] for key in reversed(keys)]
    loop = " -> ".join(f"'{variable.name}'" for variable in variables)
    msg = f"circular dependency {when}, where each uses the next: {loop}. "
    msg += "Put a stock into the loop."
    return ModelError(msg, path=program.path, line=variables[0].line)


def _undefined(program: Program, user: str, key: str, line: int | None) -> ModelError:
    name = key.replace("_", " ")
    mend = did_you_mean(name, [variable.name for variable in program.variables.values()])
    msg = f"'{user}' uses '{name}', which is not defined. {mend}"
    return ModelError(msg, path=program.path, line=line)
