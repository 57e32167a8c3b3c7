"""What an outcome becomes, in its own unit, when one input alone goes to either end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simdyn.answers.case import Case
from simdyn.arrays import Array
from simdyn.calibrate.priors import parameter
from simdyn.indicators import add_up
from simdyn.runs.batch import run_all
from simdyn.runs.members import Setting
from simdyn.scenarios import Change, Course, Lever, Scenario, Turned, constant_of
from simdyn.sensitivity.regional.inputs import Input, Kind
from simdyn.sensitivity.regional.outcomes import Outcome, values_of
from simdyn.sensitivity.regional.space import KINDS, by_name, middle
from simdyn.study.best import best_fit

TORNADO_COLUMNS = [
    *("outcome", "rank", "input", "kind", "input_unit", "low", "high"),
    *("at_low", "centre", "at_high", "span"),
]


@dataclass(frozen=True)
class Held:
    """A scenario with some constants at other values, by region."""

    base: Scenario
    values: Mapping[str, Mapping[str, float]]
    name: str

    def settings(self, region: str) -> Mapping[str, float]:
        """Return the constants that are set, after what the scenario changes in them."""
        changes = self.base.changes(region)
        own = {
            name: changes[name].at(value) if name in changes else value
            for name, value in self.values.get(region, {}).items()
        }
        return {**self.base.settings(region), **own}

    def courses(self, region: str) -> Mapping[str, Course]:
        """Return the courses of the scenario."""
        return self.base.courses(region)

    def changes(self, region: str) -> Mapping[str, Change]:
        """Return what the scenario changes in other constants."""
        own = self.values.get(region, {})
        return {name: c for name, c in self.base.changes(region).items() if name not in own}


@dataclass(frozen=True)
class _Bar:
    """An input with the settings at its ends."""

    input: Input
    low: Setting
    high: Setting


def tornado_table(
    case: Case,
    region: str,
    scenario: Scenario,
    levers: Sequence[Lever],
    outcomes: Sequence[Outcome],
) -> pd.DataFrame:
    """Return what each input does to each outcome, all others at the best fit and as the scenario.

    A parameter goes from the 10 to the 90 percent point of its posterior, a lever from one limit to
    the other; in a sum of regions, in all its parts.

    Returns
    -------
    pandas.DataFrame
        `TORNADO_COLUMNS`, largest first; low, high: of the input, in its unit (nan where parts
        differ); at_low, centre, at_high: of the outcome, in its unit; span: between the ends
    """
    bars = [*_parameters(case, region, scenario), *_levers(case, region, scenario, levers)]
    settings = [scenario, *(end for bar in bars for end in (bar.low, bar.high))]
    values = _run(case, region, settings, outcomes)
    ends = values[1:].reshape(len(bars), 2, -1)
    tables = [
        _ranked(bars, outcome.label, values[0, n], ends[:, :, n])
        for n, outcome in enumerate(outcomes)
    ]
    return pd.concat(tables, ignore_index=True)[TORNADO_COLUMNS]


def _parameters(case: Case, region: str, scenario: Scenario) -> list[_Bar]:
    bars = []
    for name, priors in by_name(case, case.parts(region), scenario).items():
        points = {part: middle(case.calibrated[part], name) for part in priors}
        low, high = (
            {part: {name: float(parameter(prior, np.asarray(points[part][end])))}
             for part, prior in priors.items()}
            for end in (0, 1)
        )  # fmt: skip
        unit = next(iter(priors.values())).unit
        ends = [
            one[next(iter(priors))][name] if len(priors) == 1 else np.nan for one in (low, high)
        ]
        bars.append(
            _Bar(
                Input(name, Kind.UNCERTAINTY, unit, *ends),
                Held(scenario, low, f"{name} low"),
                Held(scenario, high, f"{name} high"),
            )
        )
    return bars


def _levers(case: Case, region: str, scenario: Scenario, levers: Sequence[Lever]) -> list[_Bar]:
    return [
        _Bar(
            Input(constant_of(lever.lever), KINDS[lever.kind], lever.unit, lever.low, lever.high),
            *(
                Turned(
                    scenario,
                    {part: {lever.lever: strength} for part in case.parts(region)},
                    f"{lever.lever} lever at {strength:g}",
                )
                for strength in (lever.low, lever.high)
            ),
        )
        for lever in levers
    ]


def _run(
    case: Case, region: str, settings: Sequence[Setting], outcomes: Sequence[Outcome]
) -> Array:
    """Return the outcomes of the best fit under each setting, (setting, outcome)."""
    parts = {part: case.calibrated[part] for part in case.parts(region)}
    runs = best_fit(case.study, parts, settings, case.time_step)
    return values_of(outcomes, add_up([run_all(runs, part) for part in parts]))


def _ranked(bars: Sequence[_Bar], outcome: str, centre: float, ends: Array) -> pd.DataFrame:
    inputs = [bar.input for bar in bars]
    table = pd.DataFrame(
        {
            "outcome": outcome,
            "input": [item.name for item in inputs],
            "kind": [item.kind.value for item in inputs],
            "input_unit": [item.unit for item in inputs],
            "low": [item.low for item in inputs],
            "high": [item.high for item in inputs],
            "at_low": ends[:, 0],
            "centre": centre,
            "at_high": ends[:, 1],
            "span": np.abs(ends[:, 1] - ends[:, 0]),
        }
    )
    table = table.sort_values("span", ascending=False, kind="stable", ignore_index=True)
    return table.assign(rank=np.arange(1, len(table) + 1))
