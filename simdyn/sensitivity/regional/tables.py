"""How tables tell what their rows are about: region, indicator, year, scale."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simdyn.answers.case import Case
from simdyn.scenarios import Scenario
from simdyn.sensitivity.regional.inputs import Input
from simdyn.sensitivity.regional.outcomes import Outcome


def about(
    table: pd.DataFrame, case: Case, region: str, scenario: Scenario, outcomes: Sequence[Outcome]
) -> pd.DataFrame:
    """Return a table with `outcome` (a label) told as indicator, year and scale, after the region.

    Returns
    -------
    pandas.DataFrame
        region, basis, scenario, indicator, year, scale, unit, then the table's own columns
    """
    known = {outcome.label: outcome for outcome in outcomes}
    found = [known[label] for label in table["outcome"]]
    head = pd.DataFrame(
        {
            "region": region,
            "basis": case.study.regions[region].file.basis.value,
            "scenario": scenario.name,
            "indicator": [outcome.indicator.name for outcome in found],
            "year": [outcome.year for outcome in found],
            "scale": [outcome.scale for outcome in found],
            "unit": [outcome.indicator.unit for outcome in found],
        },
        index=table.index,
    )
    return pd.concat([head, table.drop(columns="outcome")], axis=1)


def with_inputs(table: pd.DataFrame, inputs: Sequence[Input]) -> pd.DataFrame:
    """Return a table with kind, unit and ends of its `input` behind it."""
    known = {item.name: item for item in inputs}
    found = [known[name] for name in table["input"]]
    ends = pd.DataFrame(
        {
            "kind": [item.kind.value for item in found],
            "input_unit": [item.unit for item in found],
            "low": [item.low for item in found],
            "high": [item.high for item in found],
        },
        index=table.index,
    )
    place = list(table.columns).index("input") + 1
    return pd.concat([table.iloc[:, :place], ends, table.iloc[:, place:]], axis=1)
