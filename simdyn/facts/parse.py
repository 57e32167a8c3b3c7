"""A row becomes a fact, or every reason why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simdyn.errors import FactError
from simdyn.facts import cells
from simdyn.facts.records import (
    Bound,
    Confidence,
    Fact,
    Kind,
    Layer,
    Period,
    PriceBasis,
    Role,
    Source,
    Vintage,
)
from simdyn.facts.registers import REGIONS, SOURCES, UNITS, Registers
from simdyn.facts.rows import Row
from simdyn.facts.rules import complaints

Parser = Callable[[str], Any]


def parse_row(row: Row, registers: Registers, layer: Layer) -> tuple[Fact | None, list[FactError]]:
    """Return the fact of `row` (its id still empty), or None and all that is wrong with it."""
    values: dict[str, Any] = {}
    errors: list[FactError] = []
    for column, parser in _parsers(registers, layer).items():
        try:
            values[column] = parser(row.cells[column])
        except cells.CellError as wrong:
            errors.append(row.error(column, str(wrong)))
    if errors:
        return None, errors
    fact = _fact(row, values, layer)
    errors = [row.error(column, message) for column, message in complaints(fact)]
    return (None if errors else fact), errors


def _parsers(registers: Registers, layer: Layer) -> dict[str, Parser]:
    """Return what reads each column that is more than free text."""
    return {
        "region": lambda text: cells.entry(text, registers.regions, "region", REGIONS).key,
        "quantity": cells.quantity,
        "kind": lambda text: cells.word(text, Kind, "kind"),
        "value": lambda text: cells.number(text) if text else None,
        "unit": lambda text: cells.entry(text, registers.units, "unit", UNITS),
        "start": cells.moment,
        "end": cells.moment,
        "bound": lambda text: cells.word(text, Bound, "bound"),
        "role": lambda text: cells.word(text, Role, "role"),
        "price_basis": lambda text: cells.word(text, PriceBasis, "price basis"),
        "vintage": lambda text: cells.word(text, Vintage, "vintage"),
        "document": lambda text: _document(text, registers, layer).id,
        "confidence": lambda text: cells.word(text, Confidence, "confidence"),
    }


def _document(text: str, registers: Registers, layer: Layer) -> Source:
    """Return the source that `text` names; it must belong to the layer of the file."""
    if not text:
        raise cells.CellError(f"no document. Write the id of a source in {SOURCES}.")
    source = cells.entry(text, registers.sources, "document", SOURCES)
    if source.layer is not layer:
        message = f"'{text}' belongs to the layer '{source.layer}'."
        raise cells.CellError(f"{message} Move the row to {source.layer}.csv.")
    return source


def _fact(row: Row, values: dict[str, Any], layer: Layer) -> Fact:
    period = Period(values.pop("start"), values.pop("end"))
    return Fact(
        **values,
        id="",
        printed=row.cells["value"],
        period=period,
        section=row.cells["section"],
        note=row.cells["note"],
        layer=layer,
        path=row.path,
        line=row.line,
    )
