"""Choose the regions, scenarios and variables of an export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simdyn.errors import RunError, did_you_mean
from simdyn.export.series import available
from simdyn.export.source import Source
from simdyn.names import Quantity


@dataclass(frozen=True)
class Choice:
    """What of the results is exported, in the order of the results; `years` are those covered."""

    regions: tuple[str, ...]
    scenarios: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    years: range


def choose(
    source: Source,
    regions: Sequence[str] = (),
    scenarios: Sequence[str] = (),
    variables: Sequence[str] = (),
) -> Choice:
    """Return the choice of these names; everything where none is given.

    Raises
    ------
    RunError : there is nothing to export, or the results have no such name
    """
    runs = source.runs
    if not runs.regions or not runs.scenarios:
        raise RunError("the results hold no region or no scenario. Run the study first.")
    first = runs.years(runs.regions[0], runs.scenarios[0])
    quantities = {q.variable: q for q in available(first)}
    if not quantities:
        kept = ", ".join(first.values)
        raise RunError(f"exports hold quantities of the report; the results keep only {kept}.")
    named = _named("variable", variables, quantities)
    return Choice(
        _named("region", regions, runs.regions),
        _named("scenario", scenarios, runs.scenarios),
        tuple(quantities[name] for name in named),
        first.years,
    )


def _named(what: str, asked: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    known = tuple(known)
    for name in asked:
        if name not in known:
            raise RunError(f"the results have no {what} '{name}'. {did_you_mean(name, known)}")
    return tuple(name for name in known if name in asked or not asked)
