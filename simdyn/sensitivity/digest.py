"""What ties outputs to the design they were run on: a digest of its rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xxhash

from simdyn.arrays import Array


@dataclass(frozen=True)
class Digest:
    """Fingerprint of the rows of a design.

    ordered : of the rows in their order
    content : of the rows in any order; tells a shuffled design from a foreign one
    """

    ordered: str
    content: str


def digest_of(rows: Array) -> Digest:
    """Return the digest of `rows`, shape (row, factor)."""
    rows = np.ascontiguousarray(rows, dtype=np.float64)
    ordered = xxhash.xxh3_128(str(rows.shape).encode())
    ordered.update(rows.data)
    content = sum(xxhash.xxh3_64_intdigest(row.data) for row in rows) % 2**64
    return Digest(ordered.hexdigest(), f"{content:016x}")
