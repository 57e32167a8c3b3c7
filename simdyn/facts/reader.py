"""Read the facts of a project, and say everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

from simdyn.errors import FactError
from simdyn.facts.collection import Facts
from simdyn.facts.ids import with_ids
from simdyn.facts.parse import parse_row
from simdyn.facts.records import Bound, Fact, Layer
from simdyn.facts.registers import Registers, read_registers
from simdyn.facts.rows import read_rows

FILES = {Layer.DOCUMENTS: "documents.csv", Layer.PUBLIC: "public.csv"}
"""The file of each layer, in order of precedence."""


def read_facts(folder: Path) -> Facts:
    """Return the facts in `folder` (documents.csv, public.csv and their registers).

    Raises FactError for the first wrong row, with the number of others.
    """
    registers, facts, errors = _read(folder)
    if errors:
        raise _first_of(errors)
    return Facts(MappingProxyType({fact.id: fact for fact in with_ids(facts)}), registers)


def check_facts(folder: Path) -> list[FactError]:
    """Return everything wrong with the facts in `folder`; a wrong register hides the rest."""
    try:
        return _read(folder)[2]
    except FactError as error:
        return [error]


def _read(folder: Path) -> tuple[Registers, list[Fact], list[FactError]]:
    folder = _shown(folder)
    registers = read_registers(folder)
    facts: list[Fact] = []
    errors: list[FactError] = []
    for layer, name in FILES.items():
        found, wrong = _read_layer(folder / name, registers, layer)
        facts += found
        errors += wrong
    return registers, facts, errors


def _read_layer(
    path: Path, registers: Registers, layer: Layer
) -> tuple[list[Fact], list[FactError]]:
    facts: list[Fact] = []
    errors: list[FactError] = []
    for row in read_rows(path):
        if isinstance(row, FactError):
            errors.append(row)
            continue
        fact, wrong = parse_row(row, registers, layer)
        errors += wrong
        facts += [fact] if fact else []
    errors += _duplicates(facts)
    errors += _empty_ranges(facts)
    return facts, sorted(errors, key=lambda error: error.line or 0)


def _duplicates(facts: Iterable[Fact]) -> list[FactError]:
    """Return an error for each figure that one document gives twice, naming both lines.

    Two documents that report the same figure differently are a conflict, not an error.
    """
    first: dict[tuple[object, ...], Fact] = {}
    errors: list[FactError] = []
    for fact in facts:
        key = (fact.region, fact.quantity, fact.kind, fact.period, fact.bound, fact.document)
        if key in first:
            message = f"the same figure as line {first[key].line}: {fact.quantity}, {fact.kind}, "
            message += f"{fact.period}, {fact.bound}. Delete one of the two rows."
            errors.append(FactError(message, path=fact.path, line=fact.line))
        first.setdefault(key, fact)
    return errors


def _empty_ranges(facts: Iterable[Fact]) -> list[FactError]:
    """Return an error for each upper bound below a lower bound that the same document gives."""
    bounded = [fact for fact in facts if fact.value is not None]
    lower = [fact for fact in bounded if fact.bound in {Bound.GE, Bound.GT}]
    upper = [fact for fact in bounded if fact.bound in {Bound.LE, Bound.LT}]
    return [
        FactError(
            f"{high.quantity} cannot be {high.bound.sign}{high.printed} and, as line {low.line} "
            f"says, {low.bound.sign}{low.printed}. Mend the number or the bound of one row.",
            path=high.path,
            line=high.line,
        )
        for high in upper
        for low in lower
        if _figure(high) == _figure(low) and low.amount > high.amount
    ]


def _figure(fact: Fact) -> tuple[object, ...]:
    return fact.region, fact.quantity, fact.kind, fact.period, fact.role, fact.document


def _first_of(errors: list[FactError]) -> FactError:
    """Return the first error; its message counts the others."""
    first, others = errors[0], len(errors) - 1
    more = f" (and {others} more {'error' if others == 1 else 'errors'} in the facts)"
    message = first.message + (more if others else "")
    return FactError(message, path=first.path, line=first.line, column=first.column)


def _shown(folder: Path) -> Path:
    """Return `folder` relative to the current one where it lies inside it."""
    here = Path.cwd()
    absolute = folder.absolute()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else folder
