"""Whenever a process is killed, no stored block is lost and the end is the same."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from killing import SECONDS, THREADS


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="groups of processes are of Unix")
def test_kills_at_random_moments_lose_no_block_and_change_no_bit() -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, Path(__file__).with_name("killing.py"), "12"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cost = json.loads(done.stdout)
    assert cost["n_kill"] == 12
    assert (cost["lost"], cost["findings"], cost["same"]) == (0, 0, True)
    # Blocks alive at the kill are run again: 2 s of work for blocks of half a second.
    assert cost["most_again"] <= THREADS + 2
    assert cost["most_again"] * SECONDS < 2
