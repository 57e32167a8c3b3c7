"""What storing a batch of runs costs beside computing it, in time and memory; how long checks take.

    python benchmarks/store.py                      # 10^6 members, 1.7 GB, in a temporary folder
    python benchmarks/store.py --members 100000 --folder /some/disk

The work of a member is made up: arithmetic that takes as long as a run of the model and leaves the
interpreter's lock alone.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from simdyn.processes import n_processor
from simdyn.runs.digest import digest
from simdyn.runs.execute import run_blocks
from simdyn.runs.layout import Block, BlockResult, Layout
from simdyn.runs.manifest import Manifest
from simdyn.runs.opening import Mode, open_store
from simdyn.runs.store import RunStore
from simdyn.runs.verify import verify

MICROSECONDS = 16.0
"""Processor time of a member: 10^6 take 8 s on two processors."""


@dataclass(frozen=True)
class Busy:
    """Computes for about as long as the model would.

    rounds : passes over the values of a block
    """

    layout: Layout
    rounds: int

    def __call__(self, block: Block) -> BlockResult:
        """Return values that depend on the place of the block."""
        shape = (block.n_scenario, block.n_draw, *self.layout.shape[3:])
        values = np.full(shape, float(block.region + block.scenario + block.draw + 1))
        for _ in range(self.rounds):
            np.sqrt(values, out=values)
        return BlockResult(values)


class Nowhere:
    """A store that keeps nothing."""

    def __init__(self, store: RunStore) -> None:
        self._store, self.layout = store, store.layout

    def missing(self) -> list[Block]:
        """Return the blocks to run."""
        return self._store.missing()

    def commit(self, block: Block, result: BlockResult, seconds: float) -> None:
        """Forget a block."""

    def end(self) -> None:
        """Do nothing."""


class Silence:
    """Shows nothing."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage."""

    def advance(self, note: str, steps: int = 1) -> None:
        """Mark steps as done."""


def rounds(layout: Layout) -> int:
    """Return the passes that take `MICROSECONDS` a member."""
    block = next(layout.blocks())
    (_, many), (_, none) = (both_times(partial(Busy(layout, n), block)) for n in (20, 0))
    taken = many - none
    return max(1, round(20 * MICROSECONDS * 1e-6 * block.n_member / taken))


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds that work takes."""
    return both_times(work)[0]


def both_times(work: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds, and the seconds of processors, that work takes."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - used


def measure(layout: Layout, folder: Path, compute: Busy, n_round: int) -> None:
    """Print times with and without storing, in turns, and then of checks and memory."""
    manifest = Manifest("speed", 1, {}, {}, layout)
    print("            computed            and stored           cost, %")
    print("         s   processor s       s   processor s     s   processor s")
    for _ in range(n_round):
        with open_store(folder, manifest, Mode.FRESH) as store:
            bare = both_times(lambda: run_blocks(Nowhere(store), compute, Silence()))
            full = both_times(lambda: run_blocks(store, compute, Silence()))
        cost = [100 * (after / before - 1) for before, after in zip(bare, full, strict=True)]
        print("".join(f"{number:10.2f}" for number in (*bare, *full, *cost)))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print(
        f"resume (every byte checked) {timed(lambda: open_store(folder, manifest).close()):.2f} s"
    )
    print(f"verify {timed(lambda: verify(folder)):.2f} s")
    print(f"digest {timed(lambda: digest(folder)):.2f} s")


def main() -> None:
    """Measure in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to make the temporary folder")
    asked = parser.parse_args()
    variables = tuple(f"variable {number}" for number in range(10))
    regions = tuple(f"region {number}" for number in range(5))
    scenarios = tuple(f"scenario {number}" for number in range(20))
    n_draw = asked.members // 100
    layout = Layout(regions, scenarios, n_draw, variables, tuple(range(2015, 2036)))
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        compute = Busy(layout, rounds(layout))
        print(f"{layout.n_member} members, {n_processor()} processors, {compute.rounds} passes")
        measure(layout, Path(folder) / "runs", compute, asked.rounds)


if __name__ == "__main__":
    main()
