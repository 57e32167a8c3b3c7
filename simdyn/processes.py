"""Work spread over processes, with a count of how far it is, which an interrupt ends at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, TypeVar

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
    """
    context = multiprocessing.get_context("spawn")
    ticks = context.Value("Q", 0)
    # The processes share the processors; the threads of linear algebra would only compete.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Leaving the pool ends its processes, also when the user interrupts.
    with context.Pool(min(len(jobs), n_processor()), _begin, (ticks,)) as pool:
        found = pool.imap(work, jobs)
        for _ in jobs:
            while True:
                try:
                    result = found.next(timeout=_PATIENCE)
                except multiprocessing.TimeoutError:
                    watch(ticks.value)
                else:
                    break
            watch(ticks.value)
            yield result


def _begin(ticks: Any) -> None:
    """Let the parent alone answer Ctrl-C, and count with the siblings."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Clock.shared = ticks
