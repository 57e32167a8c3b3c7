"""Growth accounting: what capital, labour, technology and the rest add to the growth of GDP.

After Solow (1957), Review of Economics and Statistics 39(3), 312-320, on the model's own production
functions, so that nothing is estimated. Every step of a year is held against the same step of the
year before, sector by sector, and the change of its output is told apart by factor (`log_mean`);
these add up to the change of the year's GDP, which is the integral over the year. Changes of a sum
of regions are the sums of theirs. A year's contributions in log points are those changes over the
logarithmic mean of its GDP and that of the year before. Over a period they are averaged and, all by
one factor, brought from the log growth x of GDP to its growth exp(x) - 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simdyn.answers.bands import band, probability
from simdyn.answers.case import Case
from simdyn.answers.growth.log_mean import growth_of, log_mean
from simdyn.answers.growth.production import REMAINDER, TERMS, TOTAL, VARIABLES, factors_of
from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.indicators import PERIODS
from simdyn.names import FIRST_YEAR, LAST_YEAR
from simdyn.years import Steps, yearly

ACCOUNT_COLUMNS = [
    *("region", "basis", "scenario", "first", "last", "term", "group", "unit"),
    *("p10", "p50", "p90", "mean", "above", "above_low", "above_high", "n", "n_failed", "how"),
]
POINTS = "percentage points of average annual growth"


@dataclass(frozen=True)
class Account:
    """Where the growth of a region under a scenario is from, on all draws.

    gdp : yearly GDP at 2015 prices, in 100 million CNY, (year, draw), from `FIRST_YEAR` on
    changes : what each of `TERMS` adds to the change of GDP from the year before, by its name,
        (year, draw), from the second year on, in the unit of GDP
    ok : (draw,) whether the run is sound and all factors of its output are above zero
    """

    gdp: Array
    changes: Mapping[str, Array]
    ok: NDArray[np.bool_]

    def points(self, first: int, last: int) -> dict[str, Array]:
        """Return what each term adds to the growth over the growth years `first` to `last`.

        In percentage points of average annual growth, (draw,); they add up to 100 ((GDP in
        `last` / GDP in `first` - 1) ^ (1 / years) - 1). Nan in draws that are not `ok`.

        Raises
        ------
        RunError : the years are outside the runs
        """
        if not FIRST_YEAR < first <= last <= LAST_YEAR:
            message = f"no growth of {first} to {last}. "
            raise RunError(message + f"Name years from {FIRST_YEAR + 1} to {LAST_YEAR}.")
        here = slice(first - FIRST_YEAR - 1, last - FIRST_YEAR)
        before, after = self.gdp[:-1][here], self.gdp[1:][here]
        log_growth = np.mean(np.log(after / before), axis=0)
        scale = 100 * growth_of(log_growth)
        weight = log_mean(after, before)
        return {
            name: scale * np.mean(changes[here] / weight, axis=0)
            for name, changes in self.changes.items()
        }


def account(case: Case, region: str, scenario: str) -> Account:
    """Return the growth account of a region, or of a sum of regions, under a scenario.

    The draws are run anew, as batches keep neither steps nor factors.

    Raises
    ------
    RunError : there is no such scenario
    """
    parts = [_account_of_part(case, part, scenario) for part in case.parts(region)]
    ok = np.logical_and.reduce([part.ok for part in parts])
    changes = {
        term.name: np.where(ok, np.sum([part.changes[term.name] for part in parts], axis=0), np.nan)
        for term in TERMS
    }
    return Account(np.where(ok, np.sum([part.gdp for part in parts], axis=0), np.nan), changes, ok)


def _account_of_part(case: Case, part: str, scenario: str) -> Account:
    n_year = LAST_YEAR - FIRST_YEAR + 1
    gdp = np.full((n_year, case.n_draw), np.nan)
    changes = {term.name: np.full((n_year - 1, case.n_draw), np.nan) for term in TERMS}
    for draws, steps in case.steps(part, case.scenario(scenario), VARIABLES):
        gdp[:, draws] = np.where(steps.ok, yearly(steps).values["GDP"], np.nan)
        for name, values in _changes(steps).items():
            changes[name][:, draws] = np.where(steps.ok, values, np.nan)
    ok = np.logical_and.reduce([np.isfinite(one).all(axis=0) for one in changes.values()])
    return Account(gdp, changes, ok)


def _changes(steps: Steps) -> dict[str, Array]:
    """Return what each term adds to the change of yearly GDP, (year, member)."""
    gdp = yearly(steps).values["GDP"]
    total = {term.name: np.zeros_like(gdp[1:]) for term in TERMS}
    with np.errstate(all="ignore"):
        for sector, factors in factors_of(steps).items():
            output = _by_year(steps, steps.values[sector])
            weight = log_mean(output[1:], output[:-1])
            for name, logarithm in factors.items():
                total[name] += np.mean(weight * np.diff(_by_year(steps, logarithm), axis=0), axis=1)
        total[REMAINDER] = np.diff(gdp, axis=0) - np.sum(list(total.values()), axis=0)
    return total


def _by_year(steps: Steps, series: Array) -> Array:
    """Return the values at the steps of each year, (year, step of the year, member)."""
    per_year = round(1 / steps.time_step)
    n_year = (len(series) - 1) // per_year
    return series[: n_year * per_year].reshape(n_year, per_year, -1)


def account_table(
    case: Case,
    regions: Sequence[str] | None = None,
    scenarios: Sequence[str] | None = None,
    periods: Sequence[tuple[int, int]] = PERIODS,
    *,
    by_group: bool = False,
) -> pd.DataFrame:
    """Return what each source adds to the growth of GDP, and the growth, by period.

    Parameters
    ----------
    regions, scenarios : all of the case's runs if None
    periods : first and last year of growth
    by_group : whether the terms of a group are added up, draw by draw

    Returns
    -------
    pandas.DataFrame
        `ACCOUNT_COLUMNS`; p10, p50, p90 and mean over draws in percentage points of average annual
        growth: in each draw terms add up to the growth, and so do the means, but not the
        percentiles; above: probability that the term adds to growth, with its 95 percent Monte
        Carlo interval; n: draws; n_failed: draws left out, whose run failed or has a factor of
        output that is not above zero

    Raises
    ------
    RunError : the years of a period are outside the runs, or a name is unknown
    """
    rows = [
        {**_head(case, region, scenario), "first": first, "last": last, **row}
        for region in (case.runs.regions if regions is None else regions)
        for scenario in (case.runs.scenarios if scenarios is None else scenarios)
        for found in [account(case, region, scenario)]
        for first, last in periods
        for row in _rows(found.points(first, last), found.ok, by_group=by_group)
    ]
    return pd.DataFrame(rows, columns=ACCOUNT_COLUMNS)


def _head(case: Case, region: str, scenario: str) -> dict[str, object]:
    basis = case.region(region).file.basis.value
    return {"region": region, "basis": basis, "scenario": scenario, "unit": POINTS}


def _rows(
    points: Mapping[str, Array], ok: NDArray[np.bool_], *, by_group: bool
) -> list[dict[str, object]]:
    total = np.sum(list(points.values()), axis=0)
    rows = (
        _grouped(points) if by_group else [(t.name, t.group, t.how, points[t.name]) for t in TERMS]
    )
    rows.append((TOTAL, TOTAL, "sum of all rows above", total))
    return [_row(*row, ok) for row in rows]


def _grouped(points: Mapping[str, Array]) -> list[tuple[str, str, str, Array]]:
    rows = []
    for group in dict.fromkeys(term.group for term in TERMS):
        terms = [term for term in TERMS if term.group == group]
        values = np.sum([points[term.name] for term in terms], axis=0)
        rows.append((group, group, "; ".join(term.how for term in terms), values))
    return rows


def _row(
    name: str, group: str, how: str, values: Array, ok: NDArray[np.bool_]
) -> dict[str, object]:
    chance = probability(values[ok] > 0)
    return {
        "term": name,
        "group": group,
        **band(values)._asdict(),
        "mean": float(values[ok].mean()) if ok.any() else np.nan,
        "above": chance.value,
        "above_low": chance.low,
        "above_high": chance.high,
        "n_failed": int(np.count_nonzero(~ok)),
        "how": how,
    }
