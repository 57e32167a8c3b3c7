"""The tables of a study: tidy files for programs, short ones for readers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simdyn.arrays import Array
from simdyn.calibrate.operators import answer
from simdyn.calibrate.problem import reported_value
from simdyn.calibrate.tables import fit_table, reading_unit
from simdyn.calibrate.verdicts import verdict_table
from simdyn.facts.records import Bound
from simdyn.indicators import HEADLINES, quantities
from simdyn.names import EXTENSIVE, RATIOS
from simdyn.regions import Operator, Reading, discrepancy_sd
from simdyn.study import Results, Study, generator
from simdyn.years import Years

BAND = (10.0, 50.0, 90.0)
"""Percentiles of the bands over draws: the middle 80 percent and the median."""
QUANTITIES = (*EXTENSIVE, *RATIOS)
TARGET_COLUMNS = [
    *("region", "basis", "target", "unit", "aim", "scenario", "probability"),
    *("p10", "p50", "p90", "document", "section", "note"),
]
MODEL_NAME = "regional_growth"
CEILINGS = frozenset({Bound.LE, Bound.LT})


def path_table(results: Results) -> pd.DataFrame:
    """Return the best-fit paths, tidy: model, scenario, region, variable, unit, year, value."""
    rows = []
    for region, scenario, years in _in_order(results, "best"):
        values = quantities(years)
        for q in QUANTITIES:
            for year, value in zip(years.years, values[q.variable][:, 0], strict=True):
                rows.append((MODEL_NAME, scenario, region, q.variable, q.unit, year, float(value)))
    columns = ["model", "scenario", "region", "variable", "unit", "year", "value"]
    return pd.DataFrame(rows, columns=columns)


def band_table(results: Results) -> pd.DataFrame:
    """Return the 10, 50 and 90 percent points over draws, tidy, with a row for each year."""
    rows = []
    for region, scenario, years in _in_order(results, "draws"):
        values = quantities(years)
        for q in QUANTITIES:
            band = np.percentile(values[q.variable][:, years.ok], BAND, axis=1)
            head = (MODEL_NAME, scenario, region, basis_of(results, region), q.variable, q.unit)
            rows += [
                (*head, year, *points)
                for year, points in zip(years.years, band.T.tolist(), strict=True)
            ]
    columns = ["model", "scenario", "region", "basis", "variable", "unit", "year"]
    columns += [f"p{point:.0f}" for point in BAND]
    return pd.DataFrame(rows, columns=columns)


def headline_table(results: Results) -> pd.DataFrame:
    """Return each headline number with its band over draws."""
    rows = []
    for region, scenario, years in _in_order(results, "draws"):
        basis = basis_of(results, region)
        for headline in HEADLINES:
            low, median, high = np.percentile(headline.read(years)[years.ok], BAND).tolist()
            rows.append((region, basis, scenario, headline.name, headline.unit, low, median, high))
    columns = ["region", "basis", "scenario", "headline", "unit", "p10", "p50", "p90"]
    return pd.DataFrame(rows, columns=columns)


def basis_of(results: Results, region: str) -> str:
    """Return what the results of a region rest on."""
    return results.study.regions[region].file.basis.value


def sensitivity_table(results: Results) -> pd.DataFrame:
    """Return the sensitivity ranking of all regions with what each region rests on."""
    table = results.sensitivity.copy()
    table.insert(1, "basis", [basis_of(results, str(key)) for key in table["region"]])
    return table


def target_table(results: Results) -> pd.DataFrame:
    """Return the probability that each target of the documents is met, by scenario."""
    rows = []
    for key, region in results.calibrated.items():
        for target in region.problem.region.targets:
            for scenario in results.study.scenarios:
                rows.append(_target_row(results, key, target, scenario.name))
    return pd.DataFrame(rows, columns=TARGET_COLUMNS)


def _target_row(results: Results, key: str, target: Reading, scenario: str) -> dict[str, object]:
    region = results.calibrated[key]
    years = results.paths[key, scenario].draws
    fact = results.study.facts[target.fact_ids[0]]
    aim = reported_value(target, results.study.facts)
    measurement = region.problem.measurement(region.thinned(results.study.file.draws))
    reached = answer(target, years, measurement)
    reached = (reached + _noise(results.study, key, target, reached))[years.ok]
    low, median, high = np.percentile(reached, BAND).tolist()
    met = reached <= aim if fact.bound in CEILINGS else reached >= aim
    return {
        "region": key,
        "basis": region.problem.region.file.basis.value,
        "target": target.label,
        "unit": reading_unit(target),
        "aim": aim,
        "scenario": scenario,
        "probability": float(np.mean(met)),
        "p10": low,
        "p50": median,
        "p90": high,
        "document": fact.document,
        "section": fact.section,
        "note": target.note,
    }


def _noise(study: Study, region: str, target: Reading, reached: Array) -> Array:
    """Return the noise of single years that the paths leave out, the same for every scenario."""
    noise = generator(study, region, target.label, "noise").standard_normal(reached.size)
    noise *= discrepancy_sd(target, study.discrepancy)
    return noise * reached / 100 if target.operator is Operator.LEVEL else noise


def fit_tables(results: Results) -> pd.DataFrame:
    """Return the fit tables of all regions that have figures."""
    facts = results.study.facts
    return pd.concat(
        [fit_table(c, facts) for c in results.calibrated.values()],
        ignore_index=True,
    )


def parameter_tables(results: Results) -> pd.DataFrame:
    """Return the parameter tables of all regions."""
    return verdict_table(results.calibration, results.study.facts)


def _in_order(results: Results, which: str) -> Iterator[tuple[str, str, Years]]:
    """Yield (region, scenario, years) in the order of the study file, parts of sums last."""
    order = dict.fromkeys((*results.study.file.regions, *results.calibrated))
    for region in order:
        for scenario in results.study.scenarios:
            yield region, scenario.name, getattr(results.paths[region, scenario.name], which)
