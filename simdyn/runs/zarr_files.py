"""The files of a Zarr array of runs: its metadata, its coordinates and the names of its chunks.

Zarr 3 (zarr-specs.readthedocs.io), one uncompressed chunk a file. Names of chunks are numbers, so
no name of a region or scenario ever becomes a path.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from simdyn.runs.layout import AXES, Block, Layout

ARRAY = "values"
"""Name of the array in its group, and so the folder of the chunks."""


def chunk_name(layout: Layout, block: Block) -> str:
    """Return the name of the file that holds a block."""
    _, n_scenario, n_draw, _, _ = layout.chunk
    return f"{block.region}.{block.scenario // n_scenario}.{block.draw // n_draw}.0.0"


def chunk_bytes(layout: Layout) -> int:
    """Return the bytes of every chunk; a block that is smaller is filled up with nan."""
    return 8 * int(np.prod(layout.chunk))


def zarr_files(layout: Layout) -> dict[str, bytes]:
    """Return every file but the chunks, by its path in the group; the same bytes always."""
    coordinates: tuple[Sequence[str] | Sequence[int], ...] = (
        layout.regions,
        layout.scenarios,
        range(layout.n_draw),
        layout.variables,
        layout.years,
    )
    files = {
        "zarr.json": _json({"attributes": {}, "zarr_format": 3, "node_type": "group"}),
        f"{ARRAY}/zarr.json": _json(_values(layout)),
    }
    for axis, labels in zip(AXES, coordinates, strict=True):
        files |= {f"{axis}/{name}": content for name, content in _coordinate(axis, labels)}
    return files


def _values(layout: Layout) -> dict[str, Any]:
    codec = {"name": "bytes", "configuration": {"endian": "little"}}
    return _array(layout.shape, layout.chunk, AXES, "float64", "NaN", codec)


def _coordinate(axis: str, labels: Sequence[str] | Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files of a coordinate: metadata and one chunk."""
    shape = (len(labels),)
    if isinstance(labels[0], str):
        texts = [str(label).encode() for label in labels]
        codec: dict[str, Any] = {"name": "vlen-utf8", "configuration": {}}
        yield "zarr.json", _json(_array(shape, shape, (axis,), "string", "", codec))
        yield "0", struct.pack("<I", len(texts)) + b"".join(map(_counted, texts))
    else:
        codec = {"name": "bytes", "configuration": {"endian": "little"}}
        yield "zarr.json", _json(_array(shape, shape, (axis,), "int64", 0, codec))
        yield "0", np.asarray(labels, "<i8").tobytes()


def _counted(text: bytes) -> bytes:
    return struct.pack("<I", len(text)) + text


def _array(
    shape: Sequence[int],
    chunk: Sequence[int],
    axes: Sequence[str],
    data_type: str,
    fill: str | int,
    codec: dict[str, Any],
) -> dict[str, Any]:
    """Return the metadata of an array whose chunks are named by numbers with points between."""
    return {
        "shape": list(shape),
        "data_type": data_type,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(chunk)}},
        "chunk_key_encoding": {"name": "v2", "configuration": {"separator": "."}},
        "fill_value": fill,
        "codecs": [codec],
        "attributes": {},
        "dimension_names": list(axes),
        "zarr_format": 3,
        "node_type": "array",
        "storage_transformers": [],
    }


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, indent=2).encode()
