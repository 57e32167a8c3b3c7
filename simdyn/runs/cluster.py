"""Runs the blocks of a batch on a Dask cluster; this process alone stores them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simdyn.errors import RunError, SimdynError
from simdyn.runs.execute import Answer, Progress, Ran, Run, answer
from simdyn.runs.layout import Block, Compute
from simdyn.runs.store import RunStore

if TYPE_CHECKING:
    from concurrent.futures import Future

    from distributed import Client

PATIENCE = "10s"
"""How long to look for a cluster."""


def run_blocks_on_cluster(
    store: RunStore, compute: Compute, progress: Progress, address: str
) -> Ran:
    """Run the missing blocks on the cluster at `address`, such as tcp://host:8786; store them here.

    A worker that is lost costs nothing but its blocks, which others run again. Values are the
    same as those of `run_blocks`.

    Raises
    ------
    RunError : Dask is not installed, there is no cluster, or the results cannot be written
    """
    with _client(address) as client:
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415
        from distributed.client import ClosedClientError  # noqa: PLC0415
        from distributed.comm.core import CommClosedError  # noqa: PLC0415

        pool = client.get_executor(pure=False)

        # What runs a block travels with it: it is small beside the values that come back, and a
        # worker that joins late or is started again needs nothing else.
        def submit(block: Block) -> Future[Answer]:
            return pool.submit(answer, *compute.alone(block))

        n_ahead = sum(client.nthreads().values()) + 1
        excused = (SimdynError, MemoryError, KilledWorker, CancelledError)
        try:
            return Run(store, submit, n_ahead, progress, excused).all()
        except (ClosedClientError, CommClosedError) as failure:
            message = f"the cluster at {address} is gone. What is stored stays: run again."
            raise RunError(message) from failure


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError:
        message = "clusters need Dask. Install it: pip install 'simdyn[cluster]'"
        raise RunError(message) from None
    if "://" not in address:
        raise RunError(
            f"'{address}' is no address of a cluster. Write one such as tcp://host:8786."
        )
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as failure:
        mend = "Start one with 'dask scheduler' and 'dask worker ADDRESS', and give its address."
        raise RunError(f"no cluster at {address}. {mend}") from failure
    with client:
        if not client.nthreads():
            raise RunError(
                f"the cluster at {address} has no workers. Start 'dask worker {address}'."
            )
        yield client
