"""Work in processes: results in order, and a lost process is named."""

import os

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
