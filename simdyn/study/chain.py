"""The main job: calibration, scenario runs, checks, backtests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simdyn.audit import refuse_imbalance, worst
from simdyn.calibrate.backtest import Backtests
from simdyn.calibrate.calibration import Calibrated, Calibration
from simdyn.errors import ScenarioError
from simdyn.indicators import add_up
from simdyn.names import EXTENSIVE
from simdyn.progress import Progress
from simdyn.runs.members import MemberRuns
from simdyn.runs.results import RunResults, open_results
from simdyn.study.backtests import backtest_study
from simdyn.study.batch import How, batch_of, refuse_partial, run_batch
from simdyn.study.best import Pair, best_fit, check_solver, impossible, run_best
from simdyn.study.calibration import calibrate_study, problems_of
from simdyn.study.records import Study
from simdyn.years import Years

HEADLINE_TOLERANCE = 0.01
"""Largest relative change of a headline that halving the step may cause."""
MAX_HALVINGS = 4


@dataclass(frozen=True)
class Audit:
    """What the checks of a study measured.

    identities : largest relative error of each accounting identity over all runs and steps
    failed_draws : draws whose run is not finite or has a negative stock, by region, scenario
    solver : change of each headline of the best fit when the step is halved
    time_step : of the runs, in years
    n_run : how many runs to the last year the audit covers
    """

    identities: Mapping[str, float]
    failed_draws: Mapping[str, int]
    solver: pd.DataFrame
    time_step: float
    n_run: int


@dataclass(frozen=True)
class Results:
    """What a study found.

    runs : the stored values of every draw
    best : paths of the best fit, by region and scenario, sums of regions among them
    backtests : figures that the fit did not see, foretold; None where there is no figure
    """

    study: Study
    calibration: Calibration
    runs: RunResults
    best: Mapping[Pair, Years]
    audit: Audit
    backtests: Backtests | None

    @property
    def calibrated(self) -> Mapping[str, Calibrated]:
        """The regions with a run of their own."""
        return self.calibration.regions

    def draws(self, region: str, scenario: str) -> Years:
        """Return the paths of every draw, (year, draw); the same draw belongs together."""
        return self.runs.years(region, scenario)


@dataclass(frozen=True)
class Settled:
    """A calibration, and the runs of its best fit at a time step that is fine enough for all.

    solver : change of each headline when that step is halved
    """

    calibration: Calibration
    best: MemberRuns
    solver: pd.DataFrame

    @property
    def regions(self) -> Mapping[str, Calibrated]:
        """The calibrated regions."""
        return self.calibration.regions

    @property
    def time_step(self) -> float:
        """Step of the runs, in years."""
        return self.best.time_step


def run_study(study: Study, progress: Progress, how: How = How()) -> Results:  # noqa: B008
    """Calibrate, run, check and backtest. Draws and values are kept in outputs; nothing else is.

    Raises
    ------
    RunError : an account does not balance, a region has no sound run under a scenario, or the
        runs cannot be kept
    """
    refuse_other_outputs(study)
    settled = settle(study, progress)
    best, identities = run_best(study, settled.best)
    batch = batch_of(study, settled.regions, settled.time_step)
    _, ran = run_batch(batch, progress, how)
    refuse_partial(ran)
    runs = open_results(batch.folder)
    failed = refuse_unsound(study, runs)
    found = worst([identities, runs.audit])
    n_run = len(best) + runs.layout.n_member
    checks = Audit(found, failed, settled.solver, settled.time_step, n_run)
    foretold = backtest_study(study, settled.calibration, progress)
    return Results(study, settled.calibration, runs, _with_sums(study, best), checks, foretold)


def settle(study: Study, progress: Progress) -> Settled:
    """Calibrate, and find a step so fine that half of it moves no headline of the best fit.

    Headlines are held to `HEADLINE_TOLERANCE`. If those of the reference move by more, the
    calibration is done anew at half the step. Scenarios that move faster are run at a finer step
    than the calibration, whose years they share with the reference.
    """
    time_step = study.model.time_step
    for _ in range(MAX_HALVINGS):
        calibration = calibrate_study(study, problems_of(study, time_step), progress)
        reference = best_fit(study, calibration.regions, [study.reference], time_step)
        if _moved(check_solver(study, reference)) <= HEADLINE_TOLERANCE:
            break
        time_step /= 2
    progress.stage("halve the step", 1)
    for _ in range(MAX_HALVINGS):
        best = best_fit(study, calibration.regions, study.scenarios, time_step)
        solver = check_solver(study, best)
        if _moved(solver) <= HEADLINE_TOLERANCE:
            break
        time_step /= 2
    progress.advance(f"runs at a step of {best.time_step:g} years")
    return Settled(calibration, best, solver)


def _moved(solver: pd.DataFrame) -> float:
    return float(solver["relative_change"].max())


def refuse_unsound(study: Study, runs: RunResults) -> dict[str, int]:
    """Return how many draws failed, by region and scenario.

    Raises
    ------
    RunError : an account does not balance, or every draw of a scenario failed
    """
    refuse_imbalance(runs.audit, study.model.path)
    failed = {}
    for region in runs.layout.regions:
        for scenario in study.scenarios:
            ok = runs.years(region, scenario.name).ok
            failed[f"{region} {scenario.name}"] = int(np.count_nonzero(~ok))
            if not ok.any():
                raise impossible(study, region, scenario.name)
    return failed


def refuse_other_outputs(study: Study) -> None:
    """Raise ScenarioError unless the study keeps all that reports and answers are made of."""
    lacking = sorted({q.variable for q in EXTENSIVE} - {*study.outputs})
    if lacking:
        message = f"reports and answers need {', '.join(lacking)} too. Take 'outputs' out of the "
        raise ScenarioError(message + "study; 'simdyn run' alone needs none.", path=study.path)


def _with_sums(study: Study, paths: Mapping[Pair, Years]) -> dict[Pair, Years]:
    sums = {
        (key, scenario.name): add_up([paths[part, scenario.name] for part in parts])
        for key in study.file.regions
        if (parts := study.regions[key].file.sum_of)
        for scenario in study.scenarios
    }
    return {**paths, **sums}
