"""Tables of sensitivity as `ask` makes them, with made-up numbers."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from simdyn.sensitivity.regional import TOLD, Plan, Question, Sensitivity
from simdyn.sensitivity.regional.outcomes import LOG_POINTS
from simdyn.study import Study

YEARS = (2030, 2035)
PARAMETERS = ("initial GDP", "growth drift", "revenue ratio", "initial shares")
LEVERS = ("tax", "interest rate", "births")
KINDS = ("uncertainty", "policy lever", "outside condition")
SOURCES = {
    "policy": 0.3, "parameters on priors alone": 0.5, "drift of growth": 0.25, "solver": -0.05
}  # fmt: skip


def sensitivity(
    study: Study,
    regions: Sequence[str] = ("songbei",),
    parameters: Sequence[str] = PARAMETERS,
    levers: Sequence[str] = LEVERS,
) -> Sensitivity:
    """Answer every question for regions with the same inputs, at random but always the same."""
    tables = {
        "sobol": _sobol(regions, parameters, levers),
        "posterior": _posterior(regions, parameters),
        "stages": _stages(regions),
        "convergence": _convergence(regions, parameters),
        "screening": _screening(regions, parameters, levers),
        "tornado": _tornado(regions, parameters, levers),
        "sources": _sources(regions),
    }
    return Sensitivity(Plan(), tuple(regions), study.reference, study.policy, tables)


def changed(found: Sensitivity, tables: Mapping[str, pd.DataFrame]) -> Sensitivity:
    """Return the record with these tables and no others."""
    return Sensitivity(found.plan, found.regions, found.reference, found.policy, tables)


def _rng() -> np.random.Generator:
    return np.random.default_rng(20_000)


def _outcomes(
    regions: Sequence[str], inputs: Sequence[str], years: Sequence[int] = YEARS
) -> pd.DataFrame:
    rows = pd.DataFrame(
        list(product(regions, TOLD, years, inputs)),
        columns=["region", "indicator", "year", "input"],
    )
    is_debt = rows["indicator"] == "Debt"
    return rows.assign(scale=np.where(is_debt, "yuan", LOG_POINTS), unit="yuan", basis="fitted")


def _index(rows: pd.DataFrame, name: str, mean: np.ndarray, half: float) -> pd.DataFrame:
    ends = {f"{name}_low": mean - half, f"{name}_high": mean + half}
    return rows.assign(**{name: mean, **ends})


def _sobol(
    regions: Sequence[str], parameters: Sequence[str], levers: Sequence[str]
) -> pd.DataFrame:
    inputs = {
        Question.PRIORS: parameters,
        Question.LEVERS: levers,
        Question.BOTH: ("policy levers", "uncertainties"),
    }
    parts = []
    for question, names in inputs.items():
        rows = _outcomes(regions, names)
        total = _rng().uniform(0.06, 0.9, len(rows))
        rows = _index(_index(rows, "total", total, 0.03), "first", 0.8 * total, 0.02)
        parts.append(rows.assign(question=question.value, kind="uncertainty"))
    table = pd.concat(parts, ignore_index=True)
    nothing_yet = (table["question"] == Question.LEVERS) & (table["year"] == YEARS[0])
    return table[~nothing_yet]


def _posterior(regions: Sequence[str], parameters: Sequence[str]) -> pd.DataFrame:
    names = [*parameters[:-1], "initial primary share"]
    rows = _outcomes(regions, names)
    effect = _rng().uniform(0.0, 0.5, len(rows))
    rows = rows.assign(index=effect, low=effect - 0.01, high=effect + 0.01, method="Shapley")
    return pd.concat([rows, rows.assign(method="PAWN", index=9.0)], ignore_index=True)


def _stages(regions: Sequence[str]) -> pd.DataFrame:
    questions = [q.value for q in Question if q is not Question.POSTERIOR]
    rows = pd.DataFrame(
        list(product(questions, regions, (1, 2, 3))), columns=["question", "region", "stage"]
    )
    return rows.assign(
        n_run=1000 * 2 ** rows["stage"],
        half_width=0.2 / rows["stage"],
        settled=rows["question"] == Question.LEVERS,
    )


def _convergence(regions: Sequence[str], parameters: Sequence[str]) -> pd.DataFrame:
    rows = _outcomes(regions, parameters, YEARS[-1:])
    rows = _index(rows, "total", _rng().uniform(0.0, 0.5, len(rows)), 0.03)
    stages = [rows.assign(stage=stage, n_run=1000 * 2**stage) for stage in (1, 2, 3)]
    return pd.concat(stages, ignore_index=True).assign(question=Question.PRIORS.value)


def _screening(
    regions: Sequence[str], parameters: Sequence[str], levers: Sequence[str]
) -> pd.DataFrame:
    rows = _outcomes(regions, [*parameters, *levers])
    effect = np.sort(_rng().uniform(0.0, 40.0, len(rows)))[::-1]
    rows = _index(rows, "effect", effect, 2.0)
    kind = [KINDS[0] if name in parameters else KINDS[1] for name in rows["input"]]
    return rows.assign(spread=_rng().uniform(0.0, 20.0, len(rows)), kind=kind)


def _tornado(
    regions: Sequence[str], parameters: Sequence[str], levers: Sequence[str]
) -> pd.DataFrame:
    rows = _outcomes(regions, [*parameters, *levers])
    kinds = dict.fromkeys(parameters, KINDS[0])
    kinds |= {name: KINDS[1 + (i % 2)] for i, name in enumerate(levers)}
    length = _rng().uniform(1, 50, len(rows))
    return rows.assign(
        kind=rows["input"].map(kinds), input_unit="1/Year", low=-0.25, high=1250.0,
        at_low=100 - length, centre=100.0, at_high=100 + 2 * length, span=3 * length,
    )  # fmt: skip


def _sources(regions: Sequence[str]) -> pd.DataFrame:
    rows = _outcomes(regions, list(SOURCES)).rename(columns={"input": "source"})
    return rows.assign(share=rows["source"].map(SOURCES))
