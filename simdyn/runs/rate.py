"""How fast a batch runs, in words."""

from __future__ import annotations

import time


class Rate:
    """Counts what is done and says the rate and the time left.

    Parameters
    ----------
    n_block, n_member : blocks and members to run
    """

    def __init__(self, n_block: int, n_member: int) -> None:
        self._start = time.monotonic()
        self._n_block, self._n_member = n_block, n_member
        self._blocks = self._members = 0

    def count(self, n_member: int) -> str:
        """Count a block and return, for readers, how far the batch is."""
        self._blocks += 1
        self._members += n_member
        spent = max(time.monotonic() - self._start, 1e-9)
        a_second = self._members / spent
        left = (self._n_member - self._members) / a_second
        where = f"block {self._blocks} of {self._n_block}"
        return f"{where}, {a_second:,.0f} members a second, {_span(left)} left"


def _span(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"
