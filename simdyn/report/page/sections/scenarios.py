"""The section on scenarios: what each sets, what it changes, what targets would take."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from simdyn.report.answers.sources import Stated
from simdyn.report.page.charts.scenario import change_of
from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row, chance
from simdyn.report.summary import interval
from simdyn.report.words.figure_names import target_labels
from simdyn.report.words.language import Labels
from simdyn.report.words.names import outcome_name, part_name
from simdyn.scenarios import Scenario
from simdyn.study import Study

ENDS = ("value_low", "value_high")
"""Columns of the interval of a lever's value."""


def told(study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    return {
        "scenarios": [_scenario(study, content, labels, each) for each in study.scenarios],
        "differences": list(_differences(study, content, labels)),
        "has_contributions": bool(content.charts["contributions"]),
        "year": _year(content.differences),
        "against": labels.scenario(study.reference),
        "policy": labels.scenario(study.policy),
        "take": list(_take(study, content, labels)),
    }


def _year(table: pd.DataFrame) -> str:
    return "" if table.empty else str(table["year"].iloc[0])


def _scenario(study: Study, content: Content, labels: Labels, scenario: Scenario) -> Row:
    levers = content.levers
    own = levers[levers["scenario"] == scenario.name]
    return {
        "title": labels.scenario(scenario),
        "description": labels.description(scenario),
        "has_reference": bool((own["reference_setting"] != "").any()),
        "levers": [_lever(study, labels, row) for row in own.to_dict("records")],
    }


def _lever(study: Study, labels: Labels, row: Mapping[Hashable, Any]) -> Row:
    told = [row["region"]] if row["part"] == row["region"] else [row["region"], row["part"]]
    return {
        "region": ": ".join(labels.region(study.regions[key]) for key in told),
        "title": row["title"],
        "unit": row["unit"],
        "setting": row["setting"],
        "reference": row["reference_setting"],
        "bounds": "" if pd.isna(row["low"]) else f"{row['low']:g} – {row['high']:g}",
        "kind": "documents" if row["evidence"] == Stated.SIZE else "assumption",
        "evidence": labels.term(row["evidence"]),
        "source": row["source"],
    }


def _differences(study: Study, content: Content, labels: Labels) -> Iterator[Row]:
    for row in content.differences.to_dict("records"):
        unit, change = change_of(row)
        yield {
            "region": labels.region(study.regions[row["region"]]),
            "key": row["region"],
            "scenario_key": row["scenario"],
            "scenario": _title(study, labels, row["scenario"]),
            "indicator": outcome_name(row["indicator"], labels),
            "unit": labels.term(unit),
            "change": interval(*change),
            "above": chance(row, "above"),
        }


def _take(study: Study, content: Content, labels: Labels) -> Iterator[Row]:
    """Yield each target that is not likely met, with the levers that would meet it."""
    names = target_labels(study, labels)
    keys = ["region", "target", "scenario"]
    for (region, target, scenario), rows in content.take.groupby(keys, sort=False):
        every = rows.to_dict("records")
        able = [row for row in every if row["possible"]]
        first = (able or every)[0]
        yield {
            "region": labels.region(study.regions[str(region)]),
            "target": names.get((str(region), str(target)), str(target)),
            "scenario": _title(study, labels, str(scenario)),
            "key": str(region),
            "scenario_key": str(scenario),
            "now": chance(first, "chance"),
            "possible": bool(able),
            "lever": part_name(first["lever"], labels),
            "value": _value(labels, first),
            "there": chance(first, "there"),
            "others": ", ".join(part_name(row["lever"], labels) for row in able[1:]),
            "nearest": _nearest(labels, every),
        }


def _value(labels: Labels, row: Mapping[Hashable, Any]) -> str:
    if pd.isna(row["value"]):
        return ""
    low, high = (f"{row[name]:.3g}" if pd.notna(row[name]) else "…" for name in ENDS)
    value = f"{row['value']:.3g} [{low}, {high}] {labels.term(row['lever_unit'])}"
    return f"{labels.term(row['side'])} {value}"


def _nearest(labels: Labels, rows: Sequence[Mapping[Hashable, Any]]) -> str:
    """Say which lever comes nearest where none does it."""
    row = max(rows, key=lambda each: float(each["best_chance"]))
    return labels(
        "impossible",
        lever=part_name(row["lever"], labels),
        value=f"{row['best']:g}",
        chance=f"{100 * row['best_chance']:.0f} %",
    )


def _title(study: Study, labels: Labels, name: str) -> str:
    return next(labels.scenario(each) for each in study.scenarios if each.name == name)
