"""The batch of a study: every region with a run of its own, under every scenario, on every draw."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from simdyn.arrays import Array
from simdyn.engine.model import Model
from simdyn.names import FIRST_YEAR, LAST_YEAR
from simdyn.processes import n_processor
from simdyn.regions import Region, Scope
from simdyn.runs.layout import BLOCK_MEMBERS, Layout
from simdyn.runs.members import MemberRuns, Setting
from simdyn.runs.results import years_of
from simdyn.scenarios import constant_of, lever_names
from simdyn.years import Years

MOST_AUDITED = 50_000
"""Members of a batch whose accounts are all checked; of a larger one, evenly spread draws are."""
PROBE = 1024
"""Members that are run to tell how long a batch takes."""


@dataclass(frozen=True)
class Estimate:
    """What a batch takes, before it is run.

    seconds : of computing, from a few members run on this machine
    probe : how many those were
    bytes : of the values stored
    """

    members: int
    blocks: int
    seconds: float
    probe: int
    bytes: int


def make_batch(
    model: Model,
    regions: Mapping[str, Region],
    draws: Mapping[str, Mapping[str, Array | float]],
    scenarios: Sequence[Setting],
    variables: Sequence[str],
    time_step: float,
    block_members: int = BLOCK_MEMBERS,
    most_audited: int = MOST_AUDITED,
) -> MemberRuns:
    """Return what runs the blocks of a batch.

    Parameters
    ----------
    regions : of the whole project, whose parameters every run sets
    draws : of those to run, values of the model's constants by name, (draw,) or one number
    variables : whose yearly values are kept
    most_audited : members whose accounts are checked, evenly spread draws if there are more
    """
    n_draw = max(np.size(values) for region in draws.values() for values in region.values())
    layout = Layout(
        tuple(draws),
        tuple(scenario.name for scenario in scenarios),
        n_draw,
        tuple(variables),
        tuple(range(FIRST_YEAR, LAST_YEAR + 1)),
        block_members,
    )
    kinds = model.variables["kind"]
    names = [str(name) for name in kinds.index[kinds == "constant"]]
    constants = dict(zip(names, model.run(variables=names).iloc[0].tolist(), strict=True))
    source = (model.path.name, model.path.read_bytes())
    always, every = _always(regions, names), -(-layout.n_member // most_audited)
    return MemberRuns(
        layout, model, draws, tuple(scenarios), constants, always, time_step, source, every
    )


def run_all(runs: MemberRuns, region: str) -> Years:
    """Run all members of a region in memory.

    Members are the draws under the first scenario, then those under the second, and so on.
    """
    layout = runs.layout
    blocks = [b for b in layout.blocks() if layout.regions[b.region] == region]
    with ThreadPoolExecutor(min(n_processor(), len(blocks))) as pool:
        found = list(pool.map(runs, blocks))
    values = np.full((len(layout.scenarios), *layout.shape[2:]), np.nan)
    for block, one in zip(blocks, found, strict=True):
        scenarios = slice(block.scenario, block.scenario + block.n_scenario)
        values[scenarios, block.draw : block.draw + block.n_draw] = one.values
    return years_of(layout, values.reshape(-1, *layout.shape[3:]))


def _always(regions: Mapping[str, Region], constants: Sequence[str]) -> frozenset[str]:
    """Return the constants that a lever, a draw or a region's file sets anywhere."""
    levers = {constant_of(lever) for lever in lever_names(constants)}
    own = {
        name
        for region in regions.values()
        for name in (
            *(p.parameter for p in region.priors if p.applies_to is Scope.MODEL),
            *region.file.fixed,
        )
    }
    return frozenset(levers | own)


def estimate(compute: MemberRuns, threads: int) -> Estimate:
    """Return what a batch takes; runs `PROBE` members of it, the model compiled before."""
    layout = compute.layout
    block = next(replace(layout, block_members=PROBE).blocks())
    compute(block)
    start = time.perf_counter()
    compute(block)
    spent = time.perf_counter() - start
    n_block = sum(1 for _ in layout.blocks())
    seconds = spent / block.n_member * layout.n_member / max(1, min(threads, n_block))
    n_byte = 8 * int(np.prod(layout.shape))
    return Estimate(layout.n_member, n_block, seconds, block.n_member, n_byte)
