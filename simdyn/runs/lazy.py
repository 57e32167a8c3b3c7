"""The values of a batch as an xarray dataset that reads what is asked for, when it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from xarray.backends import BackendArray
from xarray.core import indexing

from simdyn.arrays import Array
from simdyn.runs.layout import AXES, Layout
from simdyn.runs.reading import BlockReader


class LazyValues(BackendArray):
    """The values of a batch by `AXES`; reads the scenarios that an index touches."""

    def __init__(self, layout: Layout, reader: BlockReader) -> None:
        self._reader = reader
        self.shape = layout.shape
        self.dtype = np.dtype(np.float64)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        support = indexing.IndexingSupport.OUTER
        return indexing.explicit_indexing_adapter(key, self.shape, support, self._outer)

    def _outer(self, key: tuple[Any, ...]) -> Array:
        """Return what an index an axis picks; the axis of a single number is dropped."""
        whole = [np.arange(size)[index] for size, index in zip(self.shape, key, strict=True)]
        regions, scenarios, *inner = (np.atleast_1d(index) for index in whole)
        values = np.empty([len(regions), len(scenarios), *map(len, inner)])
        for i, region in enumerate(regions):
            for j, scenario in enumerate(scenarios):
                values[i, j] = self._reader.of_scenario(region, scenario)[np.ix_(*inner)]
        return values[tuple(0 if index.ndim == 0 else slice(None) for index in whole)]


def lazy_dataset(layout: Layout, reader: BlockReader) -> xr.Dataset:
    """Return the dataset of a batch: `values` by `AXES`, with their coordinates."""
    coordinates = {
        "region": list(layout.regions),
        "scenario": list(layout.scenarios),
        "draw": np.arange(layout.n_draw),
        "variable": list(layout.variables),
        "year": list(layout.years),
    }
    lazy = indexing.LazilyIndexedArray(LazyValues(layout, reader))
    return xr.Dataset({"values": xr.Variable(AXES, lazy)}, coordinates)
