"""The files of a Zarr array of runs: its metadata, its coordinates and the names of its chunks.

Zarr 3 (zarr-specs.readthedocs.io), one uncompressed chunk a file. Names of chunks are numbers, so
no name of a region or scenario ever becomes a path.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from simdyn.runs.layout import AXES, Block, Layout

ARRAY = "values"
"""Name of the array in its group, and so the folder of the chunks."""

Labels: TypeAlias = Sequence[str] | Sequence[int]


def chunk_name(layout: Layout, block: Block) -> str:
    """Return the name of the file that holds a block."""
    _, n_scenario, n_draw, _, _ = layout.chunk
    return f"{block.region}.{block.scenario // n_scenario}.{block.draw // n_draw}.0.0"


def chunk_bytes(layout: Layout) -> int:
    """Return the bytes of every chunk; a block that is smaller is filled up with nan."""
    return 8 * int(np.prod(layout.chunk))


def zarr_files(layout: Layout) -> dict[str, bytes]:
    """Return every file but the chunks, by its path in the group; the same bytes always."""
    draws = range(layout.n_draw)
    axes = (layout.regions, layout.scenarios, draws, layout.variables, layout.years)
    labels: dict[str, Labels] = dict(zip(AXES, axes, strict=True))
    arrays = {ARRAY: _values(layout)}
    arrays |= {axis: _coordinate(axis, of_axis) for axis, of_axis in labels.items()}
    files = {"zarr.json": _json(_group(arrays))}
    files |= {f"{name}/zarr.json": _json(array) for name, array in arrays.items()}
    return files | {f"{axis}/0": _packed(of_axis) for axis, of_axis in labels.items()}


def _group(arrays: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata of the group, with those of its arrays, so that one file opens it."""
    inside = {"kind": "inline", "must_understand": False, "metadata": arrays}
    return {
        "attributes": {},
        "zarr_format": 3,
        "consolidated_metadata": inside,
        "node_type": "group",
    }


def _values(layout: Layout) -> dict[str, Any]:
    return _array(layout.shape, layout.chunk, AXES, "float64", "NaN")


def _coordinate(axis: str, labels: Labels) -> dict[str, Any]:
    """Return the metadata of a coordinate, which is one chunk."""
    is_text = isinstance(labels[0], str)
    shape = (len(labels),)
    return _array(shape, shape, (axis,), "string" if is_text else "int64", "" if is_text else 0)


def _packed(labels: Labels) -> bytes:
    """Return the chunk of a coordinate."""
    if not isinstance(labels[0], str):
        return np.asarray(labels, "<i8").tobytes()
    texts = [str(label).encode() for label in labels]
    return struct.pack("<I", len(texts)) + b"".join(map(_counted, texts))


def _counted(text: bytes) -> bytes:
    return struct.pack("<I", len(text)) + text


def _array(
    shape: Sequence[int],
    chunk: Sequence[int],
    axes: Sequence[str],
    data_type: str,
    fill: str | int,
) -> dict[str, Any]:
    """Return the metadata of an array whose chunks are named by numbers with points between."""
    numbers = {"name": "bytes", "configuration": {"endian": "little"}}
    texts: dict[str, Any] = {"name": "vlen-utf8", "configuration": {}}
    return {
        "shape": list(shape),
        "data_type": data_type,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(chunk)}},
        "chunk_key_encoding": {"name": "v2", "configuration": {"separator": "."}},
        "fill_value": fill,
        "codecs": [texts if data_type == "string" else numbers],
        "attributes": {},
        "dimension_names": list(axes),
        "zarr_format": 3,
        "node_type": "array",
        "storage_transformers": [],
    }


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, indent=2).encode()
