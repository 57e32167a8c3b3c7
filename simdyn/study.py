"""The main job, end to end: facts, calibration, scenario runs, sensitivity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
from pydantic import Field, field_validator, model_validator

from simdyn.audit import SMALLEST, audit, audit_variables, refuse_imbalance
from simdyn.calibrate.calibration import Calibrated, Calibration, Effort, calibrate
from simdyn.calibrate.problem import Problem, make_problem
from simdyn.calibrate.store import content_hash, keep, recall
from simdyn.engine.model import Model, load
from simdyn.ensemble import run_steps, run_years
from simdyn.errors import RunError, ScenarioError, SimdynError, did_you_mean
from simdyn.facts.collection import Facts
from simdyn.facts.reader import read_facts
from simdyn.indicators import HEADLINES, add_up
from simdyn.names import EXTENSIVE, LAST_YEAR
from simdyn.processes import Watch
from simdyn.project import Project
from simdyn.records import Record, TomlFile, read_toml
from simdyn.regions import (
    Discrepancy,
    Evidence,
    Known,
    Region,
    read_discrepancy,
    read_regions,
)
from simdyn.scenarios import (
    Scenario,
    ScenarioFile,
    read_levers,
    read_scenarios,
    same_titles,
    scenario_files,
    vocabulary,
)
from simdyn.sensitivity import inputs_of, screen
from simdyn.years import Years, yearly

HEADLINE_TOLERANCE = 0.01
"""Largest relative change of a headline that halving the step may cause."""
MAX_HALVINGS = 4
DEFAULT_STUDY = "study.toml"
RESERVED = ("sample", "calibration", "calibrations")
"""Folders of outputs that no study may take as its own."""


class Progress(Protocol):
    """Shows how far a study is."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""

    def advance(self, note: str, steps: int = 1) -> None:
        """Mark steps of the stage as done."""


class StudyFile(Record):
    """A study file: what is run, for which regions, with how many draws."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")
    title: str
    regions: tuple[str, ...] = Field(min_length=1)
    scenarios: tuple[str, ...] = Field(min_length=1)
    evidence: Evidence = Evidence.BOTH
    draws: int = Field(ge=2, le=100_000)
    posterior: int = Field(default=12_000, ge=16, le=1_000_000)
    starts: int = Field(ge=1, le=1000)
    trajectories: int = Field(ge=2, le=10_000)
    seed: int = Field(ge=0)

    @field_validator("regions", "scenarios")
    @classmethod
    def _names_stand_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) < len(names):
            raise ValueError("a name stands twice: name each once")
        return names

    @model_validator(mode="after")
    def _runs_take_posterior_draws(self) -> StudyFile:
        if self.draws > self.posterior:
            raise ValueError(f"{self.draws} draws to run, but {self.posterior} of the posterior")
        return self

    @field_validator("name")
    @classmethod
    def _is_not_reserved(cls, name: str) -> str:
        if name in RESERVED:
            raise ValueError(f"outputs/{name} holds other results: choose another name")
        return name


@dataclass(frozen=True)
class Study:
    """All that a study needs before anything is run."""

    project: Project
    path: Path
    file: StudyFile
    model: Model
    facts: Facts
    regions: Mapping[str, Region]
    scenarios: tuple[Scenario, ...]
    discrepancy: tuple[Discrepancy, ...]

    @property
    def runs(self) -> tuple[Region, ...]:
        """The regions that have a run of their own: those asked for and the parts of sums."""
        keys = dict.fromkeys(
            part for key in self.file.regions for part in (self.regions[key].file.sum_of or (key,))
        )
        return tuple(self.regions[key] for key in keys)

    def restricted(self, regions: Sequence[str]) -> Study:
        """Return the study of some of its regions; the name of its results then says which."""
        name = "-".join([self.file.name, *regions])
        update = {"regions": tuple(regions), "name": name}
        return replace(self, file=self.file.model_copy(update=update))

    def of_evidence(self, evidence: Evidence) -> Study:
        """Return the study on other evidence; the name of its results then says which."""
        if evidence is self.file.evidence:
            return self
        name = f"{self.file.name}-{evidence}"
        return replace(self, file=self.file.model_copy(update={"evidence": evidence, "name": name}))

    @property
    def reference(self) -> Scenario:
        """The scenario that others are compared with: the first."""
        return self.scenarios[0]


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


def read_study(project: Project, path: Path) -> Study:
    """Read a study file and everything it names.

    Raises
    ------
    SimdynError : with file, line and mend, for the first wrong entry of any file
    """
    toml = read_toml(path, ScenarioError)
    file = toml.parse(StudyFile, ScenarioError)
    model = load(project.model)
    kinds = model.variables["kind"]
    units = {str(name): str(unit) for name, unit in model.variables["unit"].items()}
    constants = {str(name): units[str(name)] for name in kinds.index[kinds == "constant"]}
    facts = read_facts(project.facts)
    known = Known(constants, units, facts)
    regions = read_regions(project.regions, project.priors, known)
    for wrong in _unknown(toml, "region", file.regions, regions):
        raise wrong
    named = {name: _entry_line(toml, "scenarios", i) for i, name in enumerate(file.scenarios)}
    levers = read_levers(project.levers, constants)
    words = vocabulary(regions, constants, levers, facts.sources)
    scenarios = read_scenarios(project.scenarios, named, path, words)
    discrepancy = read_discrepancy(project.discrepancy, known.variables)
    return Study(project, path, file, model, facts, regions, scenarios, discrepancy)


def study_errors(path: Path, regions: Iterable[str], scenarios: Path) -> list[SimdynError]:
    """Return everything wrong with a study file that is valid TOML.

    Parameters
    ----------
    regions : keys of the known regions
    scenarios : the folder of the scenario files
    """
    toml = read_toml(path, ScenarioError)
    if wrong := toml.errors(StudyFile, ScenarioError):
        return wrong
    file = toml.parse(StudyFile, ScenarioError)
    found = {scenario.stem: scenario for scenario in scenario_files(scenarios, path)}
    named = [found[name] for name in file.scenarios if name in found]
    return [
        *_unknown(toml, "region", file.regions, regions),
        *_unknown(toml, "scenario", file.scenarios, found),
        *same_titles(_readable(named)),
    ]


def _readable(paths: Iterable[Path]) -> dict[Path, ScenarioFile]:
    """Return the scenario files that have the form of one."""
    files: dict[Path, ScenarioFile] = {}
    for path in paths:
        with suppress(ScenarioError):
            files[path] = read_toml(path, ScenarioError).parse(ScenarioFile, ScenarioError)
    return files


def _unknown(
    toml: TomlFile, what: str, names: Iterable[str], known: Iterable[str]
) -> Iterator[ScenarioError]:
    known = list(known)
    for position, name in enumerate(names):
        if name not in known:
            message = f"unknown {what} '{name}'. {did_you_mean(name, known)}"
            line = _entry_line(toml, f"{what}s", position)
            yield ScenarioError(message, path=toml.path, line=line)


def _entry_line(toml: TomlFile, name: str, position: int) -> int | None:
    return toml.line_of((name, position))


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


def generator(study: Study, *purpose: str) -> np.random.Generator:
    """Return the random generator of one purpose, whatever else is run and in which order."""
    words = [word for text in purpose for word in text.encode()]
    return np.random.default_rng(np.random.SeedSequence([study.file.seed, *words]))


# Calibration


def problems_of(study: Study, time_step: float | None = None) -> dict[str, Problem]:
    """Return the calibration problem of each region with a run of its own."""
    return {
        region.key: make_problem(
            region.under(study.file.evidence, study.facts),
            study.model,
            study.facts,
            time_step,
            study.discrepancy,
        )
        for region in study.runs
    }


def calibrate_study(
    study: Study, problems: Mapping[str, Problem], progress: Progress, *, fresh: bool = False
) -> Calibration:
    """Fit and sample all regions, or take up what was found from the same inputs before.

    Parameters
    ----------
    fresh : whether to calibrate anew, whatever is kept
    """
    asked = study.file
    effort, seed = Effort(asked.starts, asked.posterior), calibration_seed(study)
    inputs = content_hash(problems, effort, seed)
    path = study.project.calibrations / f"{inputs[:16]}.nc"
    known = None if fresh else recall(problems, inputs, path)
    if known is not None:
        progress.stage("calibrate", 1)
        progress.advance("same inputs as before: draws taken up from outputs/calibrations")
        return known
    progress.stage("calibrate", effort.n_point)
    watch = watching(progress, "points of the posterior drawn")
    found = calibrate(problems, effort, seed, watch)
    with suppress(OSError):
        keep(found, inputs, path)
    return found


def watching(progress: Progress, what: str) -> Watch:
    """Return what moves a stage of the progress on to so many steps done."""
    done = 0

    def watch(total: int) -> None:
        nonlocal done
        progress.advance(f"{total} {what}", total - done)
        done = total

    return watch


def calibration_seed(study: Study) -> int:
    """Return the seed of a study's calibration."""
    return int(generator(study, "calibrate").integers(2**63))


# Runs


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


# Checks


def check_solver(
    study: Study, calibrated: Mapping[str, Calibrated], progress: Progress
) -> pd.DataFrame:
    """Return the change of each headline of the best fit when the step is halved.

    The change is relative to the headline, for rates to no less than one percentage point.
    """
    progress.stage("halve the step", len(calibrated) * len(study.scenarios))
    rows = []
    for scenario in study.scenarios:
        for key, region in calibrated.items():
            rows += _halve(region, scenario)
            progress.advance(study.regions[key].name)
    return pd.DataFrame(rows)


def _halve(region: Calibrated, scenario: Scenario) -> list[dict[str, object]]:
    problem = region.problem
    z = region.best[:, None]
    parameters = {**problem.model_parameters(z), **scenario.settings(problem.region.key)}
    variables = [q.variable for q in EXTENSIVE]
    step = region.time_step
    full, half = (
        run_years(problem.model, parameters, variables, LAST_YEAR, size)
        for size in (step, step / 2)
    )
    rows: list[dict[str, object]] = []
    for headline in HEADLINES:
        before, after = (float(headline.read(years)[0]) for years in (full, half))
        rows.append(
            {
                "region": problem.region.key,
                "scenario": scenario.name,
                "headline": headline.name,
                "unit": headline.unit,
                "step": before,
                "half_step": after,
                "relative_change": abs(after - before) / max(abs(after), headline.floor),
            }
        )
    return rows


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
