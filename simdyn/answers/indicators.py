"""The indicators that answers are given in: one table, each read off yearly values of all draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simdyn.answers.bands import band, probability
from simdyn.answers.case import Case
from simdyn.arrays import Array
from simdyn.errors import RunError, did_you_mean
from simdyn.indicators import PERIODS
from simdyn.names import BASE_YEAR, EXTENSIVE, FIRST_YEAR, LAST_YEAR, RATIOS, Quantity
from simdyn.years import Years

Measurement = Mapping[str, Array]
Read = Callable[[Years, Measurement, int], Array]

GROWING = ("GDP", "industry output", "fixed asset investment", "budget revenue", "population")
"""Variables whose growth by period is an indicator."""
REGISTERED = "registered population"
"""Measurement parameter of the regions of whose registered population there is evidence."""
REGISTERED_YEAR = 2020
"""The year that the evidence of registered population is about."""
RATE = "percent a year"


@dataclass(frozen=True)
class Indicator:
    """A number that is read off the yearly values of a run.

    name, unit, how : for readers; `how` is the formula in the model's names
    sources : variables of the model and measurement parameters that it rests on
    read : values (draw,) from yearly values, measurement parameters and a year
    year : the year it is about, None if it can be read in any
    relative : whether a difference is also given in percent
    needs : measurement parameter without which it is not available; "" for none
    """

    name: str
    unit: str
    how: str
    sources: tuple[str, ...]
    read: Read
    year: int | None = None
    relative: bool = False
    needs: str = ""

    def of(self, years: Years, measurement: Measurement, year: int) -> Array:
        """Return the values in `year`, or in its own, (draw,); nan in failed draws.

        Infinite where it lies beyond the end of the runs; nan everywhere if it is not available.
        """
        if self.needs and self.needs not in measurement:
            return np.full(years.ok.shape, np.nan)
        # Failed draws may divide by zero; their values are not looked at.
        with np.errstate(all="ignore"):
            values = self.read(years, measurement, self.at(year))
        return np.where(years.ok, values, np.nan)

    def at(self, year: int) -> int:
        """Return its own year, else `year`."""
        return year if self.year is None else self.year


def _level(quantity: Quantity) -> Indicator:
    how = {"flow": "over the year", "stock": "at the end of the year"}[quantity.kind]
    return Indicator(
        quantity.variable, quantity.unit, how, (quantity.variable,), _at(quantity.variable),
        relative=True,
    )  # fmt: skip


def _ratio(quantity: Quantity, top: str, bottom: str) -> Indicator:
    return Indicator(
        quantity.variable, quantity.unit, f"{top} / {bottom}", (top, bottom),
        lambda years, _, year: years.of(top, year) / years.of(bottom, year),
        relative=not quantity.unit.startswith("share"),
    )  # fmt: skip


def _growth(variable: str, first: int, last: int) -> Indicator:
    how = f"({variable} {last} / {variable} {first - 1}) ^ (1 / {last - first + 1}) - 1"
    return Indicator(
        f"{variable} growth {first}-{last}", RATE, how, (variable,),
        lambda years, _, __: years.growth(variable, first, last), year=last,
    )  # fmt: skip


def _at(variable: str) -> Read:
    return lambda years, _, year: years.of(variable, year)


def _doubling_year(years: Years, _: Measurement, __: int) -> Array:
    """Return the first year with twice the GDP of the base year; infinite if none has."""
    after = years.values["GDP"][BASE_YEAR + 1 - years.first_year :]
    doubled = after >= 2 * years.of("GDP", BASE_YEAR)
    first = BASE_YEAR + 1 + np.argmax(doubled, axis=0)
    return np.where(doubled.any(axis=0), first, np.inf)


def _registered_head(years: Years, measurement: Measurement, year: int) -> Array:
    return years.of("nominal GDP", year) / measurement[REGISTERED]


DOUBLING = Indicator(
    "GDP doubling year",
    "year",
    f"first year with GDP of twice {BASE_YEAR}; infinite if none to {LAST_YEAR} has",
    ("GDP",),
    _doubling_year,
    year=LAST_YEAR,
)
PER_REGISTERED_HEAD = Indicator(
    f"GDP per registered head {REGISTERED_YEAR}",
    "10 thousand CNY, current prices",
    f"nominal GDP / {REGISTERED}; only where there is evidence of registered population",
    ("nominal GDP", REGISTERED),
    _registered_head,
    year=REGISTERED_YEAR,
    relative=True,
    needs=REGISTERED,
)
SPANS = (*PERIODS, (PERIODS[1][0], LAST_YEAR))
"""First and last year of growth; the last span holds all projected years."""

INDICATORS: Mapping[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        *(_level(quantity) for quantity in EXTENSIVE),
        *(_ratio(quantity, *parts) for quantity, parts in RATIOS.items()),
        *(_growth(variable, *span) for variable in GROWING for span in SPANS),
        PER_REGISTERED_HEAD,
        DOUBLING,
    )
}
"""Every indicator by its name."""

SHORT = (
    *("GDP", "GDP growth 2021-2025", "GDP growth 2026-2035"),
    *("GDP per head", "population", "debt ratio"),
)
"""Those shown when none is asked for."""

INDICATOR_COLUMNS = [
    *("region", "basis", "scenario", "indicator", "unit", "year", "p10", "p50", "p90"),
    *("n", "n_failed", "reached", "reached_low", "reached_high", "how", "note"),
]
NOT_AVAILABLE = "not available: there is no evidence of the {} of this region"
BEYOND = f"the median or a limit of the band lies beyond {LAST_YEAR}"


def find_indicator(name: str) -> Indicator:
    """Return the indicator of that name, in any case.

    Raises
    ------
    RunError : there is none
    """
    known = {known.lower(): indicator for known, indicator in INDICATORS.items()}
    if name.lower() not in known:
        raise RunError(f"unknown indicator '{name}'. {did_you_mean(name, INDICATORS)}")
    return known[name.lower()]


def check_year(year: int) -> int:
    """Return a year that runs cover.

    Raises
    ------
    RunError : they do not
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RunError(f"{year} is outside the runs. Pass --year {FIRST_YEAR} to {LAST_YEAR}.")
    return year


def readings(indicators: Sequence[Indicator], years: Sequence[int]) -> list[tuple[Indicator, int]]:
    """Return each indicator with each year it is to be read in; one of a period stands once."""
    pairs = ((item, item.at(year)) for item in indicators for year in years)
    return list(dict.fromkeys(pairs))


def values_of(case: Case, indicator: Indicator, region: str, scenario: str, year: int) -> Array:
    """Return an indicator of a region under a scenario, (draw,); nan in failed draws."""
    return indicator.of(case.runs.years(region, scenario), case.measurement(region), year)


def indicator_table(
    case: Case,
    indicators: Sequence[Indicator] = tuple(INDICATORS.values()),
    years: Sequence[int] = (LAST_YEAR,),
    regions: Sequence[str] | None = None,
    scenarios: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the band of each indicator, by region and scenario.

    Parameters
    ----------
    regions, scenarios : all if None

    Returns
    -------
    pandas.DataFrame
        `INDICATOR_COLUMNS`; n: draws with a value; n_failed: draws whose run failed; reached: the
        share of the others that have a finite value, for the doubling year the probability that
        GDP doubles within the runs, with its 95 percent Monte Carlo interval
    """
    rows = [
        _row(case, indicator, region, scenario, year)
        for region in regions or case.runs.regions
        for scenario in scenarios or case.runs.scenarios
        for indicator, year in readings(indicators, years)
    ]
    return pd.DataFrame(rows, columns=INDICATOR_COLUMNS)


def _row(
    case: Case, indicator: Indicator, region: str, scenario: str, year: int
) -> dict[str, object]:
    values = values_of(case, indicator, region, scenario, year)
    found, ok = band(values), case.runs.years(region, scenario).ok
    reached = probability(np.isfinite(values[ok]))
    return {
        "region": region,
        "basis": case.region(region).file.basis.value,
        "scenario": scenario,
        "indicator": indicator.name,
        "unit": indicator.unit,
        "year": year,
        **found._asdict(),
        "n_failed": int(np.count_nonzero(~ok)),
        "reached": reached.value,
        "reached_low": reached.low,
        "reached_high": reached.high,
        "how": indicator.how,
        "note": note_on(indicator, found.n, found.p90),
    }


def note_on(indicator: Indicator, n: int, high: float) -> str:
    """Return what a reader has to know of a value: not available, or beyond the runs."""
    if indicator.needs and not n:
        return NOT_AVAILABLE.format(indicator.needs)
    return BEYOND if np.isinf(high) else ""
