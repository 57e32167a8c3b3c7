"""One digest of what a batch holds, however it was cut, ordered or interrupted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

from simdyn.errors import RunError
from simdyn.processes import n_processor
from simdyn.runs.layout import Layout
from simdyn.runs.manifest import read_manifest
from simdyn.runs.reading import BlockReader
from simdyn.runs.status import State, status
from simdyn.runs.verify import verify


def digest(folder: Path) -> str:
    """Return the SHA-256 of the values of a complete batch, read a block at a time.

    It is taken of the years and, for every region, scenario and variable in the order of their
    names, of the SHA-256 of the values by (draw, year), little-endian. So it does not depend on
    the size of blocks or the order of regions, scenarios and variables.

    Raises
    ------
    RunError : the batch is not complete, or a file is not what was written
    """
    if status(folder).state is not State.COMPLETE:
        raise RunError("is not complete: run it to its end with --resume.", path=folder)
    if found := verify(folder, read_chunks=False):
        raise RunError(f"{found[0]} Damaged results have no digest.")
    stored = read_manifest(folder)
    layout, reader = stored.manifest.layout, BlockReader(folder, stored)
    runs = list(product(range(len(layout.regions)), range(len(layout.scenarios))))
    with ThreadPoolExecutor(n_processor()) as pool:
        parts = pool.map(partial(_parts, layout, reader), runs)
        lines = sorted(line for lines in parts for line in lines)
    content = json.dumps([layout.years, lines])
    return hashlib.sha256(content.encode()).hexdigest()


def _parts(
    layout: Layout, reader: BlockReader, run: tuple[int, int]
) -> Sequence[tuple[str, str, str, str]]:
    """Return region, scenario, variable and digest for each variable of a run."""
    hashes = [hashlib.sha256() for _ in layout.variables]
    for _, values in reader.pieces(*run):
        by_variable = np.ascontiguousarray(values.swapaxes(0, 1), "<f8")
        for found, series in zip(hashes, by_variable, strict=True):
            found.update(series.data)
    region, scenario = layout.regions[run[0]], layout.scenarios[run[1]]
    pairs = zip(layout.variables, hashes, strict=True)
    return [(region, scenario, name, found.hexdigest()) for name, found in pairs]
