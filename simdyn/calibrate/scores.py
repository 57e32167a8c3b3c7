"""How figures were foretold, as tables: each figure by each method, and mean scores."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simdyn.calibrate.ahead import Trial
from simdyn.calibrate.backtest import Backtests
from simdyn.calibrate.foretell import MODEL, NO_SHOCK
from simdyn.calibrate.linear import Figure
from simdyn.calibrate.predictive import Predictive, covers
from simdyn.calibrate.tables import reading_unit
from simdyn.facts.collection import Facts
from simdyn.regions import Operator

LEVELS = (0.5, 0.8, 0.9)
"""Probabilities of the central intervals."""
POINTS = (5, 10, 25, 50, 75, 90, 95)
"""Percent points of what is expected."""
PERCENT = frozenset({Operator.GROWTH, Operator.AVERAGE_GROWTH, Operator.SHARE})
"""Operators whose answer is in percent, so that errors are in percentage points."""

COVER = [f"in_{100 * level:.0f}" for level in LEVELS]
BACKTEST_COLUMNS = [
    *("test", "method", "region", "basis", "figure", "operator", "variable", "through"),
    *("start", "end", "unit", "reported", "mean", "sd", *(f"p{point}" for point in POINTS)),
    *("error", "crps", *COVER, "error_percent", "crps_percent"),
    *("pareto_k", "by", "layer", "document", "section", "facts", "rests_on"),
]
SCORE_COLUMNS = [
    *("test", "figures_of", "method", "figures", "mean_absolute_error", "mean_crps"),
    *("covered_50", "covered_80", "covered_90"),
]
ALL = "all figures"


def backtest_table(found: Backtests, facts: Facts) -> pd.DataFrame:
    """Return a row for each figure that a method foretold: expected, reported, scores.

    `error` is expected less reported and `crps` the continuous ranked probability score, both in
    the unit of the figure. `error_percent` is the absolute error and `crps_percent` the score in
    percentage points of growth and shares, and in percent of the figure for all else, so that they
    add up over figures. `in_50` and so on say whether the central interval held the figure.
    `through` names the measurement parameters that stand between figure and variable.
    `pareto_k` and `by` say how the model came to leave the figure out, as of `leaving_out`; rivals
    have neither.
    """
    ways = {way.name: {"pareto_k": way.k, "by": way.by.value} for way in found.model.ways}
    rows = [
        {
            **_row(Trial.ONE, MODEL, each.figure, each.predictive, facts),
            "pareto_k": each.k,
            "by": each.by.value,
        }
        for each in found.model.left_out
    ]
    rows += [
        {**_row(each.trial, each.method, each.figure, each.predictive, facts), **ways[each.trial]}
        for each in found.model.ahead
    ]
    rows += [
        {
            **_row(each.trial, each.method, each.figure, each.predictive, facts),
            "by": "",
            "rests_on": each.rests_on,
        }
        for each in found.rivals
    ]
    return pd.DataFrame(rows, columns=BACKTEST_COLUMNS)


def _row(
    trial: Trial, method: str, figure: Figure, predictive: Predictive, facts: Facts
) -> dict[str, object]:
    observation, reported = figure.observation, figure.reported
    source = facts[observation.fact_ids[0]]
    error, crps = predictive.mean - reported, predictive.crps(reported)
    scale = 1.0 if observation.operator in PERCENT else 100 / abs(reported)
    return {
        "test": trial.value,
        "method": method,
        "region": figure.region,
        "basis": figure.problem.region.file.basis.value,
        "figure": observation.label,
        "operator": observation.operator.value,
        "variable": observation.variable,
        "through": ", ".join(observation.measurement_parameters),
        "start": observation.start,
        "end": observation.end,
        "unit": reading_unit(observation),
        "reported": reported,
        "mean": predictive.mean,
        "sd": predictive.sd,
        **{f"p{point}": predictive.quantile(point / 100) for point in POINTS},
        "error": error,
        "crps": crps,
        **{
            name: covers(predictive, reported, level)
            for name, level in zip(COVER, LEVELS, strict=True)
        },
        "error_percent": scale * abs(error),
        "crps_percent": scale * crps,
        "layer": source.layer.value,
        "document": source.document,
        "section": source.section,
        "facts": observation.facts,
        "rests_on": "",
    }


def backtest_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean scores by test and method, over figures that the methods compared have in common.

    `figures_of` is "all figures" for what the model foretold, else the rival on whose figures the
    model and the rival are compared. Errors and scores are in percent, as of `backtest_table`;
    coverage is a share of figures.
    """
    rows = []
    for test, group in table.groupby("test", sort=False):
        ours = [name for name in (MODEL, NO_SHOCK) if name in set(group["method"])]
        others = [name for name in dict.fromkeys(group["method"]) if name not in ours]
        for rival in (ALL, *others):
            names = ours if rival == ALL else [*ours, rival]
            common = _common(group, names)
            for name in names:
                mine = common[common["method"] == name]
                covered = [float(mine[column].mean()) for column in COVER]
                errors = (float(mine[c].mean()) for c in ("error_percent", "crps_percent"))
                rows.append((test, rival, name, len(mine), *errors, *covered))
    return pd.DataFrame(rows, columns=SCORE_COLUMNS)


def _common(group: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """Return the rows of some methods on the figures that all of them foretold."""
    mine = group[group["method"].isin(methods)]
    counts = mine.groupby(["region", "figure"])["method"].transform("nunique")
    return mine[counts == len(methods)]
