"""Whenever a process is killed, no stored block is lost and the end is the same."""

import os
from pathlib import Path

import pytest
from killing import SECONDS, THREADS, kill_many


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="groups of processes are of Unix")
def test_kills_at_random_moments_lose_no_block_and_change_no_bit(tmp_path: Path) -> None:
    cost = kill_many(tmp_path, 12, 8, 0.3)
    assert cost.n_kill == 12
    assert cost.lost == 0
    assert cost.findings == 0
    assert cost.same
    # Blocks alive at the kill are run again: 2 s of work for blocks of half a second.
    assert cost.most_again <= THREADS + 2
    assert cost.most_again * SECONDS < 2
