"""Results of the project's own study with made-up paths, and tables to go with them."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from simdyn.answers.targets import aim_of
from simdyn.calibrate.problem import reported_value
from simdyn.names import EXTENSIVE, FIRST_YEAR, LAST_YEAR
from simdyn.regions import Operator
from simdyn.study import Study
from simdyn.years import Years

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
N_DRAW = 20
TERMS = ("private capital", "labour", "technology", "GDP growth")


def results(study: Study) -> Any:
    """Every region grows by rates of its own, faster under each further scenario."""
    keys = [region.key for region in study.runs]
    keys += [key for key in study.file.regions if key not in keys]
    paths = {
        (key, scenario.name): _years(n, m)
        for (n, key), (m, scenario) in product(enumerate(keys), enumerate(study.scenarios))
    }
    runs = SimpleNamespace(
        regions=tuple(keys),
        scenarios=tuple(scenario.name for scenario in study.scenarios),
        years=lambda region, scenario: paths[region, scenario],
    )
    calibrated = {region.key: _calibrated(study, region) for region in study.runs}
    return SimpleNamespace(
        study=study,
        calibrated=calibrated,
        runs=runs,
        draws=runs.years,
        audit=SimpleNamespace(time_step=0.25),
    )


def _years(region: int, scenario: int) -> Years:
    rates = np.random.default_rng(region).normal(0.02 + 0.01 * scenario, 0.02, N_DRAW)
    growth = np.exp(np.multiply.outer(np.arange(len(YEARS)), rates))
    values = {q.variable: (100 + 10 * region) * growth for q in EXTENSIVE}
    for part, sector in ((0.2, "primary output"), (0.3, "industry output")):
        values[sector] = part * values["GDP"]
    values["services output"] = 0.5 * values["GDP"]
    return Years(FIRST_YEAR, values, np.ones(N_DRAW, dtype=bool))


def _calibrated(study: Study, region: Any) -> Any:
    reported = np.array([_value(study, o) for o in region.observations])
    return SimpleNamespace(problem=SimpleNamespace(region=region, reported=reported))


def _value(study: Study, observation: Any) -> float:
    given = observation.reading
    return reported_value(observation, study.facts) if given is None else given


def tables(study: Study) -> dict[str, pd.DataFrame]:
    """Return what pictures take besides the runs."""
    named = [scenario.name for scenario in study.scenarios]
    band = {"p10": 0.1, "p50": 0.2, "p90": 0.3}
    spans = ((2016, 2020), (2021, 2025), (2026, 2035))
    return {
        "targets": pd.DataFrame(
            {
                "region": key, "target": target.label, "unit": "percent a year",
                "aim": aim_of(study, target), "scenario": scenario, "probability": 0.5,
                "probability_low": 0.45, "probability_high": 0.55,
            }
            for key in study.file.regions
            for target in study.regions[key].targets
            for scenario in named
        ),
        "fit": pd.DataFrame(
            {
                "region": region.key, "figure": o.label, "unit": "percent of GDP",
                "reported": 10.0, "sd": 1.0, "sd_above": 2.0, "p5": 8.0, "p50": 9.0, "p95": 30.0,
                "layer": study.facts[o.fact_ids[0]].layer.value,
            }
            for region in study.runs
            for o in region.observations
        ),
        "growth_accounts": pd.DataFrame(
            {
                "region": key, "scenario": scenario, "first": first, "last": last, "term": term,
                "mean": -1.0 if term == "labour" else 2.0 + (n if first > 2020 else 0),
                "p10": 0.0, "p90": 5.0,
            }
            for key, (n, scenario), (first, last), term in product(
                study.file.regions, list(enumerate(named)), spans, TERMS
            )
        ),
        "sigma": pd.DataFrame(
            {"measure": "sigma", "scenario": scenario, "year": year, **band}
            for scenario, year in product(named, YEARS)
        ),
        "beta": pd.DataFrame(
            {"measure": "slope", "scenario": scenario, "first": first, "last": last, **band}
            for scenario, (first, last) in product(named, spans)
        ),
        "theil": pd.DataFrame(
            {"component": part, "group": "", "scenario": scenario, "year": year, **band}
            for scenario, year, part in product(
                named, YEARS, ("total", "between groups", "within groups")
            )
        ),
    }  # fmt: skip


def shares(study: Study, key: str) -> list[Any]:
    """Return the readings of a region that are plain shares of a sector."""
    return [
        o
        for o in study.regions[key].observations
        if o.operator is Operator.SHARE and not o.measurement_parameters
    ]
