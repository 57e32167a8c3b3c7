"""Blocks are every member once, whatever the size."""

from collections import Counter

import pytest

from simdyn.runs.layout import Layout


@pytest.mark.parametrize("size", [1, 3, 7, 16, 10_000])
@pytest.mark.parametrize("n_draw", [1, 5, 17])
@pytest.mark.parametrize("n_scenario", [1, 4, 7])
def test_blocks_are_every_member_once(size: int, n_draw: int, n_scenario: int) -> None:
    scenarios = tuple(map(str, range(n_scenario)))
    layout = Layout(("a", "b"), scenarios, n_draw, ("x",), (2020,), size)
    members = Counter(
        (block.region, scenario, draw)
        for block in layout.blocks()
        for scenario in range(block.scenario, block.scenario + block.n_scenario)
        for draw in range(block.draw, block.draw + block.n_draw)
    )
    assert len(members) == layout.n_member
    assert set(members.values()) == {1}
    assert all(block.n_member <= max(size, 1) for block in layout.blocks())


def test_chunks_hold_hardly_more_than_the_blocks() -> None:
    layout = Layout(("a",), ("s",), 10_000, ("x",), (2020,), 8192)
    sizes = [block.n_draw for block in layout.blocks()]
    assert sizes == [5000, 5000]
