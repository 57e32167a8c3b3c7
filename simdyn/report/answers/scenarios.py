"""Differences of scenarios, what each lever adds to them, and what targets would take."""

from __future__ import annotations

import pandas as pd

from simdyn.answers.case import Case
from simdyn.answers.contribution_table import contributions_of_scenarios
from simdyn.answers.differences import difference_table
from simdyn.answers.indicators import find_indicator
from simdyn.answers.survey import survey_table
from simdyn.names import LAST_YEAR
from simdyn.report.kept import kept_table
from simdyn.study import Study

INDICATORS = (
    *("GDP growth 2026-2035", "population", "GDP", "GDP per head", "industry output"),
    *("fixed asset investment", "budget revenue", "debt ratio"),
)
"""Whose differences are told, in the last year."""
SPLIT = ("GDP", "debt ratio", "population")
"""Whose differences are split among levers."""
EXACT_PARTS, ORDER_PAIRS = 5, 4
"""Levers up to which all orders are gone through, and the pairs of orders sampled beyond.

With four pairs the standard error of a contribution to GDP is below half a percent of the total.
"""
SETTINGS = ["setting", "against_setting"]


def differences(case: Case) -> pd.DataFrame:
    """Return the paired differences of the featured scenarios from the reference.

    Returns
    -------
    pandas.DataFrame
        as of `difference_table`
    """
    study = case.study
    return difference_table(
        case,
        [find_indicator(name) for name in INDICATORS],
        [LAST_YEAR],
        study.file.regions,
        _others(study),
        study.reference.name,
    )


def contributions(case: Case) -> pd.DataFrame:
    """Return what each lever of the featured scenarios adds to their difference from the reference.

    Returns
    -------
    pandas.DataFrame
        as of `contribution_table`, and `SETTINGS`: where the scenario and the reference have the
        lever, by part where the parts of a sum differ; nothing for the total
    """
    study = case.study
    table = kept_table(
        case,
        contributions_of_scenarios,
        indicators=SPLIT,
        year=LAST_YEAR,
        regions=study.file.regions,
        scenarios=_others(study),
        against=study.reference.name,
        exact_parts=EXACT_PARTS,
        n_pair=ORDER_PAIRS,
    )
    heads = table[["region", "part", "scenario", "against"]].to_dict("records")
    columns = {
        name: [_setting(case, row["region"], row["part"], row[scenario]) for row in heads]
        for name, scenario in zip(SETTINGS, ("scenario", "against"), strict=True)
    }
    return table.assign(**columns)


def what_it_would_take(case: Case) -> pd.DataFrame:
    """Return what each policy lever would have to be for targets that the policy does not meet.

    Those are the targets that are less likely met than missed under the policy scenario; the other
    levers stay as in it, or as in the reference where the target is less likely met too.

    Returns
    -------
    pandas.DataFrame
        as of `survey_table`
    """
    study = case.study
    scenarios = list(dict.fromkeys((study.policy.name, study.reference.name)))
    return kept_table(case, survey_table, policy=study.policy.name, scenarios=scenarios)


def _others(study: Study) -> list[str]:
    """Return the featured scenarios but the reference, the policy first."""
    names = [s.name for s in (study.policy, *study.featured) if s.name != study.reference.name]
    return list(dict.fromkeys(names))


def _setting(case: Case, region: str, part: str, scenario: str) -> str:
    """Return where a scenario has a lever, in short; by part where the parts of a sum differ."""
    found = {}
    for key in case.parts(region):
        entry = case.scenario(scenario).levers(key).get(part)
        change = case.scenario(scenario).changes(key).get(part)
        words = [each.words for each in (entry, change) if each is not None]
        found[key] = "; ".join(words)
    if len({*found.values()}) == 1:
        return next(iter(found.values()))
    return "; ".join(f"{key}: {words or 0}" for key, words in found.items())
