"""Targets of the documents: what runs reach, and the probability that a target is met."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simdyn.answers.bands import band, probability
from simdyn.answers.case import Case
from simdyn.arrays import Array
from simdyn.calibrate.operators import answer
from simdyn.calibrate.problem import reported_value
from simdyn.calibrate.tables import reading_unit
from simdyn.errors import RunError, did_you_mean
from simdyn.facts.records import Bound
from simdyn.regions import Operator, Reading, discrepancy_sd
from simdyn.study import Study, generator
from simdyn.years import Years

TARGET_COLUMNS = [
    *("region", "basis", "target", "unit", "aim", "scenario", "probability"),
    *("probability_low", "probability_high", "p10", "p50", "p90", "n", "n_failed"),
    *("document", "section", "note"),
]
CEILINGS = frozenset({Bound.LE, Bound.LT})


def target_table(case: Case, regions: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the probability that each target is met, and what is reached, by scenario.

    Parameters
    ----------
    regions : with a run of their own; all if None

    Returns
    -------
    pandas.DataFrame
        `TARGET_COLUMNS`; probability_low and probability_high: 95 percent Monte Carlo interval;
        n: draws behind both; n_failed: draws left out, whose run failed
    """
    rows = [
        _row(case, key, target, scenario)
        for key in (case.calibrated if regions is None else regions)
        for target in case.study.regions[key].targets
        for scenario in case.runs.scenarios
    ]
    return pd.DataFrame(rows, columns=TARGET_COLUMNS)


def find_target(study: Study, region: str, label: str) -> Reading:
    """Return the target of a region with that label, in any case.

    Raises
    ------
    RunError : the region has no such target
    """
    known = {target.label.lower(): target for target in study.regions[region].targets}
    if label.lower() not in known:
        labels = [target.label for target in known.values()]
        mend = did_you_mean(label, labels) if labels else "No document gives it one."
        raise RunError(f"{study.regions[region].name} has no target '{label}'. {mend}")
    return known[label.lower()]


def aim_of(study: Study, target: Reading) -> float:
    """Return what is aimed at, in the unit of the target."""
    return reported_value(target, study.facts)


def is_met(study: Study, target: Reading, reached: Array) -> NDArray[np.bool_]:
    """Return whether what is reached meets the target; a ceiling is met from below."""
    aim, bound = aim_of(study, target), study.facts[target.fact_ids[0]].bound
    return reached <= aim if bound in CEILINGS else reached >= aim


def reached(case: Case, region: str, target: Reading, years: Years) -> Array:
    """Return what runs reach, in the unit of the target, (member,); nan in failed runs.

    It carries the noise of single years that the paths leave out, which is the same for a draw
    whatever the levers.

    Parameters
    ----------
    years : all draws of the case, under one setting of levers after the other
    """
    n_setting = years.ok.size // case.n_draw
    measurement = {
        name: np.tile(values, n_setting) for name, values in case.measurement(region).items()
    }
    with np.errstate(all="ignore"):  # failed runs may divide by zero
        values = answer(target, years, measurement)
        values = values + _noise(case, region, target, values)
    return np.where(years.ok, values, np.nan)


def _noise(case: Case, region: str, target: Reading, values: Array) -> Array:
    """Return the noise of single years, the same under every setting of levers."""
    rng = generator(case.study, region, target.label, "noise")
    noise = np.resize(rng.standard_normal(case.n_draw), values.shape)
    noise *= discrepancy_sd(target, case.study.discrepancy)
    return noise * values / 100 if target.operator is Operator.LEVEL else noise


def _row(case: Case, key: str, target: Reading, scenario: str) -> dict[str, object]:
    study = case.study
    years = case.runs.years(key, scenario)
    values = reached(case, key, target, years)[years.ok]
    chance, fact = probability(is_met(study, target, values)), study.facts[target.fact_ids[0]]
    return {
        "region": key,
        "basis": case.region(key).file.basis.value,
        "target": target.label,
        "unit": reading_unit(target),
        "aim": aim_of(study, target),
        "scenario": scenario,
        "probability": chance.value,
        "probability_low": chance.low,
        "probability_high": chance.high,
        **band(values)._asdict(),
        "n_failed": int(np.count_nonzero(~years.ok)),
        "document": fact.document,
        "section": fact.section,
        "note": target.note,
    }
