"""The axes of a batch of runs, and the blocks it is cut into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from simdyn.arrays import Array

AXES = ("region", "scenario", "draw", "variable", "year")
"""Order of the axes of a batch's values, in memory and in the store."""

BLOCK_MEMBERS = 8192
"""Members of a block, at the most: some tenths of a second of work, some ten megabytes."""


class Block(NamedTuple):
    """Members that are run and stored together: of one region, a rectangle of scenarios, draws.

    region, scenario, draw : place of the first member on each axis
    n_scenario, n_draw : size of the rectangle
    """

    region: int
    scenario: int
    draw: int
    n_scenario: int
    n_draw: int

    @property
    def n_member(self) -> int:
        """Members of the block."""
        return self.n_scenario * self.n_draw


@dataclass(frozen=True)
class Layout:
    """Axes of a batch, and the size of its blocks.

    regions : with a run of their own; the sums of regions are formed when results are read
    variables : of the model, yearly values: flows integrated, stocks at the year's end
    """

    regions: tuple[str, ...]
    scenarios: tuple[str, ...]
    n_draw: int
    variables: tuple[str, ...]
    years: tuple[int, ...]
    block_members: int = BLOCK_MEMBERS

    @property
    def n_member(self) -> int:
        """Members of the batch."""
        return len(self.regions) * len(self.scenarios) * self.n_draw

    @property
    def shape(self) -> tuple[int, int, int, int, int]:
        """Shape of the values of the batch, by `AXES`."""
        axes = (self.regions, self.scenarios, range(self.n_draw), self.variables, self.years)
        return tuple(map(len, axes))  # type: ignore[return-value]

    @property
    def chunk(self) -> tuple[int, int, int, int, int]:
        """Shape of a block's values at the most: a block is a chunk of the store.

        Blocks are about equal, as a chunk takes its full size on disk however small its block is.
        """
        n_draw = _even(self.n_draw, self.block_members)
        n_scenario = _even(len(self.scenarios), max(1, self.block_members // n_draw))
        return 1, n_scenario, n_draw, len(self.variables), len(self.years)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks; together they are every member once."""
        _, n_scenario, n_draw, _, _ = self.chunk
        for region in range(len(self.regions)):
            for scenario in range(0, len(self.scenarios), n_scenario):
                for draw in range(0, self.n_draw, n_draw):
                    scenarios_left, draws_left = len(self.scenarios) - scenario, self.n_draw - draw
                    size = (min(n_scenario, scenarios_left), min(n_draw, draws_left))
                    yield Block(region, scenario, draw, *size)


def _even(size: int, most: int) -> int:
    """Return the size of the parts when `size` is cut into as few as can be, about equal."""
    n_part = -(-size // most)
    return -(-size // n_part)


@dataclass(frozen=True)
class BlockResult:
    """What came of a block.

    values : (scenario, draw, variable, year); all nan where a member failed
    failures : for some failed members "scenario, draw": what went wrong, for readers
    n_failed : members that failed
    audit : largest relative error of each accounting identity, over the members audited
    """

    values: Array
    failures: Mapping[str, str] = field(default_factory=dict)
    n_failed: int = 0
    audit: Mapping[str, float] = field(default_factory=dict)


class Compute(Protocol):
    """Runs a block; the same bits wherever and whenever it is called. It can be pickled."""

    def __call__(self, block: Block) -> BlockResult:
        """Return the yearly values of the block's members."""

    def alone(self, block: Block) -> tuple[Compute, Block]:
        """Return what runs one block, to be sent elsewhere, and what that block is called there."""
