"""The levers of each scenario and region: how far they are turned, within which limits, and why."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import Any

import pandas as pd

from simdyn.report.answers.settings import SettingWords, last_strength, ramp_of
from simdyn.report.answers.sources import origin_of
from simdyn.report.words.language import Labels
from simdyn.scenarios import Lever, LeverEntry, Scenario, UncertaintyEntry, read_levers
from simdyn.study import Study

UNCERTAINTY = "uncertainty"
"""Kind of what a scenario changes in the draws of a parameter, beside the kinds of levers."""
LEVER_COLUMNS = [
    *("scenario", "region", "part", "lever", "title", "unit", "kind", "value", "setting"),
    *("reference", "reference_setting", "low", "high", "beyond_limits", "set_by"),
    *("source", "evidence", "document", "section", "note"),
]


def levers_of(study: Study, labels: Labels) -> pd.DataFrame:
    """Return what each scenario sets in each region and in the parts of sums.

    Returns
    -------
    pandas.DataFrame
        `LEVER_COLUMNS`; part: the region with a run of its own; kind: of the lever, or
        `UNCERTAINTY`; value: full strength, of a course its last, nan for a change of draws;
        setting: the same over the years in words; reference, reference_setting: in the study's
        reference; low, high: limits, nan for a change of draws; set_by: the scenario whose file
        says so; source: as stated there; evidence: a value of `Stated`; note: on the limits

    Raises
    ------
    ScenarioError : with file, line and mend, for the first wrong row of the table of levers
    """
    rows = [row for scenario in study.scenarios for row in _of_scenario(study, scenario, labels)]
    return pd.DataFrame(rows, columns=LEVER_COLUMNS)


def _of_scenario(study: Study, scenario: Scenario, labels: Labels) -> Iterator[dict[str, Any]]:
    known = read_levers(study.project.levers)
    words = SettingWords(labels, *ramp_of(study.model))
    for region in study.file.regions:
        for part in study.regions[region].file.sum_of or (region,):
            head = {"scenario": scenario.name, "region": region, "part": part}
            for name, entry in scenario.levers(part).items():
                base = study.reference.levers(part).get(name)
                told = {**head, "set_by": scenario.origin(part, name), **_why(study, entry)}
                yield {**told, **_of_lever(known[name], entry, base, words)}
            for name, change in scenario.uncertainties(part).items():
                other = study.reference.uncertainties(part).get(name)
                told = {**head, "set_by": scenario.origin_of_change(part, name)}
                told |= {**_why(study, change), **_of_change(name, change, other, words)}
                yield {**told, "unit": labels.term(_unit(study, part, name))}


def _of_lever(
    lever: Lever, entry: LeverEntry, base: LeverEntry | None, words: SettingWords
) -> dict[str, Any]:
    return {
        "lever": lever.lever,
        "title": words.labels.either(lever.title, lever.title_zh),
        "unit": words.labels.term(lever.unit),
        "kind": lever.kind.value,
        "value": last_strength(entry),
        "setting": words.of_lever(lever.lever, entry),
        "reference": 0.0 if base is None else last_strength(base),
        "reference_setting": words.of_lever(lever.lever, base),
        "low": lever.low,
        "high": lever.high,
        "note": lever.note,
    }


def _of_change(
    name: str, entry: UncertaintyEntry, base: UncertaintyEntry | None, words: SettingWords
) -> dict[str, Any]:
    return {
        "lever": name,
        "title": words.labels.term(name),
        "kind": UNCERTAINTY,
        "value": nan,
        "setting": words.of_change(entry),
        "reference": nan,
        "reference_setting": words.of_change(base),
        "low": nan,
        "high": nan,
        "note": "",
    }


def _unit(study: Study, region: str, parameter: str) -> str:
    """Return the unit of a parameter of a region, as its prior gives it."""
    units = {prior.parameter: prior.unit for prior in study.regions[region].priors}
    return units.get(parameter, "")


def _why(study: Study, entry: LeverEntry | UncertaintyEntry) -> dict[str, Any]:
    origin = origin_of(entry.source, study.facts.sources)
    return {
        "beyond_limits": entry.beyond_limits,
        "source": entry.source,
        "evidence": origin.stated.value,
        "document": origin.document,
        "section": origin.section,
    }
