"""What ties outputs to the design they were run on: a digest of its factors and rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xxhash

from simdyn.arrays import Array
from simdyn.sensitivity.designed.problem import Problem


@dataclass(frozen=True)
class Digest:
    """Fingerprint of the factors, groups and rows of a design.

    ordered : with the rows in their order
    content : with the rows in any order; tells a shuffled design from a foreign one
    """

    ordered: str
    content: str


def digest_of(problem: Problem, rows: Array) -> Digest:
    """Return the digest of `rows`, shape (row, factor), of a problem."""
    rows = np.ascontiguousarray(rows, dtype=np.float64)
    head = xxhash.xxh3_128(repr((problem.names, problem.groups, rows.shape)).encode())
    content = sum(xxhash.xxh3_64_intdigest(row.data) for row in rows) % 2**64
    unordered = f"{head.hexdigest()}-{content:016x}"
    head.update(rows.data)
    return Digest(head.hexdigest(), unordered)
