"""Whether the time step is fine enough: headlines of the best fit at half of it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simdyn.calibrate.calibration import Calibrated
from simdyn.ensemble import run_years
from simdyn.indicators import HEADLINES
from simdyn.names import EXTENSIVE, LAST_YEAR
from simdyn.progress import Progress
from simdyn.scenarios import Scenario
from simdyn.study.records import Study


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
