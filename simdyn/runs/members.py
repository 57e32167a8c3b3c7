"""Run the members of a block with the model: draws of a region under scenarios."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.audit import audit, audit_variables, worst
from simdyn.engine.model import Model, load
from simdyn.ensemble import run_steps
from simdyn.runs.layout import Block, BlockResult, Layout
from simdyn.scenarios import Change, Course
from simdyn.years import Steps, yearly

PART = 1024
"""Members whose steps are kept at a time: few enough for the cache of a processor."""
MOST_FAILURES = 5
"""Failed members of a block that are told one by one."""

Places = NDArray[np.int64]


class Setting(Protocol):
    """What a scenario sets in the model, in a region."""

    @property
    def name(self) -> str:
        """Name in results."""

    def settings(self, region: str) -> Mapping[str, float]:
        """Return constants of the model that it sets."""

    def courses(self, region: str) -> Mapping[str, Course]:
        """Return auxiliaries of the model that follow a course over time."""

    def changes(self, region: str) -> Mapping[str, Change]:
        """Return what it changes in the draws of constants."""


@dataclass(frozen=True)
class MemberRuns:
    """Runs the blocks of a batch; a `Compute`.

    draws : values of the model's constants by region and name, (draw,) or one number
    scenarios : along the axis of the layout
    constants : the model's own values of its constants
    always : constants that every run sets, if only to their own value: all that a draw or a lever
        sets in any region. So one compiled model serves all blocks, and the bits of a member
        depend on nothing but its own values.
    source : name and content of the model's file, from which another process reads it
    audit_every : of this many draws, one has its accounts checked at every step
    first_draw : number of the first draw, if these are some of a larger batch
    """

    layout: Layout
    model: Model
    draws: Mapping[str, Mapping[str, Array | float]]
    scenarios: Sequence[Setting]
    constants: Mapping[str, float]
    always: frozenset[str]
    time_step: float
    source: tuple[str, bytes]
    audit_every: int = 1
    first_draw: int = 0

    def __call__(self, block: Block) -> BlockResult:
        """Return the yearly values of the block's members."""
        found = _Found(self.layout, block)
        for places, members, parameters in self._parts(block):
            steps = self._run(members, parameters)
            found.add(places[members.scenario], members.draw, steps)
            found.check(self._audited(steps, block, members, parameters))
        names = [scenario.name for scenario in self._scenarios(block)]
        return found.result(names, self.first_draw + block.draw)

    def steps(self, block: Block) -> Iterator[tuple[Places, Places, Steps]]:
        """Yield the values at every step of the block's members, no more than `PART` at a time.

        With them the places of their scenario and draw in the batch, each (member,). Accounts are
        not checked.
        """
        for places, members, parameters in self._parts(block):
            steps = self._steps(members, parameters, {*self.layout.variables})
            yield block.scenario + places[members.scenario], block.draw + members.draw, steps

    def alone(self, block: Block) -> tuple[MemberRuns, Block]:
        """Return what runs one block, without all that other blocks need, and that block there."""
        region = self.layout.regions[block.region]
        draws = slice(block.draw, block.draw + block.n_draw)
        values = {
            name: value if isinstance(value, float) else value[draws]
            for name, value in self.draws[region].items()
        }
        scenarios = self._scenarios(block)
        layout = replace(
            self.layout,
            regions=(region,),
            scenarios=tuple(scenario.name for scenario in scenarios),
            n_draw=block.n_draw,
        )
        part = replace(
            self,
            layout=layout,
            draws={region: values},
            scenarios=scenarios,
            first_draw=self.first_draw + block.draw,
        )
        return part, Block(0, 0, 0, block.n_scenario, block.n_draw)

    def _scenarios(self, block: Block) -> Sequence[Setting]:
        return self.scenarios[block.scenario : block.scenario + block.n_scenario]

    def _parts(self, block: Block) -> Iterator[tuple[Places, _Members, _Parameters]]:
        """Yield members that are run together, the places of their scenarios, what they set."""
        for places, parameters in self._alike(block):
            scenarios, draws = np.divmod(np.arange(len(places) * block.n_draw), block.n_draw)
            for first in range(0, len(draws), PART):
                part = slice(first, first + PART)
                yield places, _Members(scenarios[part], draws[part]), parameters

    def _alike(self, block: Block) -> Iterator[tuple[Places, _Parameters]]:
        """Yield the places of scenarios that set the same names, with what they set."""
        region = self.layout.regions[block.region]
        draws = slice(block.draw, block.draw + block.n_draw)
        own = {**{name: self.constants[name] for name in self.always}, **self.draws[region]}
        base = {
            name: np.broadcast_to(value, self.layout.n_draw)[draws] for name, value in own.items()
        }
        alike: dict[object, list[int]] = {}
        asked = [_Asked.of(scenario, region) for scenario in self._scenarios(block)]
        for place, one in enumerate(asked):
            alike.setdefault(one.signature(base), []).append(place)
        for places in alike.values():
            some = [asked[place] for place in places]
            yield np.array(places), _Parameters.of(some, base, self.constants)

    def _run(self, members: _Members, parameters: _Parameters) -> Steps:
        variables = {*self.layout.variables}
        if self.audit_every == 1:
            variables |= audit_variables()
        return self._steps(members, parameters, variables)

    def _steps(self, members: _Members, parameters: _Parameters, variables: set[str]) -> Steps:
        given = parameters.of_members(members)
        last = self.layout.years[-1]
        return run_steps(self.model, given, variables, last, self.time_step, threads=1)

    def _audited(
        self, steps: Steps, block: Block, members: _Members, parameters: _Parameters
    ) -> Steps | None:
        """Return the steps of the members whose accounts are due, if any is."""
        if self.audit_every == 1:
            return steps
        due = (self.first_draw + block.draw + members.draw) % self.audit_every == 0
        some = _Members(members.scenario[due], members.draw[due])
        return self._steps(some, parameters, audit_variables()) if due.any() else None

    def __getstate__(self) -> dict[str, object]:
        """Return what another machine needs: the text of the model, not its code."""
        return {**self.__dict__, "model": None}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        """Compile the model anew, once in a process."""
        self.__dict__.update({**state, "model": _loaded(*state["source"])})  # type: ignore[misc]


@lru_cache(maxsize=4)
def _loaded(name: str, content: bytes) -> Model:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return load(path)


@dataclass(frozen=True)
class _Members:
    """Places of members, (member,): among the scenarios that are alike, and the block's draws."""

    scenario: Places
    draw: Places


@dataclass(frozen=True)
class _Asked:
    """What a scenario sets in one region."""

    settings: Mapping[str, float]
    courses: Mapping[str, Course]
    changes: Mapping[str, Change]

    @classmethod
    def of(cls, scenario: Setting, region: str) -> _Asked:
        """Return what a scenario sets in a region."""
        return cls(scenario.settings(region), scenario.courses(region), scenario.changes(region))

    def value(self, name: str, draws: Array) -> Array:
        """Return a constant's values under the scenario, (draw,), from those without it."""
        if name in self.settings:
            return np.full_like(draws, self.settings[name])
        return self.changes[name].apply(draws) if name in self.changes else draws

    def signature(self, base: Mapping[str, Array]) -> tuple[object, ...]:
        """Return the names that it sets beyond the base, and the times of its courses."""
        names = sorted({*self.settings, *self.changes} - base.keys())
        return (*names, *sorted((name, course.times) for name, course in self.courses.items()))


@dataclass(frozen=True)
class _Parameters:
    """Parameters of scenarios that are alike.

    values : by constant, (scenario, draw) or an axis of one
    courses : by auxiliary, the times and the values there (time, scenario)
    """

    values: Mapping[str, Array]
    courses: Mapping[str, tuple[tuple[float, ...], Array]]

    @classmethod
    def of(
        cls, asked: Sequence[_Asked], base: Mapping[str, Array], constants: Mapping[str, float]
    ) -> _Parameters:
        """Return what scenarios of one signature set, over the draws of a block."""
        values = {name: draws[None, :] for name, draws in base.items()}
        for name in _names((one.settings, one.changes) for one in asked):
            own = base.get(name, np.array([constants[name]]))
            values[name] = np.array([one.value(name, own) for one in asked])
        courses = {
            name: (course.times, np.array([one.courses[name].values for one in asked]).T)
            for name, course in asked[0].courses.items()
        }
        return cls(values, courses)

    def of_members(self, members: _Members) -> dict[str, float | Array | pd.DataFrame]:
        """Return the parameters of some members."""
        given: dict[str, float | Array | pd.DataFrame] = {}
        for name, table in self.values.items():
            scenario = members.scenario if len(table) > 1 else 0
            draw = members.draw if table.shape[1] > 1 else 0
            given[name] = np.broadcast_to(table[scenario, draw], len(members.draw))
        for name, (times, values) in self.courses.items():
            given[name] = pd.DataFrame(values[:, members.scenario], index=list(times))
        return given


def _names(asked: Iterable[Iterable[Mapping[str, object]]]) -> list[str]:
    """Return the names in mappings, each once."""
    return list(dict.fromkeys(name for one in asked for mapping in one for name in mapping))


class _Found:
    """Gathers what comes of the parts of a block."""

    def __init__(self, layout: Layout, block: Block) -> None:
        shape = (block.n_scenario, block.n_draw, len(layout.variables), len(layout.years))
        self.layout = layout
        self.values = np.full(shape, np.nan)
        self.trouble: dict[tuple[int, int], str] = {}
        self.audits: list[dict[str, float]] = []

    def add(self, scenario: Places, draw: Places, steps: Steps) -> None:
        """Take up the steps of members by their places in the block."""
        years = yearly(steps)
        table = np.stack([years.values[name] for name in self.layout.variables])
        table[:, :, ~years.ok] = np.nan
        self.values[scenario, draw] = table.transpose(2, 0, 1)
        for member, words in steps.trouble.items():
            self.trouble[int(scenario[member]), int(draw[member])] = words

    def check(self, steps: Steps | None) -> None:
        """Check the accounts of members at every step; of none that failed."""
        if steps is not None and steps.ok.any():
            self.audits.append(audit(steps))

    def result(self, names: Sequence[str], first_draw: int) -> BlockResult:
        """Return what came of the block."""
        told = sorted(self.trouble.items())[:MOST_FAILURES]
        failures = {f"{names[s]}, draw {first_draw + d}": words for (s, d), words in told}
        return BlockResult(self.values, failures, len(self.trouble), worst(self.audits))
