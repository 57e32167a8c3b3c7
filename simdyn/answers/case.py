"""What questions are put to: a study, its calibration, and runs on common draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.calibration import Calibrated
from simdyn.engine.model import Model
from simdyn.ensemble import run_years
from simdyn.errors import RunError, did_you_mean
from simdyn.indicators import add_up
from simdyn.names import EXTENSIVE, LAST_YEAR
from simdyn.regions import Region
from simdyn.scenarios import Scenario
from simdyn.study import Progress, Results, Study, calibrate_study, problems_of
from simdyn.years import Years

BATCH_MEMBERS = 4096
"""Members that are run at once: every step of each stays in memory until the years are formed."""

Settings = Mapping[str, Mapping[str, float]]
"""Constants of the model by region with a run of its own; the rest is as in the model file."""


class Runs(Protocol):
    """Yearly values of every region and scenario, on common draws.

    regions : sums of regions among them
    scenarios : the first is the reference
    """

    @property
    def regions(self) -> tuple[str, ...]:
        """Keys of the regions."""

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios."""

    def years(self, region: str, scenario: str) -> Years:
        """Return all draws; draw i of every region and scenario belongs together."""


@dataclass(frozen=True)
class Case:
    """A study with its calibration and the runs of its scenarios.

    n_draw : draws of the posterior that `runs` holds, and that further runs are made on
    """

    study: Study
    calibrated: Mapping[str, Calibrated]
    runs: Runs
    n_draw: int

    def parts(self, region: str) -> tuple[str, ...]:
        """Return the regions with a run of their own that `region` consists of."""
        return self.study.regions[region].file.sum_of or (region,)

    def region(self, key: str) -> Region:
        """Return a region as its runs rest on it: with the readings that the evidence admits.

        Raises
        ------
        RunError : no runs of it are at hand
        """
        if key not in self.runs.regions:
            raise RunError(f"no runs of region '{key}'. {did_you_mean(key, self.runs.regions)}")
        run = self.calibrated.get(key)
        return self.study.regions[key] if run is None else run.problem.region

    def measurement(self, region: str) -> dict[str, Array]:
        """Return the measurement parameters of a region, each (draw,); a sum has none."""
        if region not in self.calibrated:
            return {}
        calibrated = self.calibrated[region]
        return calibrated.problem.measurement(calibrated.thinned(self.n_draw))

    def scenario(self, name: str) -> Scenario:
        """Return a scenario of the study.

        Raises
        ------
        RunError : the study has no scenario of that name
        """
        known = {scenario.name: scenario for scenario in self.study.scenarios}
        if name not in known:
            message = f"scenario '{name}' is not in the study. {did_you_mean(name, known)}"
            raise RunError(message, path=self.study.path)
        return known[name]

    def settings(self, scenario: str) -> dict[str, dict[str, float]]:
        """Return the constants that a scenario sets, by region with a run of its own."""
        asked = self.scenario(scenario)
        return {key: asked.settings(key) for key in self.calibrated}

    def run(self, region: str, settings: Sequence[Settings]) -> Years:
        """Run all draws of a region under each of the settings.

        Returns
        -------
        Years
            of the quantities that add up; members are draws under the first of the settings,
            then under the second, and so on
        """
        return run_settings(self.calibrated, self.parts(region), settings, self.n_draw)


@dataclass(frozen=True)
class StudyRuns:
    """Runs of a study's scenarios, made when they are asked for and kept in memory."""

    study: Study
    calibrated: Mapping[str, Calibrated]
    n_draw: int
    _known: dict[tuple[str, str], Years] = field(default_factory=dict, repr=False)

    @property
    def regions(self) -> tuple[str, ...]:
        """Those asked for, then the parts of sums."""
        return tuple(dict.fromkeys((*self.study.file.regions, *self.calibrated)))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Those of the study, the reference first."""
        return tuple(scenario.name for scenario in self.study.scenarios)

    def years(self, region: str, scenario: str) -> Years:
        """Return all draws of a region under a scenario."""
        key = region, scenario
        if key not in self._known:
            self._known[key] = self._run(region, scenario)
        return self._known[key]

    def _run(self, region: str, scenario: str) -> Years:
        parts = self.study.regions[region].file.sum_of
        if parts:
            return add_up([self.years(part, scenario) for part in parts])
        (asked,) = (item for item in self.study.scenarios if item.name == scenario)
        settings = [{region: asked.settings(region)}]
        return run_settings(self.calibrated, (region,), settings, self.n_draw)


@dataclass(frozen=True)
class ResultRuns:
    """The runs that a finished study holds."""

    results: Results

    @property
    def regions(self) -> tuple[str, ...]:
        """Those asked for, then the parts of sums."""
        return tuple(dict.fromkeys((*self.results.study.file.regions, *self.results.calibrated)))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Those of the study, the reference first."""
        return tuple(scenario.name for scenario in self.results.study.scenarios)

    def years(self, region: str, scenario: str) -> Years:
        """Return all draws of a region under a scenario."""
        return self.results.paths[region, scenario].draws


def open_case(study: Study, progress: Progress) -> Case:
    """Return the case of a study, calibrated or taken up from its kept calibration."""
    calibrated = calibrate_study(study, problems_of(study), progress).regions
    n_draw = study.file.draws
    return Case(study, calibrated, StudyRuns(study, calibrated, n_draw), n_draw)


def case_of(results: Results) -> Case:
    """Return the case of a study that has been run."""
    n_draw = results.study.file.draws
    return Case(results.study, results.calibrated, ResultRuns(results), n_draw)


def run_settings(
    calibrated: Mapping[str, Calibrated],
    parts: Sequence[str],
    settings: Sequence[Settings],
    n_draw: int,
) -> Years:
    """Run all draws of regions under each of the settings, and add the regions up.

    Returns
    -------
    Years
        members in the order (settings, draw)
    """
    size = max(1, BATCH_MEMBERS // n_draw)
    batches = [settings[at : at + size] for at in range(0, len(settings), size)]
    return _behind(
        [
            add_up([_run_region(calibrated[part], part, batch, n_draw) for part in parts])
            for batch in batches
        ]
    )


def _run_region(region: Calibrated, key: str, settings: Sequence[Settings], n_draw: int) -> Years:
    problem = region.problem
    own = problem.model_parameters(region.thinned(n_draw))
    repeated = {
        name: value if isinstance(value, float) else np.tile(value, len(settings))
        for name, value in own.items()
    }
    levers = _columns(problem.model, [each.get(key, {}) for each in settings], n_draw)
    variables = [q.variable for q in EXTENSIVE]
    return run_years(problem.model, {**repeated, **levers}, variables, LAST_YEAR, region.time_step)


def _columns(
    model: Model, settings: Sequence[Mapping[str, float]], n_draw: int
) -> dict[str, Array]:
    """Return each constant that any of the settings names, (settings x draw,)."""
    names = sorted(set().union(*settings))
    if not names:
        return {}
    unset = model.run(None, names).iloc[0]
    return {
        name: np.repeat([each.get(name, float(unset[name])) for each in settings], n_draw)
        for name in names
    }


def _behind(batches: Sequence[Years]) -> Years:
    """Return the members of batches one behind the other."""
    values = {
        q.variable: np.concatenate([batch.values[q.variable] for batch in batches], axis=1)
        for q in EXTENSIVE
    }
    return Years(batches[0].first_year, values, np.concatenate([batch.ok for batch in batches]))
