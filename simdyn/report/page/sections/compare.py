"""The section that compares the regions: growth by period, convergence, catching up."""

from __future__ import annotations

from collections.abc import Iterator

from simdyn.indicators import PERIODS
from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row, band_of, chance
from simdyn.report.words.language import Labels
from simdyn.study import Study


def told(study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    growth = content.growth
    return {
        "reference": labels.scenario(study.reference),
        "periods": [f"GDP growth {first}-{last}" for first, last in PERIODS],
        "growth": list(_growth(study, content, labels)),
        "beta": list(_beta(study, content, labels)),
        "has_several": "sigma" in growth,
        "caveat": _caveat(content, labels),
        "theil": labels("theil_note", groups=_groups(study, labels)),
        "catch_up": list(_catch_up(study, content, labels)),
    }


def _groups(study: Study, labels: Labels) -> str:
    """Name the regions of each group that inequality is told apart by."""
    told = {
        labels.term(name): [labels.region(study.regions[key]) for key in keys]
        for name, keys in study.file.groups.items()
    }
    return " ".join(
        labels("theil_group", name=name, regions=labels.listed(regions))
        for name, regions in told.items()
    )


def _growth(study: Study, content: Content, labels: Labels) -> Iterator[Row]:
    bands = {
        (row["region"], row["scenario"], row["headline"]): band_of(row)
        for row in content.headlines.to_dict("records")
    }
    for region in study.file.regions:
        for scenario in study.featured:
            yield {
                "key": region,
                "region": labels.region(study.regions[region]),
                "scenario_key": scenario.name,
                "scenario": labels.scenario(scenario),
                "cells": [
                    bands[region, scenario.name, f"GDP growth {first}-{last}"]
                    for first, last in PERIODS
                ],
            }


def _beta(study: Study, content: Content, labels: Labels) -> Iterator[Row]:
    """Yield the slope of growth on income by period and featured scenario."""
    if "beta" not in content.growth:
        return
    shown = {scenario.name: labels.scenario(scenario) for scenario in study.featured}
    table = content.growth["beta"]
    rows = table[(table["measure"] == "slope") & table["scenario"].isin(list(shown))]
    for row in rows.to_dict("records"):
        yield {
            "scenario": shown[row["scenario"]],
            "period": f"{row['first']}-{row['last']}",
            "slope": band_of(row),
            "below": chance(row, "below"),
            "kept": chance(row, "kept"),
        }


def _caveat(content: Content, labels: Labels) -> str:
    if "beta" not in content.growth:
        return ""
    return labels("beta_note", n=int(content.growth["beta"]["n_region"].iloc[0]))


def _catch_up(study: Study, content: Content, labels: Labels) -> Iterator[Row]:
    """Yield what each region behind another needs to reach it under the reference."""
    table = content.growth["catch_up"]
    rows = table[(table["scenario"] == study.reference.name) & (table["extra_p50"] > 0)]
    for row in rows.to_dict("records"):
        yield {
            "region": labels.region(study.regions[row["region"]]),
            "against": labels.region(study.regions[row["against"]]),
            "key": row["region"],
            "scenario_key": row["scenario"],
            "own": band_of(row, "own"),
            "needed": band_of(row, "needed"),
            "reached": chance(row, "reached"),
        }
