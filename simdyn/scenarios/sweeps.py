"""Sweeps: many variants of a scenario, in which levers take the values of a design."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product
from math import prod
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field, model_validator
from scipy.stats import qmc

from simdyn.arrays import Array
from simdyn.errors import ScenarioError, did_you_mean
from simdyn.records import Key, Number, Record, TomlFile
from simdyn.scenarios.change import Change
from simdyn.scenarios.course import Course
from simdyn.scenarios.levers import constant_of
from simdyn.scenarios.records import ALL_REGIONS
from simdyn.scenarios.scenario import Scenario
from simdyn.scenarios.turned import Turned
from simdyn.scenarios.vocabulary import Vocabulary

MOST_VARIANTS = 1_000_000


class Design(StrEnum):
    """How the values of the levers are combined.

    grid : every value of each with every value of the others
    list : the first values of all, the second of all, and so on
    latin_hypercube : at random, each part of each lever's range met once
    sobol : the points of a scrambled Sobol sequence, spread more evenly than at random
    """

    GRID = "grid"
    LIST = "list"
    LATIN_HYPERCUBE = "latin hypercube"
    SOBOL = "sobol"


RANDOM = frozenset({Design.LATIN_HYPERCUBE, Design.SOBOL})


class Axis(Record):
    """What a lever takes: values, or a range; of a grid or list, in so many equal steps."""

    values: Annotated[tuple[Number, ...], Field(min_length=1)] | None = None
    low: Number | None = None
    high: Number | None = None
    steps: Annotated[int, Field(strict=True, ge=2, le=10_000)] | None = None

    @model_validator(mode="after")
    def _has_one_form(self) -> Axis:
        ranged = (self.low is not None, self.high is not None)
        if (self.values is None) == (not all(ranged)) or any(ranged) != all(ranged):
            raise ValueError("give either values, or low and high")
        if self.values is not None and self.steps is not None:
            raise ValueError("steps belong to low and high, not to values")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low must be less than high")
        return self

    @property
    def points(self) -> tuple[float, ...]:
        """The values, or those of the steps from low to high."""
        if self.values is not None:
            return self.values
        return tuple(np.linspace(*self.range, self.steps or 0).tolist())

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value."""
        if self.values is not None:
            return min(self.values), max(self.values)
        assert self.low is not None and self.high is not None  # noqa: S101, PT018  (one form)
        return self.low, self.high


class SweepFile(Record):
    """A sweep as a study file tells it; `levers[region][lever]`, where region may be "all".

    base : the scenario that the variants are of
    size : variants of a random design
    """

    base: str
    design: Design
    size: Annotated[int, Field(strict=True, ge=2, le=MOST_VARIANTS)] | None = None
    levers: dict[str, dict[str, Axis]]
    beyond_limits: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> SweepFile:
        turned = [lever for levers in self.levers.values() for lever in levers.values()]
        if not turned:
            raise ValueError("turn at least one lever")
        if self.design in RANDOM:
            self._check_random(turned)
        else:
            self._check_points(turned)
        return self

    def _check_random(self, turned: list[Axis]) -> None:
        if self.size is None:
            raise ValueError(f"a design '{self.design}' needs a size, the number of its variants")
        if any(lever.low is None or lever.steps is not None for lever in turned):
            raise ValueError(f"a design '{self.design}' needs low and high of each lever, no more")
        if self.design is Design.SOBOL and self.size & (self.size - 1):
            nearest = 2 ** round(np.log2(self.size))
            raise ValueError(f"a Sobol design needs a size that is a power of 2, such as {nearest}")

    def _check_points(self, turned: list[Axis]) -> None:
        if self.size is not None:
            raise ValueError(f"a {self.design} has the size of its values: leave size out")
        if any(lever.values is None and lever.steps is None for lever in turned):
            raise ValueError("give each lever values, or low, high and steps")
        lengths = [len(lever.points) for lever in turned]
        if self.design is Design.LIST and len(set(lengths)) > 1:
            raise ValueError(f"a list needs as many values of each lever; it has {lengths}")
        if self.design is Design.GRID and prod(lengths) > MOST_VARIANTS:
            raise ValueError(f"a grid of {prod(lengths):,} variants; at most {MOST_VARIANTS:,}")


@dataclass(frozen=True)
class Turning:
    """What the variants of a sweep share in a region.

    settings : model constants, those that the sweep turns among them
    places : of these, their place along the axis of the values
    """

    settings: Mapping[str, float]
    places: Mapping[str, int]
    courses: Mapping[str, Course]
    changes: Mapping[str, Change]


@dataclass(frozen=True)
class Sweep:
    """A sweep of one scenario.

    values : (variant, axis)
    """

    name: str
    base: Scenario
    file: SweepFile
    values: Array

    @cached_property
    def axes(self) -> tuple[tuple[str, str], ...]:
        """(region or "all", lever) along the axis of the values."""
        return tuple(
            (region, lever) for region, levers in self.file.levers.items() for lever in levers
        )

    def variants(self) -> list[Variant]:
        """Return all variants, in the order of the design."""
        return [Variant(self, row) for row in range(len(self.values))]

    def at(self, region: str) -> Turning:
        """Return what the variants share in a region; found once, for there may be very many."""
        if region not in self._known:
            places = self._places(region)
            still = Turned(self.base, {region: dict.fromkeys(places, 0.0)})
            self._known[region] = Turning(
                still.settings(region),
                {constant_of(lever): place for lever, place in places.items()},
                still.courses(region),
                still.changes(region),
            )
        return self._known[region]

    @cached_property
    def _known(self) -> dict[str, Turning]:
        return {}

    def _places(self, region: str) -> dict[str, int]:
        """Return the place of each lever that the sweep turns in a region; its own before all's."""
        places = {(who, lever): place for place, (who, lever) in enumerate(self.axes)}
        common = {lever: place for (who, lever), place in places.items() if who == ALL_REGIONS}
        own = {lever: place for (who, lever), place in places.items() if who == region}
        return {**common, **own}

    def table(self) -> pd.DataFrame:
        """Return the values, a row a variant, a column a lever of a region."""
        columns = [f"{lever} ({region})" for region, lever in self.axes]
        names = [variant.name for variant in self.variants()]
        return pd.DataFrame(self.values, index=pd.Index(names, name="scenario"), columns=columns)


@dataclass(frozen=True)
class Variant:
    """One member of a sweep: its base, with some levers at values of the design."""

    sweep: Sweep
    row: int

    @property
    def name(self) -> str:
        """Name in results."""
        width = len(str(len(self.sweep.values)))
        return f"{self.sweep.name}-{self.row + 1:0{width}}"

    @property
    def title(self) -> str:
        """Name for readers."""
        return f"{self.sweep.base.file.title}, {self.name}"

    def settings(self, region: str) -> dict[str, float]:
        """Return the model constants that the variant sets in `region`."""
        shared, row = self.sweep.at(region), self.sweep.values[self.row]
        turned = {name: float(row[place]) for name, place in shared.places.items()}
        return {**shared.settings, **turned}

    def courses(self, region: str) -> Mapping[str, Course]:
        """Return the courses of the base, but of the levers that the sweep turns."""
        return self.sweep.at(region).courses

    def changes(self, region: str) -> Mapping[str, Change]:
        """Return what the base changes in the draws of constants."""
        return self.sweep.at(region).changes


def make_sweep(name: str, file: SweepFile, base: Scenario, generator: np.random.Generator) -> Sweep:
    """Return a sweep with the values of its design."""
    turned = [lever for levers in file.levers.values() for lever in levers.values()]
    return Sweep(name, base, file, _values(file, turned, generator))


def _values(file: SweepFile, turned: list[Axis], generator: np.random.Generator) -> Array:
    if file.design is Design.GRID:
        return np.array(list(product(*(lever.points for lever in turned))))
    if file.design is Design.LIST:
        return np.array([lever.points for lever in turned]).T
    sampler: Any = qmc.Sobol if file.design is Design.SOBOL else qmc.LatinHypercube
    unit = sampler(len(turned), rng=generator).random(file.size)
    low, high = np.array([lever.range for lever in turned]).T
    return low + (high - low) * unit


def wrong_sweeps(
    toml: TomlFile,
    sweeps: Mapping[str, SweepFile],
    scenarios: Collection[str],
    words: Vocabulary,
) -> Iterator[ScenarioError]:
    """Yield what is wrong with the sweeps of a study file.

    Parameters
    ----------
    scenarios : names of those that a sweep may vary
    words : that scenario files may use, with the limits of levers
    """
    for name, sweep in sweeps.items():
        for key, message in _wrong(name, sweep, scenarios, words):
            yield ScenarioError(message, path=toml.path, line=toml.line_of(("sweeps", name, *key)))


def _wrong(
    name: str, sweep: SweepFile, scenarios: Collection[str], words: Vocabulary
) -> Iterator[tuple[Key, str]]:
    """Yield the place and the words of each error."""
    if sweep.base not in scenarios:
        yield ("base",), f"unknown scenario '{sweep.base}'. {did_you_mean(sweep.base, scenarios)}"
    for scenario in scenarios:
        if re.fullmatch(rf"{re.escape(name)}-\d+", scenario):
            yield (), f"its variants are called as the scenario '{scenario}'. Rename the sweep."
    for region, levers in sweep.levers.items():
        known = (ALL_REGIONS, *words.runs)
        if region not in known:
            message = f"unknown region '{region}'. {did_you_mean(region, known)}"
            yield ("levers", region), message
        for lever, turned in levers.items():
            for message in _wrong_lever(lever, turned, words, beyond=sweep.beyond_limits):
                yield ("levers", region, lever), message


def _wrong_lever(name: str, turned: Axis, words: Vocabulary, *, beyond: bool) -> Iterator[str]:
    lever = words.levers.get(name)
    if name not in words.levers:
        yield f"unknown lever '{name}'. {did_you_mean(name, words.levers)}"
    elif lever is not None and not beyond and not all(map(lever.admits, turned.range)):
        low, high = turned.range
        yield (
            f"'{name}' goes from {low:g} to {high:g}, beyond its limits {lever.low:g} to "
            f"{lever.high:g} ({lever.unit}). Stay within them, or add beyond_limits = true."
        )
