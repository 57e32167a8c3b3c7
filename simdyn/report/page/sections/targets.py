"""The section on the targets of the documents."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row, chance
from simdyn.report.words.figure_names import target_labels
from simdyn.report.words.language import Labels
from simdyn.study import Study


def told(study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    return {
        "scenarios": [labels.scenario(s) for s in study.featured],
        "targets": list(_targets(study, content, labels)),
    }


def _targets(study: Study, content: Content, labels: Labels) -> Iterator[Row]:
    names = target_labels(study, labels)
    facts = {
        (key, reading.label): study.facts[reading.fact_ids[0]]
        for key, found in study.regions.items()
        for reading in found.targets
    }
    shown = [scenario.name for scenario in study.featured]
    for (region, target), rows in content.targets.groupby(["region", "target"], sort=False):
        by_scenario = {row["scenario"]: row for row in rows.to_dict("records")}
        first, fact = rows.iloc[0], facts.get((str(region), str(target)))
        yield {
            "region": labels.region(study.regions[str(region)]),
            "target": names.get((str(region), str(target)), str(target)),
            "unit": labels.term(str(first["unit"])),
            "aim": f"{fact.bound.sign if fact else ''} {first['aim']:g}".strip(),
            "note": "" if pd.isna(first["note"]) else str(first["note"]),
            "cells": [chance(by_scenario[name], "probability") for name in shown],
            "source": f"{first['document']} {first['section']}",
            "fact": fact.id if fact else "",
            "key": str(region),
            "policy": study.policy.name,
        }
