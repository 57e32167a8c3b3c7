"""What the numbers of each region and scenario rest on, for the pills that open it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simdyn.report.answers.evidence import FIGURE, LEVER, PARAMETER, STATISTIC
from simdyn.report.answers.sources import Stated
from simdyn.report.page.charts.plain import Plain
from simdyn.report.words.language import Labels
from simdyn.report.words.names import part_name


def evidence(items: pd.DataFrame, labels: Labels) -> dict[str, Plain]:
    """Return figures, statistics and priors by region, and levers by scenario and region.

    Figures and statistics are ids of facts; a prior has name, verdict and source; a lever name,
    value, source and whether it is assumed, if only in its size.
    """
    regions: dict[str, Plain] = {}
    levers: dict[str, Plain] = {}
    for region, own in items.groupby("region", sort=False):
        kinds = own["kind"]
        regions[str(region)] = {
            "documents": _facts(own[kinds == FIGURE]),
            "public": _facts(own[kinds == STATISTIC]),
            "priors": [
                {"name": row["name"], "verdict": row["status"], "source": row["source"]}
                for row in _rows(own[kinds == PARAMETER])
            ],
        }
        for row in _rows(own[kinds == LEVER]):
            levers.setdefault(row["scenario"], {}).setdefault(str(region), []).append(
                {
                    "name": part_name(row["name"], labels),
                    "value": row["value"],
                    "source": row["source"],
                    "assumed": row["status"] != Stated.SIZE,
                }
            )
    return {"regions": regions, "levers": levers}


def _facts(items: pd.DataFrame) -> list[str]:
    named: Sequence[str] = items["facts"].tolist()
    return list(dict.fromkeys(fact for ids in named for fact in ids.split("; ")))


def _rows(items: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(k): v for k, v in row.items()} for row in items.to_dict("records")]
