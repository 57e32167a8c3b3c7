"""Blocks run in bounded memory; one that fails holds nobody up; an interrupt loses nothing."""

import os
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest
from made_up import LAYOUT, Heard, MadeUp, Make, Silent, manifest

from simdyn.errors import RunError
from simdyn.runs.digest import digest
from simdyn.runs.execute import run_blocks
from simdyn.runs.layout import Block, BlockResult
from simdyn.runs.opening import open_store
from simdyn.runs.results import open_results
from simdyn.runs.status import State, status
from simdyn.runs.verify import verify


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_at_most_two_more_blocks_than_threads_are_alive(tmp_path: Path, threads: int) -> None:
    class Counted(MadeUp):
        def __call__(self, block: Block) -> BlockResult:
            with lock:
                nonlocal alive, most
                alive += 1
                most = max(most, alive)
            result = super().__call__(block)
            weakref.finalize(result.values, forget)
            return result

    def forget() -> None:
        nonlocal alive
        with lock:
            alive -= 1

    alive = most = 0
    lock = threading.RLock()
    with open_store(tmp_path / "batch", manifest()) as store:
        run_blocks(store, Counted(seconds=0.002), Silent(), threads=threads)
    assert 1 <= most <= threads + 2


def test_a_block_that_fails_once_is_run_again(tmp_path: Path, batch: Make) -> None:
    class FailsOnce(MadeUp):
        def __call__(self, block: Block) -> BlockResult:
            if block not in seen:
                seen.add(block)
                raise RunError("planted.")
            return super().__call__(block)

    seen: set[Block] = set()
    with open_store(tmp_path / "once", manifest()) as store:
        ran = run_blocks(store, FailsOnce(), Silent())
    assert (ran.n_block, ran.failed) == (24, {})
    assert digest(tmp_path / "once") == digest(batch())


@pytest.mark.parametrize("error", [RunError("planted."), MemoryError()])
def test_a_block_that_fails_twice_is_recorded_and_tried_anew_on_resume(
    tmp_path: Path, batch: Make, error: Exception
) -> None:
    class Fails(MadeUp):
        def __call__(self, block: Block) -> BlockResult:
            if block.scenario == 1:
                raise error
            return super().__call__(block)

    folder, heard = tmp_path / "part", Heard()
    with open_store(folder, manifest()) as store:
        ran = run_blocks(store, Fails(), heard)
    assert heard.done == heard.total
    assert ran.n_block == 18
    reason = str(error) or "MemoryError"
    assert set(ran.failed.values()) == {reason}
    assert {block.scenario for block in ran.failed} == {1}
    found = status(folder)
    assert found.state is State.PARTIAL
    assert found.failed_blocks == dict.fromkeys((3, 4, 5, 15, 16, 17), reason)
    assert verify(folder) == []
    with pytest.raises(RunError, match=r"6 of 24 blocks are missing. Run again with --resume"):
        open_results(folder)
    results = open_results(folder, partial=True)
    assert not results.years("qiqihar", "plan").ok.any()
    assert results.years("qiqihar", "food").ok.all()
    assert np.isnan(results.dataset()["values"].sel(scenario="plan")).all()
    with open_store(folder, manifest()) as store:
        assert run_blocks(store, MadeUp(), Silent()).n_block == 6
    assert status(folder).state is State.COMPLETE
    assert digest(folder) == digest(batch())


def test_a_bug_is_passed_on_and_leaves_a_batch_that_goes_on(tmp_path: Path, batch: Make) -> None:
    class Bug(MadeUp):
        def __call__(self, block: Block) -> BlockResult:
            if block.region == 1:
                raise ZeroDivisionError
            return super().__call__(block)

    with open_store(tmp_path / "bug", manifest()) as store, pytest.raises(ZeroDivisionError):
        run_blocks(store, Bug(), Silent())
    assert status(tmp_path / "bug").state is State.UNFINISHED
    with open_store(tmp_path / "bug", manifest()) as store:
        run_blocks(store, MadeUp(), Silent())
    assert digest(tmp_path / "bug") == digest(batch())


def test_values_of_another_shape_are_a_bug(tmp_path: Path) -> None:
    with open_store(tmp_path / "batch", manifest()) as store:
        block = store.missing()[0]
        with pytest.raises(ValueError, match=r"values of shape"):
            store.commit(block, BlockResult(np.zeros((1, 4, 3, 3))), 0)


def test_an_interrupt_ends_at_once_and_loses_nothing(tmp_path: Path, batch: Make) -> None:
    folder = tmp_path / "batch"
    code = """
import signal
import sys
from pathlib import Path
# Whoever runs the tests in the background may have had them ignore interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
from made_up import MadeUp, Silent, manifest
from simdyn.runs.execute import run_blocks
from simdyn.runs.opening import open_store
class Told(Silent):
    def advance(self, note, steps=1):
        print("stored", flush=True)
with open_store(Path(sys.argv[1]), manifest()) as store:
    run_blocks(store, MadeUp(seconds=0.2), Told(), threads=2)
"""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code, folder],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "stored\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert "KeyboardInterrupt" in err
    n_stored = status(folder).n_stored
    assert 1 <= n_stored <= out.count("stored") + 3 < 24
    assert status(folder).state is State.UNFINISHED
    assert verify(folder) == []
    with open_store(folder, manifest()) as store:
        assert (
            run_blocks(store, MadeUp(), Silent()).n_block == len(list(LAYOUT.blocks())) - n_stored
        )
    assert digest(folder) == digest(batch())
