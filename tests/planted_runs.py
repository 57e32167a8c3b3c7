"""Runs whose values are planted, or whose draws are of the prior."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from simdyn.answers.case import Case
from simdyn.arrays import Array
from simdyn.calibrate.calibration import Calibrated
from simdyn.names import EXTENSIVE, FIRST_YEAR, LAST_YEAR
from simdyn.study import Study, problems_of
from simdyn.years import Years


@dataclass(frozen=True)
class MemoryRuns:
    """Runs of the study's scenarios, made when they are asked for."""

    case: Case
    known: dict[tuple[str, str], Years] = field(default_factory=dict)

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.case.study.file.regions, *self.case.calibrated)))

    @property
    def scenarios(self) -> tuple[str, ...]:
        return tuple(scenario.name for scenario in self.case.study.scenarios)

    def years(self, region: str, scenario: str) -> Years:
        pair = region, scenario
        if pair not in self.known:
            self.known[pair] = self.case.run(region, [self.case.scenario(scenario)])
        return self.known[pair]


@dataclass(frozen=True)
class PlantedRuns:
    """Runs with given values."""

    planted: Mapping[tuple[str, str], Years]

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(region for region, _ in self.planted))

    @property
    def scenarios(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(scenario for _, scenario in self.planted))

    def years(self, region: str, scenario: str) -> Years:
        return self.planted[region, scenario]


def make_years(ok: list[bool] | None = None, **series: Array) -> Years:
    """Return yearly values, (year, draw) or (draw,) for all years; ones where none are given."""
    n_draw = next(iter(series.values())).shape[-1]
    shape = (LAST_YEAR - FIRST_YEAR + 1, n_draw)
    given = {name.replace("_", " "): np.broadcast_to(s, shape) for name, s in series.items()}
    values = {q.variable: given.get(q.variable, np.ones(shape)) for q in EXTENSIVE}
    sound = np.ones(n_draw, dtype=bool) if ok is None else np.array(ok)
    return Years(FIRST_YEAR, values, sound)


def planted_case(case: Case, runs: Mapping[tuple[str, str], Years]) -> Case:
    """Return a case whose runs are the planted ones."""
    n_draw = next(iter(runs.values())).ok.size
    return replace(case, runs=PlantedRuns(runs), n_draw=n_draw)


def growing(rate: Array) -> Array:
    """Return 100 in the first year, growing by `rate` percent a year, (year, draw)."""
    age = np.arange(LAST_YEAR - FIRST_YEAR + 1)[:, None]
    return 100 * (1 + rate / 100) ** age


def prior_case(study: Study, n_draw: int) -> Case:
    """Return the case of a study on draws of the prior, the same ones every time."""
    rng = np.random.default_rng(1)
    calibrated = {}
    for key, problem in problems_of(study).items():
        draws = rng.standard_normal((problem.n_parameter, n_draw))
        best = np.zeros(problem.n_parameter)
        none = np.zeros((0, problem.n_parameter))
        calibrated[key] = Calibrated(problem, best, draws, draws.T[None], none)
    without = Case(study, calibrated, PlantedRuns({}), n_draw, study.model.time_step)
    return replace(without, runs=MemoryRuns(without))
