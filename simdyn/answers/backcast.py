"""Backcasts: what a lever must be for targets to be met with a stated probability.

The probability is the share of common draws, with common noise of single years, that meet the
targets; every value of the lever is a run of all draws. It is looked at on a grid over the lever's
range, so that several crossings are seen, and each crossing is refined. The interval of a crossing
holds the values from whose share of draws the stated probability differs by no more than 1.96
standard errors: where the share crosses the probability less and plus as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simdyn.answers.bands import Z_95, Probability, probability, standard_error
from simdyn.answers.case import Case
from simdyn.answers.crossings import Crossing, Function, crossings
from simdyn.answers.ranges import LeverRange
from simdyn.answers.targets import is_met, reached
from simdyn.arrays import Array
from simdyn.errors import RunError, did_you_mean
from simdyn.regions import Reading
from simdyn.runs.members import Setting
from simdyn.scenarios import SHOCK_SETTINGS, Turned, lever_names
from simdyn.years import Years

GRID = 33
"""Values of a lever at which its range is looked at first, both ends among them."""


class Goal(Protocol):
    """What runs are to meet, if that is not a target of a document."""

    @property
    def label(self) -> str:
        """Name for readers."""

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Whether a draw can be asked about, (draw,); others are left out."""

    def met(self, years: Years) -> NDArray[np.bool_]:
        """Return whether runs meet it, (member,): all draws under one setting after the other."""


@dataclass(frozen=True)
class Threshold:
    """A value of the lever at which the probability crosses what is asked.

    value : in the lever's unit
    low, high : 95 percent interval from the number of draws; None where it leaves the range, or
        runs into the next crossing
    rising : whether the probability rises with the lever there
    """

    value: float
    low: float | None
    high: float | None
    rising: bool

    @property
    def side(self) -> str:
        """Which values do it, in words."""
        return "at or above" if self.rising else "at or below"


@dataclass(frozen=True)
class Backcast:
    """What a lever must be, and what the probability is over its range.

    targets : labels of the targets, all to be met together
    level : the probability asked
    scenario : where the other levers stand; `current`, its own value of this lever, of a course
        the last
    setting : what it does with the lever, in words
    at_current : the probability under the scenario itself
    points : the grid of values of the lever, (point,)
    grid : the probability at each
    n_draw, n_failed : draws, and the most that failed at any value
    thresholds : from left to right; none if the probability is never crossed
    """

    region: str
    targets: tuple[str, ...]
    level: float
    scenario: str
    lever: LeverRange
    current: float
    setting: str
    at_current: Probability
    points: Array
    grid: tuple[Probability, ...]
    n_draw: int
    n_failed: int
    thresholds: tuple[Threshold, ...]

    @property
    def chances(self) -> Array:
        """The share of draws that meet the targets on the grid, (point,)."""
        return np.array([each.value for each in self.grid])

    @property
    def possible(self) -> bool:
        """Whether some value of the lever does it."""
        return bool(self.thresholds) or self.everywhere

    @property
    def everywhere(self) -> bool:
        """Whether every value of the range does it."""
        return not self.thresholds and bool(self.chances[0] >= self.level)

    @property
    def best(self) -> tuple[float, Probability]:
        """The value of the lever on the grid with the largest probability, and that."""
        place = int(np.nanargmax(self.chances))
        return float(self.points[place]), self.grid[place]

    @property
    def effort(self) -> float:
        """Smallest move from the current value that does it, as a share of the way to that end.

        Zero if the scenario itself does; infinite if no value does.
        """
        if self.at_current.value >= self.level:
            return 0.0
        return min((self._way(t.value) for t in self.thresholds), default=np.inf)

    def _way(self, value: float) -> float:
        end = self.lever.high if value > self.current else self.lever.low
        return (value - self.current) / (end - self.current) if end != self.current else np.inf

    @property
    def needed(self) -> str:
        """The values that do it, in short: 'any', 'none', or the sides of the thresholds."""
        if not self.thresholds:
            return "any" if self.everywhere else "none"
        return " and ".join(_threshold_words(each) for each in self.thresholds)

    @property
    def sentence(self) -> str:
        """The answer in words."""
        return _sentence(self)


def backcast(
    case: Case,
    region: str,
    targets: Sequence[Reading | Goal],
    lever: LeverRange,
    scenario: str,
    level: float = 0.5,
) -> Backcast:
    """Return what a lever of a region must be for all targets to be met with a probability.

    Parameters
    ----------
    targets : of the region's documents, or other goals; together
    scenario : where all other levers stay

    Raises
    ------
    RunError : the lever is unknown, or no run of its range is sound
    """
    _check_lever(case, region, lever.lever)
    chance = _Chance(case, region, tuple(targets), lever.lever, scenario)
    points = np.linspace(lever.low, lever.high, GRID)
    met, ok = chance.runs(points)
    chances = shares(met, ok)
    if not ok.any():
        message = f"no value of '{lever.lever}' gives a sound run of {case.region(region).name}. "
        raise RunError(message + "Narrow its range.")
    met_now, ok_now = chance.now
    current, setting = standing(case, region, lever.lever, scenario)
    return Backcast(
        region=region,
        targets=tuple(target.label for target in targets),
        level=level,
        scenario=scenario,
        lever=lever,
        current=current,
        setting=setting,
        at_current=probability(met_now[0][ok_now[0]]),
        points=points,
        grid=tuple(probability(m[k]) for m, k in zip(met, ok, strict=True)),
        n_draw=case.n_draw,
        n_failed=int(np.max(np.count_nonzero(~ok, axis=1))),
        thresholds=thresholds(chance, points, chances, level, n_sound(ok)),
    )


def backcast_all(
    case: Case,
    region: str,
    targets: Sequence[Reading | Goal],
    levers: Sequence[LeverRange],
    scenario: str,
    level: float = 0.5,
) -> list[Backcast]:
    """Return the backcast of each lever alone, the one that has to move least first.

    Those that do not suffice come last, the largest probability first.
    """
    found = [backcast(case, region, targets, lever, scenario, level) for lever in levers]
    return sorted(found, key=ease)


def ease(one: Backcast) -> tuple[float, float]:
    """Return what levers are ranked by: how far one has to move; if none suffices, its best."""
    return one.effort, -one.best[1].value


@dataclass(frozen=True)
class _Chance:
    """The share of draws that meet the targets, as a function of a lever."""

    case: Case
    region: str
    targets: tuple[Reading | Goal, ...]
    lever: str
    scenario: str

    @property
    def now(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """What `runs` returns, of the scenario itself, whatever course its lever takes."""
        return self._runs([self.case.scenario(self.scenario)])

    def __call__(self, points: Array) -> Array:
        return shares(*self.runs(points))

    def runs(self, points: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return whether each draw meets the targets, and its run is sound, (point, draw)."""
        base = self.case.scenario(self.scenario)
        turned = points.tolist()
        return self._runs([Turned(base, {self.region: {self.lever: x}}) for x in turned])

    def _runs(self, settings: Sequence[Setting]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        years = self.case.run(self.region, settings)
        met = np.logical_and.reduce([self._met(target, years) for target in self.targets])
        shape = len(settings), self.case.n_draw
        ok = years.ok.reshape(shape)
        for target in self.targets:
            if not isinstance(target, Reading):
                ok = ok & target.ok
        return met.reshape(shape), ok

    def _met(self, target: Reading | Goal, years: Years) -> NDArray[np.bool_]:
        if not isinstance(target, Reading):
            return target.met(years)
        return is_met(self.case.study, target, reached(self.case, self.region, target, years))


def standing(case: Case, region: str, lever: str, scenario: str) -> tuple[float, str]:
    """Return where a scenario sets a lever, of a course where it ends, and the setting in words."""
    entry = case.scenario(scenario).levers(region).get(lever)
    if entry is None:
        return 0.0, "0"
    course = entry.course
    return entry.strengths[0] if course is None else course.values[-1], entry.words


def shares(met: NDArray[np.bool_], ok: NDArray[np.bool_]) -> Array:
    """Return the share of sound draws that meet the targets, (point,); nan if none is sound."""
    n_ok = np.count_nonzero(ok, axis=1)
    n_met = np.count_nonzero(met & ok, axis=1)
    return np.divide(n_met, n_ok, out=np.full(len(n_ok), np.nan), where=n_ok > 0)


def n_sound(ok: NDArray[np.bool_]) -> int:
    """Return the fewest sound draws at any value of the lever that has some."""
    counts = np.count_nonzero(ok, axis=1)
    return int(counts[counts > 0].min())


def thresholds(
    chance: Function, points: Array, chances: Array, level: float, n_draw: int
) -> tuple[Threshold, ...]:
    """Return where a probability crosses a level, from left to right, with intervals.

    Parameters
    ----------
    chance : the probability at values of the lever
    points, chances : a grid over the lever's range, and the probability there
    n_draw : draws behind each probability
    """
    half = Z_95 * standard_error(level, n_draw)
    found, less, more = (
        crossings(chance, points, chances, at) for at in (level, level - half, level + half)
    )
    return tuple(_threshold(each, found, less, more) for each in found)


def _threshold(
    crossing: Crossing, found: list[Crossing], less: list[Crossing], more: list[Crossing]
) -> Threshold:
    """Return a crossing with the nearest crossings of the levels around, on the same slope."""
    before, after = (less, more) if crossing.rising else (more, less)
    others = [other.at for other in found if other is not crossing]
    left = max((x for x in others if x < crossing.at), default=-np.inf)
    right = min((x for x in others if x > crossing.at), default=np.inf)
    same = crossing.rising
    lows = [x.at for x in before if x.rising is same and left <= x.at <= crossing.at]
    highs = [x.at for x in after if x.rising is same and crossing.at <= x.at <= right]
    return Threshold(crossing.at, max(lows, default=None), min(highs, default=None), same)


def _check_lever(case: Case, region: str, lever: str) -> None:
    problem = case.calibrated[region].problem
    levers = lever_names(problem.model.units) - set(SHOCK_SETTINGS)
    if lever not in levers:
        raise RunError(f"unknown lever '{lever}'. {did_you_mean(lever, levers)}")


def _sentence(found: Backcast) -> str:
    lever, unit = found.lever, f" ({found.lever.unit})" if found.lever.unit else ""
    span = f"{lever.low:g} to {lever.high:g}{unit}"
    goal = " and ".join(f"'{target}'" for target in found.targets)
    asked = f"{goal} with probability {found.level:g}"
    if found.everywhere:
        worst = float(np.nanmin(found.chances))
        return f"Any {lever.lever} from {span} meets {asked}: at least {worst:.2f}."
    if not found.thresholds:
        at, best = found.best
        most = f"{best.value:.2f} [{best.low:.2f}, {best.high:.2f}]"
        return f"No {lever.lever} from {span} meets {asked}: at most {most}, at {at:.3g}."
    return f"{asked[:1].upper()}{asked[1:]} needs {lever.lever} {found.needed}, within {span}."


def _threshold_words(threshold: Threshold) -> str:
    ends = ("open" if end is None else f"{end:.3g}" for end in (threshold.low, threshold.high))
    return f"{threshold.side} {threshold.value:.3g} [{', '.join(ends)}]"
