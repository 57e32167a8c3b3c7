"""Work spread over processes, with a count of how far it is, which an interrupt ends at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Thread, current_thread, main_thread
from typing import Any, ClassVar, TypeVar

from threadpoolctl import threadpool_limits

from simdyn.errors import RunError

Job = TypeVar("Job")
Found = TypeVar("Found")

Watch = Callable[[int], None]
"""Is told now and then how many ticks the work has made in all."""

_PATIENCE = 0.2
"""Seconds between two looks at the work."""


class _Clock:
    """The ticks of this process and its siblings."""

    shared: ClassVar[Any] = None


def tick() -> None:
    """Count one tick of work in a process that `spread` began; elsewhere nothing happens."""
    if _Clock.shared is not None:
        with _Clock.shared.get_lock():
            _Clock.shared.value += 1


def one_thread() -> AbstractContextManager[object]:
    """Hold linear algebra to one thread: on small matrices more only wait for each other."""
    return threadpool_limits(1, "blas")


def n_processor() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Job], Found], jobs: Sequence[Job], watch: Watch = lambda _: None
) -> Iterator[Found]:
    """Yield what `work` makes of each job, in their order, from as many processes as fit.

    Parameters
    ----------
    work : a function of a module; it and the jobs are pickled

    Raises
    ------
    RunError
        A process is gone before its work is done.
    """
    context = multiprocessing.get_context("spawn")
    ticks = context.Value("Q", 0)
    # The processes share the processors; the threads of linear algebra would only compete.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with _deaf():
        pool = context.Pool(min(len(jobs), n_processor()), _begin, (ticks,))
    workers = {child.pid for child in multiprocessing.active_children()}
    # Leaving the pool ends its processes, also when the user interrupts.
    with pool:
        found = pool.imap(work, jobs)
        for _ in jobs:
            while True:
                try:
                    result = found.next(timeout=_PATIENCE)
                except multiprocessing.TimeoutError:
                    watch(ticks.value)
                    _refuse_loss(workers)
                else:
                    break
            watch(ticks.value)
            yield result


@contextmanager
def _deaf() -> Iterator[None]:
    """Begin processes that do not hear Ctrl-C, which is the parent's alone to answer."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _refuse_loss(workers: set[int | None]) -> None:
    """Raise if a process is gone, as its work would be waited for in vain."""
    if not workers <= {child.pid for child in multiprocessing.active_children()}:
        message = "a process ended before its work was done, perhaps for want of memory. "
        raise RunError(message + "Close other programs or ask for fewer draws.")


def _begin(ticks: Any) -> None:
    """Count with the siblings, and end when the parent does, even if it is killed."""
    _Clock.shared = ticks
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
