"""Work in processes: results in order, a lost process is named, none outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simdyn.errors import RunError
from simdyn.processes import spread, tick


def _double(n: int) -> int:
    tick()
    return 2 * n


def _vanish(_: int) -> None:
    os._exit(1)


def test_results_come_in_order_with_a_count() -> None:
    counts: list[int] = []
    assert list(spread(_double, [3, 1, 2], counts.append)) == [6, 2, 4]
    assert counts[-1] == 3


def test_a_lost_process_is_named() -> None:
    with pytest.raises(RunError, match="a process ended before its work was done"):
        list(spread(_vanish, [1, 2]))


def _lives(process: int) -> bool:
    """Return whether a process is there and is no zombie."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _linger(place: str) -> None:
    Path(place, f"{os.getpid()}.pid").touch()
    time.sleep(60)


def test_processes_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    jobs = [str(tmp_path)] * 2
    lines = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})",
        "import test_processes as t",
        f"if __name__ == '__main__': list(t.spread(t._linger, {jobs}))",
    )
    script.write_text("\n".join(lines), encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script)])  # noqa: S603
    workers: list[int] = []
    for _ in range(400):
        workers = [int(path.stem) for path in tmp_path.glob("*.pid")]
        if len(workers) == min(2, len(os.sched_getaffinity(0))):
            break
        time.sleep(0.05)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(100):
        if not any(map(_lives, workers)):
            break
        time.sleep(0.05)
    assert workers
    assert not any(map(_lives, workers))
