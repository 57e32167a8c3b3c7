"""Kills a batch at random moments and says what it cost.

    python tests/runs/killing.py 200

A process in a group of its own runs a made-up batch, is killed with SIGKILL and started again,
until the kills are used up; then the batch is run to its end. Exit code 1 if anything is lost or
differs.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
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
LONGEST = (0.02, 0.3)
"""Seconds to a kill, at the most: one while the folder is opened, one while blocks are run."""


def layout(n_region: int) -> Layout:
    regions = tuple(f"region {number}" for number in range(n_region))
    scenarios = tuple("abcdefghij")
    return Layout(regions, scenarios, 32, ("GDP", "Debt"), tuple(range(2015, 2036)), 16)


@dataclass
class Cost:
    """What the kills cost.

    n_kill : kills of a process that was at work
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


def kill_many(home: Path, n_kill: int) -> Cost:
    """Kill a batch `n_kill` times, and then run it to its end."""
    folder, log = home / "killed", home / "log"
    chance, cost, made = random.Random(n_kill), Cost(), layout(n_kill)  # noqa: S311
    stored: set[object] = set()
    while cost.n_kill < n_kill:
        before = _runs(log)
        moment = chance.uniform(0, chance.choice(LONGEST))
        if not _start_and_kill(folder, log, made, moment):
            break
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


def _start_and_kill(folder: Path, log: Path, made: Layout, after: float) -> bool:
    """Run the batch in a process of a group of its own and kill the group; say if it was alive."""
    child = os.fork()
    if child == 0:
        with open_store(folder, manifest(made)) as store:
            run_blocks(store, MadeUp(made, SECONDS, log), Silent(), threads=THREADS)
        os._exit(0)
    os.setpgid(child, child)
    time.sleep(after)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _, ended = os.waitpid(child, 0)
    return os.WIFSIGNALED(ended)


if __name__ == "__main__":
    asked = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as home:
        found = kill_many(Path(home), asked)
    print(json.dumps(asdict(found)))  # noqa: T201
    sys.exit(0 if found.same and not found.lost and not found.findings else 1)
