"""What the results of a region under a scenario rest on: figures, priors, assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from simdyn.answers.case import case_of
from simdyn.calibrate.calibration import Calibrated
from simdyn.calibrate.tables import reading_unit
from simdyn.calibrate.verdicts import Judged, Verdict, judge
from simdyn.facts.collection import Facts
from simdyn.facts.records import Fact, Layer
from simdyn.report.answers.levers import levers_of
from simdyn.report.answers.sources import Stated
from simdyn.report.words.language import Labels
from simdyn.study import Results

FIGURE, STATISTIC, PARAMETER, LEVER = "document figure", "public statistic", "parameter", "lever"
VERDICTS = {
    "set": Verdict.SET,
    "moved": Verdict.MOVED,
    "pooled": Verdict.POOLED,
    "prior_only": Verdict.PRIOR,
}
"""Columns that count parameters, and what determined those they count."""
ITEM_COLUMNS = [
    *("region", "scenario", "kind", "part", "name", "status", "unit", "value"),
    *("source", "documents", "facts"),
]
EVIDENCE_COLUMNS = [
    *("region", "basis", "scenario", "document_figures", "public_statistics"),
    *("parameters", *VERDICTS, "levers", "assumptions"),
]


def evidence_of(results: Results, items: pd.DataFrame) -> pd.DataFrame:
    """Return how much the results of each region rest on what, by scenario.

    Parameters
    ----------
    items : of `evidence_items`

    Returns
    -------
    pandas.DataFrame
        `EVIDENCE_COLUMNS`; numbers of figures of documents and of public statistics in the fit, of
        parameters by what determined them, of levers, and of those whose size is an assumption
    """
    rows = [
        {
            "region": region,
            "basis": results.study.regions[region].file.basis.value,
            "scenario": scenario.name,
            **_counts(items[items["region"] == region], scenario.name),
        }
        for region in results.study.file.regions
        for scenario in results.study.scenarios
    ]
    return pd.DataFrame(rows, columns=EVIDENCE_COLUMNS)


def evidence_items(results: Results, labels: Labels) -> pd.DataFrame:
    """Return each figure, parameter and lever that the results of a region rest on.

    Returns
    -------
    pandas.DataFrame
        `ITEM_COLUMNS`; scenario: empty for figures and parameters, which all scenarios share;
        part: the region with a run of its own; status: of a parameter what determined it, of a
        lever a value of `Stated`; value: a reported number, a lever's setting; source: as stated,
        of a parameter that of its prior; documents: with sections; facts: ids
    """
    judged, levers = judge(results.calibration), levers_of(results.study, labels)
    case = case_of(results)
    rows = []
    for region in results.study.file.regions:
        for part in case.parts(region):
            calibrated = results.calibrated[part]
            found = [
                *_figures(calibrated, results.study.facts),
                *_parameters(calibrated, judged[part], results.study.facts),
            ]
            rows += [{"region": region, "part": part, "scenario": "", **row} for row in found]
        rows += _levers(levers[levers["region"] == region])
    return pd.DataFrame(rows, columns=ITEM_COLUMNS)


def _counts(items: pd.DataFrame, scenario: str) -> dict[str, int]:
    kinds = items["kind"]
    verdicts = items.loc[kinds == PARAMETER, "status"]
    levers = items[(kinds == LEVER) & (items["scenario"] == scenario)]
    return {
        "document_figures": int((kinds == FIGURE).sum()),
        "public_statistics": int((kinds == STATISTIC).sum()),
        "parameters": len(verdicts),
        **{name: int((verdicts == verdict.value).sum()) for name, verdict in VERDICTS.items()},
        "levers": len(levers),
        "assumptions": int((levers["status"] != Stated.SIZE.value).sum()),
    }


def _figures(calibrated: Calibrated, facts: Facts) -> Iterator[dict[str, Any]]:
    problem = calibrated.problem
    for figure, reported in zip(problem.region.observations, problem.reported, strict=True):
        sources = [facts[name] for name in figure.fact_ids]
        documents = all(fact.layer is Layer.DOCUMENTS for fact in sources)
        yield {
            "kind": FIGURE if documents else STATISTIC,
            "name": figure.label,
            "status": "",
            "unit": reading_unit(figure),
            "value": f"{reported:.4g}",
            "source": figure.facts,
            **_behind(sources),
        }


def _parameters(
    calibrated: Calibrated, judged: Sequence[Judged], facts: Facts
) -> Iterator[dict[str, Any]]:
    for prior, one in zip(calibrated.problem.region.priors, judged, strict=True):
        figures = [facts[name] for figure, _ in one.figures for name in figure.observation.fact_ids]
        yield {
            "kind": PARAMETER,
            "name": prior.parameter,
            "status": one.verdict.value,
            "unit": prior.unit,
            "value": "",
            "source": prior.source,
            **_behind(figures),
        }


def _levers(levers: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in levers.to_dict("records"):
        kept = {name: row[name] for name in ("region", "scenario", "part", "unit", "source")}
        yield {
            **kept,
            "kind": LEVER,
            "name": row["lever"],
            "status": row["evidence"],
            "value": row["setting"],
            "documents": f"{row['document']} {row['section']}".strip(),
            "facts": "",
        }


def _behind(facts: Sequence[Fact]) -> dict[str, str]:
    places = (f"{fact.document} {fact.section}".strip() for fact in facts)
    return {
        "documents": "; ".join(dict.fromkeys(places)),
        "facts": "; ".join(dict.fromkeys(fact.id for fact in facts)),
    }
