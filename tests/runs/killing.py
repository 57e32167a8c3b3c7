"""Kills a batch at random moments and says what it cost.

    python tests/runs/killing.py 200

A child process in a group of its own runs a made-up batch, is killed with SIGKILL and started
again, until the kills are used up; then the batch is run to its end.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from made_up import MadeUp, Silent, manifest

from simdyn.runs.digest import digest
from simdyn.runs.execute import run_blocks
from simdyn.runs.journal import read_journal
from simdyn.runs.layout import Layout
from simdyn.runs.manifest import MANIFEST, read_manifest
from simdyn.runs.opening import open_store
from simdyn.runs.verify import verify

THREADS = 2
SECONDS = 0.01


def layout(n_region: int) -> Layout:
    regions = tuple(f"region {number}" for number in range(n_region))
    scenarios = tuple("abcdefghij")
    return Layout(regions, scenarios, 64, ("GDP", "Debt"), tuple(range(2015, 2036)), 16)


@dataclass
class Cost:
    """What the kills cost.

    n_kill : kills while the child was at work
    lost : blocks of the journal that were not in it later
    most_again : blocks that were run again after one kill, at the most
    findings : of `verify` after any of the kills, and at the end
    same : whether the digest is that of a batch that ran through
    """

    n_kill: int = 0
    lost: int = 0
    most_again: int = 0
    findings: int = 0
    same: bool = False


def kill_many(home: Path, n_kill: int, n_region: int, longest: float, seed: int = 1) -> Cost:
    """Kill a batch `n_kill` times, each within `longest` seconds of its beginning to run."""
    folder, log = home / "killed", home / "log"
    chance, cost, made = random.Random(seed), Cost(), layout(n_region)  # noqa: S311
    stored: set[object] = set()
    while cost.n_kill < n_kill:
        before = _runs(log)
        _start_and_kill(folder, log, n_region, chance.uniform(0, longest))
        cost.n_kill += 1
        if not (folder / MANIFEST).exists():
            continue
        now = set(read_journal(folder, read_manifest(folder).digest).entries)
        cost.lost += len(stored - now)
        run = sum((_runs(log) - before).values())
        cost.most_again = max(cost.most_again, run - len(now - stored))
        cost.findings += len(verify(folder))
        stored = now
    for place in (folder, home / "through"):
        with open_store(place, manifest(made)) as store:
            cost.findings += len(store.found.damaged)
            run_blocks(store, MadeUp(made), Silent(), threads=THREADS)
    cost.findings += len(verify(folder))
    cost.same = digest(folder) == digest(home / "through")
    return cost


def _runs(log: Path) -> Counter[str]:
    return Counter(log.read_text().splitlines()) if log.exists() else Counter()


def _start_and_kill(folder: Path, log: Path, n_region: int, after: float) -> None:
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, __file__, "child", folder, log, str(n_region)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(after)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()


def child(folder: Path, log: Path, n_region: int) -> None:
    """Run the batch until the end or the kill."""
    made = layout(n_region)
    print("ready", flush=True)  # noqa: T201
    with open_store(folder, manifest(made)) as store:
        run_blocks(store, MadeUp(made, SECONDS, log), Silent(), threads=THREADS)


def main() -> None:
    """Kill as often as asked and print the cost."""
    n_kill = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as home:
        cost = kill_many(Path(home), n_kill, max(1, n_kill), 0.3, seed=n_kill)
    print(cost)  # noqa: T201
    sound = cost.same and not cost.lost and not cost.findings
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    if sys.argv[1] == "child":
        child(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
