"""What each part of a scenario contributes to its difference from the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simdyn.answers import shapley
from simdyn.answers.case import Case
from simdyn.answers.indicators import Indicator
from simdyn.arrays import Array
from simdyn.errors import RunError, did_you_mean
from simdyn.scenarios import SHOCK_SETTINGS, Mixed, Scenario
from simdyn.study import generator

SETS_AT_ONCE = 64
"""Sets of parts whose yearly values are held in memory at a time."""
SHOCK = "second shock"
"""The part that depth and year of a shock are together: a year alone does nothing."""
TOTAL = "total"
"""Name of all parts together, which no part may bear."""
ALL_ORDERS = "all"

Parts = Mapping[str, tuple[str, ...]]
"""Names of levers by the name of the part they make up."""


@dataclass(frozen=True)
class Effort:
    """How far orders of parts are gone through.

    exact_parts : parts up to which every set of them is run, 2^parts sets: all orders
    n_pair : pairs of orders that are sampled beyond
    """

    exact_parts: int = 12
    n_pair: int = 100

    def orders(self, n_part: int) -> str:
        """Return which orders of so many parts are gone through, in words."""
        return ALL_ORDERS if n_part <= self.exact_parts else f"{2 * self.n_pair} sampled"


@dataclass(frozen=True)
class Contributions:
    """Contributions of the parts to one indicator, draw by draw.

    indicator, year : what they are contributions to
    values : (part, draw), in the indicator's unit; nan in draws of which a run failed, or has no
        finite value
    errors : standard errors of the means over draws, (part,), from the sampling of orders; nan
        where values are exact
    orders : which orders of the parts they are the mean of, in words
    """

    indicator: Indicator
    year: int
    parts: Parts
    values: Array
    errors: Array
    orders: str

    @property
    def total(self) -> Array:
        """The difference of the indicator, (draw,)."""
        return self.values.sum(axis=0)


def levers_of(case: Case, region: str, scenario: str, against: str) -> tuple[str, ...]:
    """Return the levers and uncertainties in which two scenarios differ in a region."""
    names: dict[str, None] = {}
    for key in case.parts(region):
        full, base = (_strengths(case.scenario(name), key) for name in (scenario, against))
        names.update(dict.fromkeys(x for x in (*full, *base) if full.get(x) != base.get(x)))
    return tuple(names)


def _strengths(scenario: Scenario, region: str) -> dict[str, object]:
    """Return what a scenario sets in a region, by lever or uncertain constant, to compare.

    Some names, such as "interest rate", are of a lever and of a constant: both count.
    """
    levers = {name: (entry.value, entry.course) for name, entry in scenario.levers(region).items()}
    changes = scenario.changes(region)
    return {name: (levers.get(name), changes.get(name)) for name in (*levers, *changes)}


def parts_of(
    case: Case, region: str, scenario: str, against: str, groups: Parts | None = None
) -> Parts:
    """Return the parts of a scenario in a region: its levers, joined where a group names them.

    Parameters
    ----------
    groups : levers of each group, by its name; a lever that the region does not move is left out

    Raises
    ------
    RunError : a group names what no region's scenario moves, a lever stands in two groups, or the
        name of a group is that of another part
    """
    levers = levers_of(case, region, scenario, against)
    groups = _checked(case, scenario, against, groups or {})
    own = {name: tuple(x for x in group if x in levers) for name, group in groups.items()}
    grouped = {lever for group in own.values() for lever in group}
    free = [lever for lever in levers if lever not in grouped]
    shock = tuple(lever for lever in free if lever in SHOCK_SETTINGS)
    parts = {**own, **{x: (x,) for x in free if x not in SHOCK_SETTINGS}, SHOCK: shock}
    return {name: group for name, group in parts.items() if group}


def _checked(case: Case, scenario: str, against: str, groups: Parts) -> Parts:
    """Return the groups, each lever of which some region moves and no other group names."""
    known = {x for key in case.calibrated for x in levers_of(case, key, scenario, against)}
    seen: set[str] = set()
    for name in groups:
        if name in {TOTAL, SHOCK, *known} - {*groups[name]}:
            raise RunError(f"group '{name}': a part of its own has that name. Choose another.")
    for name, lever in ((name, lever) for name, group in groups.items() for lever in group):
        if lever not in known:
            message = f"group '{name}': '{scenario}' does not move '{lever}'. "
            raise RunError(message + did_you_mean(lever, known))
        if lever in seen:
            raise RunError(f"group '{name}': '{lever}' stands in two groups. Name it once.")
        seen.add(lever)
    return groups


def contributions(
    case: Case,
    region: str,
    scenario: str,
    against: str,
    readings: Sequence[tuple[Indicator, int]],
    parts: Parts,
    effort: Effort = Effort(),
) -> list[Contributions]:
    """Return what each part contributes to the difference of each indicator, in order.

    Every set of parts is run on all draws with the levers of the parts as in `scenario` and all
    others as in `against`. Of few parts, as `effort` has it, the values are exact, of more they are
    from pairs of random orders. Either way they add up to the difference, draw by draw.
    """
    game = _Game(case, region, scenario, against, tuple(readings), parts)
    n_part = len(parts)
    if n_part <= effort.exact_parts:
        estimates = shapley.exact(game, n_part)[None]
    else:
        rng = generator(case.study, region, scenario, "contributions")
        estimates = shapley.sampled(game, n_part, effort.n_pair, rng)
    return [
        Contributions(indicator, year, parts, *_summed(estimates[:, :, n]), effort.orders(n_part))
        for n, (indicator, year) in enumerate(readings)
    ]


def _summed(estimates: Array) -> tuple[Array, Array]:
    """Return values (part, draw) and errors (part,) from estimates (estimate, part, draw)."""
    n_estimate, n_part, _ = estimates.shape
    sound = ~np.isnan(estimates).any(axis=(0, 1))
    values = np.where(sound, estimates.mean(axis=0), np.nan)
    if n_estimate < 2 or not sound.any():
        return values, np.full(n_part, np.nan)
    means = estimates[:, :, sound].mean(axis=2)
    return values, means.std(axis=0, ddof=1) / np.sqrt(n_estimate)


@dataclass(frozen=True)
class _Game:
    """Values (set, indicator, draw) of sets of parts."""

    case: Case
    region: str
    scenario: str
    against: str
    readings: tuple[tuple[Indicator, int], ...]
    parts: Parts

    def __call__(self, sets: Sequence[int]) -> Array:
        n_draw, chunk = self.case.n_draw, SETS_AT_ONCE
        return np.concatenate(
            [self._values(sets[at : at + chunk], n_draw) for at in range(0, len(sets), chunk)]
        )

    def _values(self, sets: Sequence[int], n_draw: int) -> Array:
        years = self.case.run(self.region, [self._setting(each) for each in sets])
        measurement = self.case.measurement(self.region)
        tiled = {name: np.tile(values, len(sets)) for name, values in measurement.items()}
        rows = [indicator.of(years, tiled, year) for indicator, year in self.readings]
        values = np.array(rows).reshape(len(rows), len(sets), n_draw).swapaxes(0, 1)
        # A year beyond the runs has no difference to others.
        return np.where(np.isfinite(values), values, np.nan)

    def _setting(self, included: int) -> Mixed:
        """Return the reference with the parts of a set as in the scenario."""
        chosen = frozenset(
            lever
            for n, levers in enumerate(self.parts.values())
            for lever in levers
            if included >> n & 1
        )
        base, full = (self.case.scenario(name) for name in (self.against, self.scenario))
        return Mixed(base, full, chosen)
