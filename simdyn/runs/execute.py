"""Runs the blocks of a batch that are missing, in threads, and stores them as they come."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from simdyn.errors import SimdynError
from simdyn.processes import n_processor
from simdyn.runs.layout import Block, BlockResult, Compute
from simdyn.runs.rate import Rate
from simdyn.runs.store import RunStore

TRIES = 2
"""How often a block is run before it counts as failed."""


class Progress(Protocol):
    """Shows how far a batch is."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""

    def advance(self, note: str, steps: int = 1) -> None:
        """Mark steps of the stage as done."""


class Answer(NamedTuple):
    """The result of a block, and the seconds that it took."""

    result: BlockResult
    seconds: float


Submit = Callable[[Block], "Future[Answer]"]
"""Has a block run elsewhere."""


@dataclass(frozen=True)
class Ran:
    """What came of the blocks that were missing.

    n_block : how many were run and stored
    failed : the blocks that could not be run, and why
    """

    n_block: int
    failed: Mapping[Block, str]


def run_blocks(
    store: RunStore, compute: Compute, progress: Progress, *, threads: int | None = None
) -> Ran:
    """Run and store the blocks that are missing.

    A block that cannot be run is tried once more and then recorded as failed; the rest goes on.
    An interrupt ends at once; what is stored stays.

    Parameters
    ----------
    compute : runs a block; releases the interpreter's lock, so that threads help
    threads : how many blocks are run at a time, by default one a processor

    Raises
    ------
    RunError : the results cannot be written
    """
    n_thread = threads or n_processor()
    pool = ThreadPoolExecutor(n_thread)
    try:
        # One block waits for a thread while another is being stored: threads + 2 are alive.
        run = Run(store, lambda block: pool.submit(answer, compute, block), n_thread + 1, progress)
        return run.all()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def answer(compute: Compute, block: Block) -> Answer:
    """Run a block and take the time."""
    start = time.perf_counter()
    result = compute(block)
    return Answer(result, time.perf_counter() - start)


class Run:
    """The run of the blocks that are missing in a store.

    Parameters
    ----------
    n_ahead : how many blocks may run or wait to be stored, besides the one being stored
    excused : errors after which a block is tried again, and then recorded as failed
    """

    def __init__(
        self,
        store: RunStore,
        submit: Submit,
        n_ahead: int,
        progress: Progress,
        excused: tuple[type[BaseException], ...] = (SimdynError, MemoryError),
    ) -> None:
        self._store, self._submit, self._progress = store, submit, progress
        self._n_ahead, self._excused = n_ahead, excused
        self._left = deque(store.missing())
        self._running: dict[Future[Answer], Block] = {}
        self._tries = Counter[Block]()
        self._failed: dict[Block, str] = {}

    def all(self) -> Ran:
        """Run every block and mark the batch as ended."""
        n_block, n_member = len(self._left), sum(block.n_member for block in self._left)
        self._progress.stage("run members", n_member)
        self._rate = Rate(n_block, n_member)
        self._fill()
        while self._running:
            self._settle(*self._take())
        self._store.end()
        return Ran(n_block - len(self._failed), self._failed)

    def _fill(self) -> None:
        while self._left and len(self._running) < self._n_ahead:
            block = self._left.popleft()
            self._running[self._submit(block)] = block

    def _take(self) -> tuple[Block, Future[Answer]]:
        """Return a block that is done; another is on its way in its place."""
        done = next(iter(wait(self._running, return_when=FIRST_COMPLETED).done))
        block = self._running.pop(done)
        self._fill()
        return block, done

    def _settle(self, block: Block, done: Future[Answer]) -> None:
        try:
            found = done.result()
        except self._excused as error:
            self._try_again(block, error)
        else:
            self._store.commit(block, found.result, found.seconds)
            self._advance(block)

    def _try_again(self, block: Block, error: BaseException) -> None:
        self._tries[block] += 1
        if self._tries[block] < TRIES:
            self._left.append(block)
            self._fill()
            return
        self._failed[block] = str(error) or type(error).__name__
        self._store.fail(block, self._failed[block])
        self._advance(block)

    def _advance(self, block: Block) -> None:
        self._progress.advance(self._rate.count(block.n_member), block.n_member)
