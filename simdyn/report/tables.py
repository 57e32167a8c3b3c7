"""The tables of a study: tidy files for programs, short ones for readers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simdyn.answers.case import Case, case_of
from simdyn.calibrate.tables import fit_table
from simdyn.calibrate.verdicts import verdict_table
from simdyn.indicators import HEADLINES, quantities
from simdyn.names import EXTENSIVE, RATIOS
from simdyn.report.kept import kept_table
from simdyn.study import Results

BAND = (10.0, 50.0, 90.0)
"""Percentiles of the bands over draws: the middle 80 percent and the median."""
POINTS = tuple(f"p{point:.0f}" for point in BAND)
"""Their columns."""
OFF = 2.0
"""Standard deviations from which on a figure is marked as far from the fit."""
QUANTITIES = (*EXTENSIVE, *RATIOS)
MODEL_NAME = "regional_growth"


def path_table(results: Results) -> pd.DataFrame:
    """Return the best-fit paths, tidy: model, scenario, region, variable, unit, year, value."""
    rows = []
    for region, scenario in _pairs(results):
        years = results.best[region, scenario]
        values = quantities(years)
        for q in QUANTITIES:
            for year, value in zip(years.years, values[q.variable][:, 0], strict=True):
                rows.append((MODEL_NAME, scenario, region, q.variable, q.unit, year, float(value)))
    columns = ["model", "scenario", "region", "variable", "unit", "year", "value"]
    return pd.DataFrame(rows, columns=columns)


def band_table(results: Results) -> pd.DataFrame:
    """Return the 10, 50 and 90 percent points over draws, tidy, with a row for each year."""
    rows = []
    for region, scenario in _pairs(results):
        years = results.draws(region, scenario)
        values = quantities(years)
        for q in QUANTITIES:
            band = np.percentile(values[q.variable][:, years.ok], BAND, axis=1)
            head = (MODEL_NAME, scenario, region, basis_of(results, region), q.variable, q.unit)
            rows += [
                (*head, year, *points)
                for year, points in zip(years.years, band.T.tolist(), strict=True)
            ]
    columns = ["model", "scenario", "region", "basis", "variable", "unit", "year"]
    columns += POINTS
    return pd.DataFrame(rows, columns=columns)


def headline_table(results: Results) -> pd.DataFrame:
    """Return each headline number with its band over draws."""
    rows = []
    for region, scenario in _pairs(results):
        years = results.draws(region, scenario)
        basis = basis_of(results, region)
        for headline in HEADLINES:
            low, median, high = np.percentile(headline.read(years)[years.ok], BAND).tolist()
            rows.append((region, basis, scenario, headline.name, headline.unit, low, median, high))
    columns = ["region", "basis", "scenario", "headline", "unit", *POINTS]
    return pd.DataFrame(rows, columns=columns)


def basis_of(results: Results, region: str) -> str:
    """Return what the results of a region rest on."""
    return results.study.regions[region].file.basis.value


def fit_tables(results: Results) -> pd.DataFrame:
    """Return the fit tables of all regions that have figures."""
    return kept_table(case_of(results), _fit_table)


def _fit_table(case: Case) -> pd.DataFrame:
    tables = [fit_table(region, case.study.facts) for region in case.calibrated.values()]
    return pd.concat(tables, ignore_index=True)


def diagnostic_tables(results: Results) -> pd.DataFrame:
    """Return R-hat and effective sizes of the parameters of all regions."""
    return kept_table(case_of(results), _diagnostics)


def _diagnostics(case: Case) -> pd.DataFrame:
    return pd.concat([region.diagnostics for region in case.calibrated.values()])


def parameter_tables(results: Results) -> pd.DataFrame:
    """Return the parameter tables of all regions."""
    return verdict_table(results.calibration, results.study.facts)


def _pairs(results: Results) -> Iterator[tuple[str, str]]:
    """Yield (region, scenario) in the order of the study file, parts of sums last."""
    for region in dict.fromkeys((*results.study.file.regions, *results.calibrated)):
        for scenario in results.study.scenarios:
            yield region, scenario.name
