"""The main job, end to end: calibration, scenario runs, sensitivity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simdyn.audit import SMALLEST, audit, audit_variables, refuse_imbalance
from simdyn.calibrate.calibration import Calibrated, Calibration
from simdyn.ensemble import run_steps
from simdyn.errors import RunError
from simdyn.indicators import add_up
from simdyn.names import EXTENSIVE, LAST_YEAR
from simdyn.progress import Progress
from simdyn.scenarios import Scenario
from simdyn.sensitivity import inputs_of, screen
from simdyn.study.calibration import calibrate_study, problems_of
from simdyn.study.records import Study, generator
from simdyn.study.solver import check_solver
from simdyn.years import Years, yearly

HEADLINE_TOLERANCE = 0.01
"""Largest relative change of a headline that halving the step may cause."""
MAX_HALVINGS = 4


@dataclass(frozen=True)
class Paths:
    """Yearly paths of one region under one scenario: of the best fit and of every draw."""

    best: Years
    draws: Years


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
    """What a study found; `paths[region, scenario]`."""

    study: Study
    calibration: Calibration
    paths: Mapping[tuple[str, str], Paths]
    sensitivity: pd.DataFrame
    audit: Audit

    @property
    def calibrated(self) -> Mapping[str, Calibrated]:
        """The regions with a run of their own."""
        return self.calibration.regions


def run_study(study: Study, progress: Progress) -> Results:
    """Calibrate, run, screen and check; nothing is written.

    If halving the step moves a headline by more than `HEADLINE_TOLERANCE`, everything is done anew
    with the halved step.

    Raises
    ------
    RunError : an account does not balance, or a region has no sound run under a scenario
    """
    time_step = study.model.time_step
    for _ in range(MAX_HALVINGS):
        calibration = calibrate_study(study, problems_of(study, time_step), progress)
        calibrated = calibration.regions
        solver = check_solver(study, calibrated, progress)
        if solver["relative_change"].max() <= HEADLINE_TOLERANCE:
            break
        time_step /= 2
    paths, identities = run_scenarios(study, calibrated, progress)
    failed = {
        f"{region} {scenario}": int(np.count_nonzero(~path.draws.ok))
        for (region, scenario), path in paths.items()
        if not study.regions[region].is_sum
    }
    sensitivity = screen_regions(study, calibrated, progress)
    n_run = len(failed) * (study.file.draws + 1)
    used_step = next(iter(calibrated.values())).time_step
    checks = Audit(identities, failed, solver, used_step, n_run)
    return Results(study, calibration, paths, sensitivity, checks)


def run_scenarios(
    study: Study, calibrated: Mapping[str, Calibrated], progress: Progress
) -> tuple[dict[tuple[str, str], Paths], dict[str, float]]:
    """Run best fit and draws of every region and scenario; return paths and the audit's errors."""
    progress.stage("run scenarios", len(calibrated) * len(study.scenarios))
    paths: dict[tuple[str, str], Paths] = {}
    audits: list[dict[str, float]] = []
    for scenario in study.scenarios:
        for key, region in calibrated.items():
            paths[key, scenario.name], errors = _run(region, scenario, study.file.draws)
            audits.append(errors)
            progress.advance(f"{study.regions[key].name}, {scenario.file.title}")
        for key in study.file.regions:
            if parts := study.regions[key].file.sum_of:
                paths[key, scenario.name] = _sum([paths[part, scenario.name] for part in parts])
    return paths, _worst(audits)


def _run(region: Calibrated, scenario: Scenario, n_draw: int) -> tuple[Paths, dict[str, float]]:
    """Run the best fit as member 0 and the draws behind it."""
    problem = region.problem
    z = np.column_stack([region.best, region.thinned(n_draw)])
    parameters = {**problem.model_parameters(z), **scenario.settings(problem.region.key)}
    variables = audit_variables() | {q.variable for q in EXTENSIVE}
    steps = run_steps(problem.model, parameters, variables, LAST_YEAR, problem.time_step)
    years = yearly(steps)
    paths = Paths(_members(years, slice(0, 1)), _members(years, slice(1, None)))
    if not (paths.best.ok.all() and paths.draws.ok.any()):
        message = f"{problem.region.name} leaves what is possible under '{scenario.name}': its "
        message += "runs are not finite or turn a stock negative. Check its levers."
        raise RunError(message, path=scenario.path)
    errors = audit(steps)
    refuse_imbalance(errors, problem.model.path)
    return paths, errors


def _members(years: Years, which: slice) -> Years:
    values = {q.variable: years.values[q.variable][:, which] for q in EXTENSIVE}
    return Years(years.first_year, values, years.ok[which])


def _sum(parts: Sequence[Paths]) -> Paths:
    return Paths(add_up([p.best for p in parts]), add_up([p.draws for p in parts]))


def _worst(audits: Iterable[Mapping[str, float]]) -> dict[str, float]:
    table = pd.DataFrame(list(audits))
    worst = {str(name): float(table[name].max()) for name in table}
    worst[SMALLEST] = float(table[SMALLEST].min())
    return worst


def screen_regions(
    study: Study, calibrated: Mapping[str, Calibrated], progress: Progress
) -> pd.DataFrame:
    """Return the one-at-a-time ranking of every region with a run of its own.

    Levers cross from zero to their strength in the last scenario of the study.
    """
    progress.stage("sensitivity", len(calibrated))
    tables = []
    for key, region in calibrated.items():
        held, levers = study.scenarios[-1].split(key)
        inputs = inputs_of(region.problem, region.draws, levers, held)
        seed = int(generator(study, key, "morris").integers(1, 2**31))
        tables.append(screen(region.problem, inputs, study.file.trajectories, seed))
        progress.advance(study.regions[key].name)
    return pd.concat(tables, ignore_index=True)
