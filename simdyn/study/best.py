"""Runs of the best fit: its paths, and whether the time step is fine enough for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from simdyn.audit import refuse_imbalance, worst
from simdyn.calibrate.calibration import Calibrated
from simdyn.errors import RunError
from simdyn.indicators import HEADLINES
from simdyn.names import EXTENSIVE
from simdyn.runs.batch import make_batch
from simdyn.runs.members import MemberRuns, Setting
from simdyn.runs.results import years_of
from simdyn.study.records import Study
from simdyn.years import Years

Pair = tuple[str, str]
"""A region and a scenario."""


def best_fit(
    study: Study,
    calibrated: Mapping[str, Calibrated],
    scenarios: Sequence[Setting],
    time_step: float,
) -> MemberRuns:
    """Return what runs the best fit of each region under each scenario, one member each."""
    draws = {
        key: region.problem.model_parameters(region.best[:, None])
        for key, region in calibrated.items()
    }
    variables = [q.variable for q in EXTENSIVE]
    return make_batch(study.model, study.regions, draws, scenarios, variables, time_step)


def run_best(study: Study, runs: MemberRuns) -> tuple[dict[Pair, Years], dict[str, float]]:
    """Return the paths of each region and scenario, and the largest error of each account.

    Raises
    ------
    RunError : a run leaves what is possible, or an account does not balance
    """
    paths: dict[Pair, Years] = {}
    audits = []
    for block in runs.layout.blocks():
        found = runs(block)
        region = runs.layout.regions[block.region]
        names = runs.layout.scenarios[block.scenario : block.scenario + block.n_scenario]
        for scenario, values in zip(names, found.values, strict=True):
            paths[region, scenario] = years = years_of(runs.layout, values)
            if not years.ok.all():
                raise impossible(study, region, scenario)
        audits.append(found.audit)
    errors = worst(audits)
    refuse_imbalance(errors, study.model.path)
    return paths, errors


def impossible(study: Study, region: str, scenario: str) -> RunError:
    """Return the error of a region that has no sound run under a scenario."""
    name = study.regions[region].name
    message = f"{name} leaves what is possible under '{scenario}': its runs are not finite or "
    (path,) = (one.path for one in study.scenarios if one.name == scenario)
    return RunError(message + "turn a stock negative. Check its levers.", path=path)


def check_solver(study: Study, runs: MemberRuns) -> pd.DataFrame:
    """Return the change of each headline of the best fit when the step is halved.

    The change is relative to the headline, for rates to no less than one percentage point.
    """
    full, _ = run_best(study, runs)
    half, _ = run_best(study, replace(runs, time_step=runs.time_step / 2))
    return pd.DataFrame([row for pair in full for row in _changes(pair, full[pair], half[pair])])


def _changes(pair: Pair, full: Years, half: Years) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for headline in HEADLINES:
        before, after = (float(headline.read(years)[0]) for years in (full, half))
        rows.append(
            {
                "region": pair[0],
                "scenario": pair[1],
                "headline": headline.name,
                "unit": headline.unit,
                "step": before,
                "half_step": after,
                "relative_change": abs(after - before) / max(abs(after), headline.floor),
            }
        )
    return rows
