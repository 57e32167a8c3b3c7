"""The spaces that sensitivity is asked over: a region's inputs and what holds besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from simdyn.answers.case import Case
from simdyn.arrays import Array
from simdyn.calibrate.calibration import Calibrated
from simdyn.calibrate.priors import parameter
from simdyn.ensemble import Parameters
from simdyn.regions import Prior, Scope
from simdyn.scenarios import (
    SHOCK_SETTINGS,
    SHOCK_YEAR,
    Change,
    Course,
    Lever,
    LeverKind,
    Scenario,
    constant_of,
    policy_of,
    read_levers,
)
from simdyn.sensitivity.designed import Problem
from simdyn.sensitivity.regional.inputs import (
    Input,
    Kind,
    Turn,
    course_of,
    over_draws,
    over_limits,
    over_prior,
    over_range,
    over_shares,
    over_strength,
)

TAIL = 10.0
"""Percent of the posterior beyond either end of a parameter's range."""
MIDDLE = (-1.2815515655446004, 1.2815515655446004)
"""10 and 90 percent points of a standard normal."""
UNCERTAINTIES = "uncertainties"
SHARES = ("initial primary share", "initial services share")
"""Parameters whose priors say little of their sum, which leaves industry its share."""
SECTOR_SHARES = "initial sector shares"
KINDS = {LeverKind.POLICY: Kind.POLICY, LeverKind.OUTSIDE: Kind.OUTSIDE}

Model = Mapping[str, float | Array]


@dataclass(frozen=True)
class Held:
    """What every row sets in a region that is run.

    constants : values of the model's constants, among them those that `changes` start from
    changes : what the scenario does to constants, whatever a row sets them to
    courses : of the levers that no row turns
    """

    constants: Model
    changes: Mapping[str, Change]
    courses: Mapping[str, Course]


@dataclass(frozen=True)
class Space:
    """Inputs of a region, and how a design sets them.

    problem : factors and groups of the design; its inputs are those of `inputs`
    held, turns : by region that is run
    """

    region: str
    inputs: tuple[Input, ...]
    problem: Problem
    held: Mapping[str, Held]
    turns: Mapping[str, tuple[Turn, ...]]

    def parameters(self, part: str, rows: Array) -> Parameters:
        """Return the parameters of a part's members for rows (row, factor)."""
        held = self.held[part]
        values: dict[str, float | Array | pd.DataFrame] = dict(held.constants)
        for turn in self.turns[part]:
            values |= turn(rows)
        for name, change in held.changes.items():
            start = np.asarray(values[name], dtype=np.float64)
            values[name] = change.apply(np.broadcast_to(start, len(rows)))
        for name, course in held.courses.items():
            values[name] = course_of(course, len(rows))
        return values


@dataclass
class _Maker:
    """Gathers the factors of a space in the order of the design's columns."""

    case: Case
    region: str
    names: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    inputs: dict[str, Input] = field(default_factory=dict)
    turns: dict[str, list[Turn]] = field(default_factory=dict)
    turned: set[str] = field(default_factory=set)

    def factor(self, name: str, group: str) -> int:
        """Add a column of the design and return its position."""
        self.names.append(name)
        self.groups.append(group)
        return len(self.names) - 1

    def turn(self, part: str, turn: Turn) -> None:
        """Let columns set something in a part."""
        self.turns.setdefault(part, []).append(turn)

    def add(self, item: Input) -> None:
        """Take up an input; where regions have it with other ends, none are told."""
        known = self.inputs.setdefault(item.name, item)
        if known != item:
            self.inputs[item.name] = Input(item.name, item.kind, item.unit)

    def space(self, constants: Mapping[str, Model], scenario: Scenario) -> Space:
        """Return the space in which the parts have these constants, under a scenario."""
        problem = Problem(
            tuple(self.names), None if self.groups == self.names else tuple(self.groups)
        )
        held = {
            part: _held(self.case, part, constants[part], scenario, self.turned)
            for part in self.case.parts(self.region)
        }
        turns = {part: tuple(self.turns.get(part, ())) for part in held}
        inputs = tuple(self.inputs[name] for name in problem.inputs)
        return Space(self.region, inputs, problem, held, turns)


def _held(
    case: Case, part: str, constants: Model, scenario: Scenario, turned: Iterable[str]
) -> Held:
    levers, changes = set(turned), scenario.changes(part)
    own = _own_values(case, [name for name in changes if name not in constants])
    courses = {
        name: course
        for name, course in scenario.courses(part).items()
        if name not in {policy_of(lever) for lever in levers}
    }
    settings = {
        name: value
        for name, value in scenario.settings(part).items()
        if name not in {constant_of(lever) for lever in levers}
    }
    return Held({**own, **constants, **settings}, changes, courses)


def _own_values(case: Case, names: Sequence[str]) -> dict[str, float]:
    if not names:
        return {}
    row = case.study.model.run(variables=names).iloc[0]
    return {name: float(row[name]) for name in names}


def on_priors(case: Case, region: str, scenario: Scenario) -> Space:
    """Return the space of the parameters over their priors, under a scenario.

    A parameter that the parts of a sum share in part is one input of several factors, and so are
    the initial shares of sectors, which cannot exceed the whole together.
    """
    maker = _Maker(case, region)
    parts = case.parts(region)
    found = by_name(case, parts, scenario)
    if all(name in found for name in SHARES):
        _add_shares(maker, *(found.pop(name) for name in SHARES))
    for name, priors in found.items():
        shared = [part for part, prior in priors.items() if prior.pooling > 0]
        common = maker.factor(f"{name}, common", name) if len(shared) > 1 else None
        for part, prior in priors.items():
            own = maker.factor(name if len(parts) == 1 else f"{name}, {part}", name)
            columns = (common, own) if common is not None and part in shared else (own,)
            maker.turn(part, Turn(columns, over_prior(prior)))
            maker.add(_uncertainty(prior, *MIDDLE))
    return maker.space({part: case.calibrated[part].problem.fixed for part in parts}, scenario)


def on_levers(case: Case, region: str, scenario: Scenario, levers: Sequence[Lever]) -> Space:
    """Return the space of levers over their limits, at the best fit."""
    maker = _Maker(case, region)
    _add_levers(maker, levers, [constant_of(lever.lever) for lever in levers])
    return maker.space(_at_best(case, region), scenario)


def on_both(case: Case, region: str, scenario: Scenario, levers: Sequence[Lever]) -> Space:
    """Return the space of levers over their limits and of draws of the posterior, in groups.

    A draw keeps its parameters together, so that they may be correlated: they are one factor.
    """
    maker = _Maker(case, region)
    column = maker.factor(UNCERTAINTIES, UNCERTAINTIES)
    maker.add(Input(UNCERTAINTIES, Kind.UNCERTAINTY))
    for part in case.parts(region):
        calibrated = case.calibrated[part]
        maker.turn(part, Turn((column,), over_draws(calibrated.problem, calibrated.draws)))
    _add_levers(maker, levers, [f"{KINDS[lever.kind]}s" for lever in levers])
    constants = {part: case.calibrated[part].problem.fixed for part in case.parts(region)}
    return maker.space(constants, scenario)


def on_strengths(case: Case, region: str, scenario: Scenario) -> Space:
    """Return the space of parameters over the middle of the posterior and of a scenario's levers.

    Each lever goes from nothing to all that the scenario does with it: a strength, a path, a ramp,
    a switch. What the scenario changes in parameters holds throughout, and so does the year of a
    shock: between it and none there is nothing to turn.
    """
    maker = _Maker(case, region)
    _add_ranges(maker, scenario)
    known = read_levers(case.study.project.levers)
    for part in case.parts(region):
        for name, entry in scenario.levers(part).items():
            if name == SHOCK_YEAR:
                continue
            lever, constant = known[name], constant_of(name)
            if constant not in maker.inputs:
                maker.factor(constant, constant)
            maker.turned.add(name)
            column = maker.names.index(constant)
            maker.turn(part, Turn((column,), over_strength(name, entry)))
            full = _full(entry.strengths)
            maker.add(Input(constant, KINDS[lever.kind], lever.unit, 0.0, full))
    return maker.space(_at_best(case, region), scenario)


def turned_levers(case: Case) -> tuple[Lever, ...]:
    """Return the levers that are turned over time, in the order of their table."""
    rows = read_levers(case.study.project.levers).values()
    return tuple(row for row in rows if row.lever not in SHOCK_SETTINGS)


def _add_levers(maker: _Maker, levers: Sequence[Lever], groups: Sequence[str]) -> None:
    """Add levers over their limits, turned alike in all parts; each in its group."""
    for lever, group in zip(levers, groups, strict=True):
        column = maker.factor(constant_of(lever.lever), group)
        maker.turned.add(lever.lever)
        alone = group == constant_of(lever.lever)
        ends = (lever.unit, lever.low, lever.high) if alone else ()
        maker.add(Input(group, KINDS[lever.kind], *ends))
        for part in maker.case.parts(maker.region):
            maker.turn(part, Turn((column,), over_limits(lever.lever, lever.low, lever.high)))


def _add_shares(maker: _Maker, first: Mapping[str, Prior], second: Mapping[str, Prior]) -> None:
    """Add the shares of sectors in initial GDP as one input: together they leave some industry."""
    for part in first:
        places = f", {part}" if len(first) > 1 else ""
        columns = [
            maker.factor(f"{prior.parameter}{places}", SECTOR_SHARES)
            for prior in (first[part], second[part])
        ]
        maker.turn(part, Turn(tuple(columns), over_shares(first[part], second[part])))
    maker.add(Input(SECTOR_SHARES, Kind.UNCERTAINTY, "share"))


def _add_ranges(maker: _Maker, scenario: Scenario) -> None:
    """Add each parameter over the middle of its posterior; parts of a sum move alike."""
    found = by_name(maker.case, maker.case.parts(maker.region), scenario)
    for name, priors in found.items():
        column = maker.factor(name, name)
        for part, prior in priors.items():
            low, high = middle(maker.case.calibrated[part], name)
            maker.turn(part, Turn((column,), over_range(prior, low, high)))
            maker.add(_uncertainty(prior, low, high))


def middle(calibrated: Calibrated, name: str) -> tuple[float, float]:
    """Return the ends of the middle 80 percent of a parameter's posterior, in prior deviations."""
    names = [prior.parameter for prior in calibrated.problem.region.priors]
    low, high = np.percentile(calibrated.draws[names.index(name)], [TAIL, 100 - TAIL])
    return float(low), float(high)


def _at_best(case: Case, region: str) -> dict[str, Model]:
    """Return the constants of each part at the best fit."""
    found: dict[str, Model] = {}
    for part in case.parts(region):
        calibrated = case.calibrated[part]
        constants = calibrated.problem.model_parameters(calibrated.best)
        found[part] = {name: float(value) for name, value in constants.items()}
    return found


def _full(strengths: Sequence[float]) -> float:
    """Return the strength furthest from nothing."""
    return max(strengths, key=abs)


def by_name(case: Case, parts: Sequence[str], scenario: Scenario) -> dict[str, dict[str, Prior]]:
    """Return the priors of the model's parameters by name and part, that vary under a scenario.

    What a scenario sets to one value does not vary.
    """
    found: dict[str, dict[str, Prior]] = {}
    for part in parts:
        changes = scenario.changes(part)
        held = {name for name, change in changes.items() if change.value is not None}
        for prior in case.calibrated[part].problem.region.priors:
            if prior.applies_to is Scope.MODEL and prior.parameter not in held:
                found.setdefault(prior.parameter, {})[part] = prior
    return found


def _uncertainty(prior: Prior, low: float, high: float) -> Input:
    ends = (float(parameter(prior, np.float64(z))) for z in (low, high))  # type: ignore[arg-type]
    return Input(prior.parameter, Kind.UNCERTAINTY, prior.unit, *ends)
