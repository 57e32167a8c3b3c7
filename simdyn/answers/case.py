"""What questions are put to: a study, its calibration, and runs on common draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from simdyn.arrays import Array
from simdyn.calibrate.calibration import Calibrated
from simdyn.errors import RunError, did_you_mean
from simdyn.indicators import add_up
from simdyn.names import EXTENSIVE
from simdyn.progress import Progress
from simdyn.regions import Region
from simdyn.runs.batch import make_batch, run_all
from simdyn.runs.members import MemberRuns, Places, Setting
from simdyn.runs.results import open_results
from simdyn.scenarios import Scenario
from simdyn.study import (
    Results,
    Study,
    batch_of,
    refuse_other_outputs,
    refuse_partial,
    run_batch,
    settle,
)
from simdyn.years import Steps, Years


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


MOST_AUDITED = 100
"""Members of a question's runs whose accounts are checked."""


@dataclass(frozen=True)
class Case:
    """A study with its calibration and the runs of its scenarios.

    n_draw : draws of the posterior that `runs` holds, and that further runs are made on
    time_step : of the runs, in years
    """

    study: Study
    calibrated: Mapping[str, Calibrated]
    runs: Runs
    n_draw: int
    time_step: float

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

    def run(self, region: str, settings: Sequence[Setting]) -> Years:
        """Run all draws of a region under each of the settings.

        Returns
        -------
        Years
            of the quantities that add up; members are draws under the first of the settings,
            then under the second, and so on
        """
        return add_up([self._run_part(part, settings) for part in self.parts(region)])

    def steps(
        self, part: str, setting: Setting, variables: Sequence[str]
    ) -> Iterator[tuple[Places, Steps]]:
        """Yield values at every step of all draws of a region with a run of its own.

        Some draws at a time, with their places among all, (member,). Variables may be constants.
        """
        runs = self._batch(part, [setting], variables)
        for block in runs.layout.blocks():
            for _, draws, steps in runs.steps(block):
                yield draws, steps

    def _run_part(self, key: str, settings: Sequence[Setting]) -> Years:
        return run_all(self._batch(key, settings, [q.variable for q in EXTENSIVE]), key)

    def _batch(self, key: str, settings: Sequence[Setting], variables: Sequence[str]) -> MemberRuns:
        region = self.calibrated[key]
        draws = {key: region.problem.model_parameters(region.thinned(self.n_draw))}
        return make_batch(
            self.study.model,
            self.study.regions,
            draws,
            settings,
            variables,
            self.time_step,
            most_audited=MOST_AUDITED,
        )


def open_case(study: Study, progress: Progress) -> Case:
    """Return the case of a study: its calibration and runs, made or taken up from outputs.

    Raises
    ------
    RunError : the runs cannot be kept, or some could not be run
    ScenarioError : the study keeps too few variables
    """
    refuse_other_outputs(study)
    settled = settle(study, progress)
    batch = batch_of(study, settled.regions, settled.time_step)
    _, ran = run_batch(batch, progress)
    refuse_partial(ran)
    runs = open_results(batch.folder)
    return Case(study, settled.regions, runs, study.file.draws, settled.time_step)


def case_of(results: Results) -> Case:
    """Return the case of a study that has been run."""
    n_draw, step = results.study.file.draws, results.audit.time_step
    return Case(results.study, results.calibrated, results.runs, n_draw, step)
