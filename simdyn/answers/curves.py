"""What each draw reaches of a target as a function of a lever, from runs of a few of its values.

Between them the draw's values are interpolated by a monotone cubic (Fritsch and Carlson 1980, SIAM
Journal on Numerical Analysis 17, 238-246).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from simdyn.answers.backcast import Threshold, thresholds
from simdyn.answers.bands import Probability, probability
from simdyn.answers.case import Case
from simdyn.answers.ranges import LeverRange
from simdyn.answers.targets import is_met, reached
from simdyn.arrays import Array
from simdyn.regions import Reading
from simdyn.runs.members import Setting
from simdyn.scenarios import Turned

RUNS_AT_ONCE = 40_000
"""Runs whose paths are in memory at a time, about five kilobytes each."""
POINTS = 5
"""Values of a lever that are run at first, both ends of its range among them."""


@dataclass(frozen=True)
class Place:
    """Where levers are turned: in a region under a scenario that decides on all others."""

    case: Case
    region: str
    scenario: str

    def turned(self, lever: LeverRange, value: float) -> Setting:
        """Return the scenario with a lever at a value."""
        return Turned(self.case.scenario(self.scenario), {self.region: {lever.lever: value}})

    def run(
        self, settings: Sequence[Setting], targets: Sequence[Reading]
    ) -> tuple[Array, NDArray[np.bool_]]:
        """Return what is reached of targets, (target, setting, draw), and which runs are sound."""
        shape = len(settings), self.case.n_draw
        values, ok = np.empty((len(targets), *shape)), np.empty(shape, bool)
        step = max(1, RUNS_AT_ONCE // self.case.n_draw)
        for start in range(0, len(settings), step):
            own = slice(start, start + step)
            years = self.case.run(self.region, settings[own])
            for row, target in zip(values[:, own], targets, strict=True):
                row[:] = reached(self.case, self.region, target, years).reshape(row.shape)
            ok[own] = years.ok.reshape(ok[own].shape)
        return values, ok

    def met(self, target: Reading, values: Array) -> NDArray[np.bool_]:
        """Return whether values meet a target."""
        return is_met(self.case.study, target, values)


@dataclass(frozen=True)
class Curve:
    """What each draw reaches of a target over the range of a lever.

    now : probability of the target under the scenario itself
    points : values of the lever that were run, ascending
    values, ok : what was reached there, and whether the run is sound, (point, draw)
    """

    place: Place
    target: Reading
    lever: LeverRange
    now: Probability
    points: Array
    values: Array
    ok: NDArray[np.bool_]

    @cached_property
    def sound(self) -> NDArray[np.bool_]:
        """Whether a draw is sound at every value run, (draw,); others are left out."""
        return np.logical_and.reduce(self.ok)

    @cached_property
    def between(self) -> PchipInterpolator:
        """What the sound draws reach at any values of the lever, (value, draw)."""
        return PchipInterpolator(self.points, self.values[:, self.sound])

    @cached_property
    def grid(self) -> tuple[Probability, ...]:
        """The probability at each value run."""
        met = self.place.met(self.target, self.values[:, self.sound])
        return tuple(probability(each) for each in met)

    def __call__(self, points: Array) -> Array:
        """Return the share of the sound draws that meet the target at values of the lever."""
        shares: Array = self.place.met(self.target, self.between(points)).mean(axis=1)
        return shares

    def thresholds(self, level: float) -> tuple[Threshold, ...]:
        """Return the values of the lever at which the probability crosses a level."""
        chances = np.array([each.value for each in self.grid])
        n_sound = int(np.count_nonzero(self.sound))
        return thresholds(self, self.points, chances, level, n_sound)

    def joined(self, points: Array, values: Array, ok: NDArray[np.bool_]) -> Curve:
        """Return the curve through what was run at more values of the lever too."""
        every, places = np.unique(np.append(self.points, points), return_index=True)
        return replace(
            self,
            points=every,
            values=np.concatenate([self.values, values])[places],
            ok=np.concatenate([self.ok, ok])[places],
        )


def first_curves(
    place: Place, targets: Sequence[Reading], levers: Sequence[LeverRange]
) -> list[Curve]:
    """Return the curve of each target and lever; one without a draw sound everywhere is left out.

    The runs of a lever serve all targets, and few batches hold all: that is much faster.
    """
    scenario = place.case.scenario(place.scenario)
    grids = [np.linspace(lever.low, lever.high, POINTS) for lever in levers]
    turned = [place.turned(lever, x) for lever, g in zip(levers, grids, strict=True) for x in g]
    values, ok = place.run([scenario, *turned], targets)
    found = []
    for target, own in zip(targets, values, strict=True):
        now = probability(place.met(target, own[0])[ok[0]])
        parts = zip(levers, grids, _by_lever(own[1:]), _by_lever(ok[1:]), strict=True)
        found += [Curve(place, target, lever, now, *part) for lever, *part in parts]
    return [curve for curve in found if curve.sound.any()]


def _by_lever(table: NDArray[Any]) -> NDArray[Any]:
    """Return a table (lever and point, draw) as (lever, point, draw)."""
    return table.reshape(-1, POINTS, table.shape[-1])


def run_at(
    place: Place, curves: Sequence[Curve], points: Sequence[Sequence[float]]
) -> list[tuple[Array, NDArray[np.bool_]]]:
    """Run the lever of each curve at some values; what is reached and sound, each (value, draw)."""
    turned = [
        place.turned(curve.lever, x) for curve, own in zip(curves, points, strict=True) for x in own
    ]
    if not turned:
        none = np.empty((0, place.case.n_draw))
        return [(none, none.astype(bool))] * len(curves)
    targets = list(dict.fromkeys(curve.target.label for curve in curves))
    by_label = {curve.target.label: curve.target for curve in curves}
    values, ok = place.run(turned, [by_label[label] for label in targets])
    ends = np.cumsum([len(own) for own in points]).tolist()
    return [
        (values[targets.index(curve.target.label), end - len(own) : end], ok[end - len(own) : end])
        for curve, own, end in zip(curves, points, ends, strict=True)
    ]
