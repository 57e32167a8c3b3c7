"""What a fit says of figures, as a table: each beside the model."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from simdyn.calibrate.calibration import Calibrated
from simdyn.calibrate.likelihoods import z_score
from simdyn.calibrate.priors import parameter
from simdyn.facts.collection import Facts
from simdyn.names import CURRENT, EXTENSIVE
from simdyn.regions import Operator, Prior, Reading

BAND = (5.0, 50.0, 95.0)
"""Percentiles of the intervals in the fit tables."""

FIT_COLUMNS = [
    *("region", "basis", "figure", "unit", "reported", "error", "sd", "sd_above", "model", "z"),
    *("p5", "p50", "p95", "layer", "document", "section", "facts", "note"),
]
OPERATOR_UNITS = {
    Operator.GROWTH: "percent a year",
    Operator.AVERAGE_GROWTH: "percent a year",
    Operator.RATIO: "ratio",
    Operator.SHARE: "percent of GDP",
}
"""Unit of the answer where it does not follow from the variable."""


def fit_table(region: Calibrated, facts: Facts) -> pd.DataFrame:
    """Return a row for each observation: reported, best fit, z, interval, source."""
    problem = region.problem
    observations = problem.region.observations
    best = problem.answers(region.best[:, None])[:, 0]
    spread = problem.answers(region.draws)
    rows = []
    for o, reported, modelled, values in zip(
        observations, problem.reported, best, spread, strict=True
    ):
        low, median, high = np.nanpercentile(values, BAND)
        sources = [facts[fact_id] for fact_id in o.fact_ids]
        rows.append(
            {
                "region": problem.region.key,
                "basis": problem.region.file.basis.value,
                "figure": o.label,
                "unit": reading_unit(o),
                "reported": reported,
                "error": o.likelihood.value,
                "sd": o.sd,
                "sd_above": o.sd if o.sd_above is None else o.sd_above,
                "model": modelled,
                "z": float(z_score(o, reported, np.asarray(modelled))),
                "p5": low,
                "p50": median,
                "p95": high,
                "layer": sources[0].layer.value,
                "document": sources[0].document,
                "section": sources[0].section,
                "facts": o.facts,
                "note": " ".join(text for text in (o.departs, o.note) if text),
            }
        )
    return pd.DataFrame(rows, columns=FIT_COLUMNS)


def reading_unit(reading: Reading) -> str:
    """Return the unit of a reading's answer, for readers."""
    fixed = OPERATOR_UNITS.get(reading.operator)
    if fixed is not None:
        return fixed
    unit = next((q.unit for q in EXTENSIVE if q.variable == reading.variable), CURRENT)
    if not reading.over:
        return unit
    # Populations are counted in 10 thousand persons.
    head = unit.replace("100 million CNY", "10 thousand CNY")
    return f"{head if reading.over.endswith('population') else unit}, per {reading.over}"


def prior_interval(prior: Prior) -> tuple[float, ...]:
    """Return the 5, 50 and 95 percent points of a prior, in its unit."""
    return tuple(parameter(prior, norm.ppf(np.array(BAND) / 100)).tolist())
