"""The results of a batch, for reading."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr

from simdyn.arrays import Array
from simdyn.audit import worst
from simdyn.errors import RunError, did_you_mean, shown
from simdyn.names import EXTENSIVE
from simdyn.runs.layout import Layout
from simdyn.runs.lazy import lazy_dataset
from simdyn.runs.manifest import Manifest, read_manifest
from simdyn.runs.reading import BlockReader
from simdyn.runs.status import status
from simdyn.runs.verify import verify
from simdyn.years import Years


class RunResults:
    """The values of a batch; each file is checked when it is first read.

    manifest : what the batch was made from
    """

    def __init__(self, manifest: Manifest, reader: BlockReader) -> None:
        self.manifest = manifest
        self._reader = reader

    @property
    def layout(self) -> Layout:
        """The axes of the batch."""
        return self.manifest.layout

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions with a run of their own, then the sums of regions."""
        return (*self.layout.regions, *self.manifest.sums)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios, the reference first."""
        return self.layout.scenarios

    @property
    def audit(self) -> dict[str, float]:
        """The largest error of each account, and the smallest stock, over the members audited."""
        return worst(entry.audit for entry in self._reader.entries.values())

    def years(self, region: str, scenario: str) -> Years:
        """Return the yearly values of all draws of a region, or of a sum, under a scenario.

        A sum has the variables of the batch that add up over regions.

        A member whose run failed, or is not stored, is nan and not `ok`.

        Raises
        ------
        RunError : an unknown name, or a file does not hold what was written
        """
        if parts := self.manifest.sums.get(region):
            return _sum([self.years(part, scenario) for part in parts])
        layout = self.layout
        regions = [*layout.regions, *self.manifest.sums]
        place = _place("region", region, layout.regions, regions)
        column = _place("scenario", scenario, layout.scenarios, layout.scenarios)
        return years_of(layout, self._reader.of_scenario(place, column))

    def dataset(self) -> xr.Dataset:
        """Return the values of all regions with a run of their own, read when they are used."""
        return lazy_dataset(self.layout, self._reader)


def open_results(folder: str | Path, *, partial: bool = False) -> RunResults:
    """Open the results of a batch for reading.

    Parameters
    ----------
    partial : whether to accept a batch of which blocks are missing; their values are nan

    Raises
    ------
    RunError : there are no results, they are damaged or, without `partial`, blocks are missing
    """
    folder = Path(folder)
    stored = read_manifest(folder)
    found = status(folder)
    if not partial and found.n_stored < found.n_block:
        missing = f"{found.n_block - found.n_stored} of {found.n_block} blocks are missing"
        raise RunError(f"{missing}. Run again with --resume to complete it.", path=folder)
    if wrong := verify(folder, read_chunks=False):
        raise RunError(f"{wrong[0]} See all that is wrong with: simdyn verify {shown(folder)}")
    return RunResults(stored.manifest, BlockReader(folder, stored))


def years_of(layout: Layout, values: Array) -> Years:
    """Return values (member, variable, year) as years; a member with a nan is not `ok`."""
    series = np.ascontiguousarray(values.transpose(1, 2, 0))
    ok = np.logical_not(np.isnan(series).any(axis=(0, 1)))
    return Years(layout.years[0], dict(zip(layout.variables, series, strict=True)), ok)


def _sum(parts: list[Years]) -> Years:
    """Return the sum of regions, draw by draw, of the variables kept that add up."""
    first = parts[0]
    names = [q.variable for q in EXTENSIVE if q.variable in first.values]
    values = {name: np.sum([part.values[name] for part in parts], axis=0) for name in names}
    return Years(first.first_year, values, np.logical_and.reduce([part.ok for part in parts]))


def _place(what: str, name: str, names: tuple[str, ...], known: list[str] | tuple[str, ...]) -> int:
    if name not in names:
        raise RunError(f"unknown {what} '{name}'. {did_you_mean(name, known)}")
    return names.index(name)
