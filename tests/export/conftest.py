"""Results to export, held in memory."""

from collections.abc import Callable, Sequence

import pytest
from memory_runs import MemoryRuns, about

from simdyn.export import Source


@pytest.fixture
def source() -> Source:
    return Source(MemoryRuns(("songbei", "daoli"), ("baseline", "plan")), about())


@pytest.fixture
def named() -> Callable[..., Source]:
    """Results whose regions and scenarios have these names."""

    def make(regions: Sequence[str], scenarios: Sequence[str] = ("baseline",)) -> Source:
        return Source(MemoryRuns(tuple(regions), tuple(scenarios)), about())

    return make
