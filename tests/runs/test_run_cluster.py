"""A cluster stores the same values, whatever workers are lost."""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from made_up import LAYOUT, Heard, MadeUp, Make, Silent, manifest

from simdyn.errors import RunError
from simdyn.runs.cluster import run_blocks_on_cluster
from simdyn.runs.digest import digest
from simdyn.runs.layout import Block, BlockResult
from simdyn.runs.opening import open_store
from simdyn.runs.status import State, status
from simdyn.runs.verify import verify

distributed = pytest.importorskip("distributed")


@dataclass(frozen=True)
class Deadly(MadeUp):
    """Kills the process that runs a certain block, the first time."""

    home: Path = Path()

    def __call__(self, block: Block) -> BlockResult:
        mark = self.home / "killed"
        if block == (0, 2, 4, 1, 4) and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(block)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_stores_the_same_values(address: str, tmp_path: Path, batch: Make) -> None:
    heard = Heard()
    with open_store(tmp_path / "cluster", manifest()) as store:
        ran = run_blocks_on_cluster(store, MadeUp(), heard, address)
    assert (ran.n_block, ran.failed) == (24, {})
    assert heard.done == LAYOUT.n_member
    assert verify(tmp_path / "cluster") == []
    assert digest(tmp_path / "cluster") == digest(batch())


@pytest.mark.filterwarnings("ignore")
def test_a_lost_worker_costs_nothing_but_its_blocks(
    address: str, tmp_path: Path, batch: Make
) -> None:
    with open_store(tmp_path / "cluster", manifest()) as store:
        ran = run_blocks_on_cluster(store, Deadly(home=tmp_path), Silent(), address)
    assert (tmp_path / "killed").exists()
    assert (ran.n_block, ran.failed) == (24, {})
    assert digest(tmp_path / "cluster") == digest(batch())


@pytest.mark.filterwarnings("ignore")
def test_an_error_of_a_block_is_recorded(address: str, tmp_path: Path) -> None:
    with open_store(tmp_path / "cluster", manifest()) as store:
        ran = run_blocks_on_cluster(store, MadeUp(bad=("plan",)), Silent(), address)
    assert ran.n_block == 18
    assert set(ran.failed.values()) == {"planted."}
    assert status(tmp_path / "cluster").state is State.PARTIAL


def test_no_cluster_is_an_error_with_the_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simdyn.runs.cluster.PATIENCE", "0.3s")
    with open_store(tmp_path / "cluster", manifest()) as store:
        for address, said in (
            ("tcp://127.0.0.1:9", r"no cluster at .*Start one with 'dask scheduler'"),
            ("no address at all", r"is no address of a cluster\. Write one such as tcp://"),
        ):
            with pytest.raises(RunError, match=said):
                run_blocks_on_cluster(store, MadeUp(), Silent(), address)


def test_without_dask_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        open_store(tmp_path / "cluster", manifest()) as store,
        pytest.raises(RunError, match=r"pip install 'simdyn\[cluster\]'"),
    ):
        run_blocks_on_cluster(store, MadeUp(), Silent(), "tcp://127.0.0.1:9")
