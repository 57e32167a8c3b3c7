"""A made-up batch: values that are a formula of names and numbers, so that any part can be told."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.runs.layout import Block, BlockResult, Compute, Layout
from simdyn.runs.manifest import Manifest

Make = Callable[..., Path]
"""Runs a made-up batch to its end and returns its folder: the fixture `batch`."""

LAYOUT = Layout(
    regions=("qiqihar", "双城区"),
    scenarios=("baseline", "plan", "../etc", "food"),
    n_draw=10,
    variables=("GDP", "Debt", "population"),
    years=(2015, 2016, 2017, 2018),
    block_members=4,
)
"""Blocks of a scenario's draws 0-3, 4-7 and 8-9: the last is smaller than a chunk."""


def manifest(layout: Layout = LAYOUT, **changes: object) -> Manifest:
    made = Manifest("study", 1, {"model.mdl": "a" * 64}, {"simdyn": "0.1.0"}, layout)
    return replace(made, **changes)  # type: ignore[arg-type]


def seed_of(*names: str) -> int:
    return int.from_bytes(sha256("\0".join(names).encode()).digest()[:6])


@dataclass(frozen=True)
class MadeUp:
    """Values that depend on the names of region, scenario and variable, on draw and year.

    seconds : that a block takes
    log : file that gets a line for each block that is run
    bad : scenarios of which no block can be run
    """

    layout: Layout = LAYOUT
    seconds: float = 0.0
    log: Path | None = None
    bad: tuple[str, ...] = ()

    def __call__(self, block: Block) -> BlockResult:
        if self.log is not None:
            with self.log.open("a") as file:
                file.write(f"{tuple(block)}\n")
        time.sleep(self.seconds)
        scenarios = self.layout.scenarios[block.scenario : block.scenario + block.n_scenario]
        if set(scenarios) & set(self.bad):
            raise RunError("planted.")
        draws = np.arange(block.draw, block.draw + block.n_draw)
        values = np.stack([self.values(block.region, name, draws) for name in scenarios])
        return BlockResult(values, audit={"accounts": 1e-12})

    def alone(self, block: Block) -> tuple[Compute, Block]:
        return self, block

    def values(self, region: int, scenario: str, draws: Array) -> Array:
        """Return (draw, variable, year)."""
        names = [(self.layout.regions[region], scenario, name) for name in self.layout.variables]
        level = np.array([seed_of(*each) % 10_007 for each in names], float)
        years = np.array(self.layout.years, float)
        growth = np.sin(draws[:, None, None] + level[:, None] / 7) * (years - 2000)
        return level[:, None] + growth


class Silent:
    def stage(self, name: str, total: int) -> None: ...
    def advance(self, note: str, steps: int = 1) -> None: ...


class Heard:
    """Progress that is kept."""

    def __init__(self) -> None:
        self.total, self.done, self.notes = 0, 0, []

    def stage(self, _name: str, total: int) -> None:
        self.total = total

    def advance(self, note: str, steps: int = 1) -> None:
        self.done += steps
        self.notes.append(note)


def chunk_files(folder: Path) -> list[Path]:
    return sorted((folder / "values.zarr" / "values").glob("*.*.*.*.*"))


def flip(path: Path, place: int) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def messages(found: Iterable[object]) -> str:
    return "\n".join(map(str, found))
