"""What rows of facts refer to: units.csv, regions.toml and sources.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from simdyn.errors import FactError, did_you_mean
from simdyn.facts.records import Region, Source, Unit
from simdyn.records import Record, TomlFile, read_table, read_toml

UNITS = "units.csv"
REGIONS = "regions.toml"
SOURCES = "sources.toml"

RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True)
class Registers:
    """Admissible units, regions and sources, each by its key."""

    units: Mapping[str, Unit]
    regions: Mapping[str, Region]
    sources: Mapping[str, Source]


def read_registers(folder: Path) -> Registers:
    """Read the three registers in `folder`; raises FactError at the first wrong entry."""
    regions = _read_entries(folder / REGIONS, Region, "key")
    _check_parts(regions, folder / REGIONS)
    return Registers(
        units=_read_units(folder / UNITS),
        regions=regions,
        sources=_read_entries(folder / SOURCES, Source, "id"),
    )


def _read_units(path: Path) -> Mapping[str, Unit]:
    units: dict[str, Unit] = {}
    for line, unit in read_table(path, Unit, FactError):
        if unit.unit in units:
            message = f"the unit '{unit.unit}' stands twice. Delete one row."
            raise FactError(message, path=path, line=line, column="1 'unit'")
        units[unit.unit] = unit
    return MappingProxyType(units)


def _read_entries(path: Path, record: type[RecordT], key_field: str) -> Mapping[str, RecordT]:
    """Read a TOML file whose tables are records, each named by its key."""
    toml = read_toml(path, FactError)
    entries = {key: _entry(toml, key, key_field).parse(record, FactError) for key in toml.data}
    return MappingProxyType(entries)


def _entry(toml: TomlFile, key: str, key_field: str) -> TomlFile:
    """Return the table `key` as a file of its own that keeps its line numbers."""
    table = toml.data[key]
    if not isinstance(table, dict):
        message = f"'{key}' stands outside a table. Put it under a header such as [{key}]."
        raise FactError(message, path=toml.path, line=toml.line_of((key,)))
    lines = {place[1:]: line for place, line in toml.lines.items() if place[:1] == (key,)}
    return TomlFile(toml.path, {key_field: key, **table}, lines)


def _check_parts(regions: Mapping[str, Region], path: Path) -> None:
    """Raise FactError for a region that is part of an unknown one."""
    for region in regions.values():
        if region.part_of is not None and region.part_of not in regions:
            message = f"'{region.key}' is part_of the unknown region '{region.part_of}'."
            raise FactError(f"{message} {did_you_mean(region.part_of, regions)}", path=path)
