"""GDP and residents of several regions at once, on common draws, no resident counted twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simdyn.answers.case import Case
from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.names import FIRST_YEAR, LAST_YEAR
from simdyn.regions import Basis

Money = Literal["GDP", "nominal GDP"]
PRICES = {"GDP": "2015 prices", "nominal GDP": "current prices"}
"""Prices of the variable that GDP per resident is formed from."""


@dataclass(frozen=True)
class Incomes:
    """What regions produce and who lives there, under one scenario.

    output : yearly GDP in 100 million CNY, (region, year, draw), from `FIRST_YEAR` on
    residents : at the end of the year in 10 thousand persons, (region, year, draw)
    ok : (draw,) whether the run of every region is sound; the values of others are nan
    """

    output: Array
    residents: Array
    ok: NDArray[np.bool_]

    @property
    def per_head(self) -> Array:
        """GDP per resident in 10 thousand CNY, (region, year, draw)."""
        return self.output / self.residents

    @property
    def n_failed(self) -> int:
        """Draws left out, as the run of some region failed."""
        return int(np.count_nonzero(~self.ok))


def place_of(year: int) -> int:
    """Return the place of a year on the axis of years.

    Raises
    ------
    RunError : no run covers it
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RunError(f"{year} is outside the runs. Name years {FIRST_YEAR} to {LAST_YEAR}.")
    return year - FIRST_YEAR


def chosen_regions(case: Case, regions: Sequence[str] | None) -> tuple[str, ...]:
    """Return the regions to compare: those given, else all with a run of their own.

    Of a sum and its parts, the latter then count the parts.

    Raises
    ------
    RunError : a region is unknown, or two of those given hold the same residents
    """
    if regions is None:
        return tuple(key for key in case.runs.regions if not case.region(key).is_sum)
    holders: dict[str, str] = {}
    for key in regions:
        case.region(key)
        for part in case.parts(key):
            if part in holders:
                message = f"'{holders[part]}' and '{key}' hold the same residents, of '{part}'. "
                raise RunError(message + "Name one of them.")
            holders[part] = key
    return tuple(regions)


def incomes(case: Case, regions: Sequence[str], scenario: str, money: Money = "GDP") -> Incomes:
    """Return GDP and residents of regions under a scenario.

    Parameters
    ----------
    money : the variable of GDP, which says at what prices
    """
    runs = [case.runs.years(region, scenario) for region in regions]
    ok = np.logical_and.reduce([years.ok for years in runs])
    output, residents = (
        np.where(ok, [years.values[name] for years in runs], np.nan)
        for name in (money, "population")
    )
    return Incomes(output, residents, ok)


def under_scenarios(
    case: Case, regions: Sequence[str], scenarios: Sequence[str] | None, money: Money
) -> Iterator[tuple[str, Incomes]]:
    """Yield each scenario, all of the case's runs if None, with the incomes under it."""
    for scenario in case.runs.scenarios if scenarios is None else scenarios:
        yield scenario, incomes(case, regions, scenario, money)


def basis_of(case: Case, regions: Sequence[str]) -> str:
    """Return what a comparison rests on: it is fitted if every region in it is."""
    every = all(case.region(region).file.basis is Basis.FITTED for region in regions)
    return (Basis.FITTED if every else Basis.ILLUSTRATIVE).value


def head_of(case: Case, regions: Sequence[str], scenario: str) -> dict[str, object]:
    """Return the columns that say what is compared."""
    return {
        "regions": ", ".join(regions),
        "n_region": len(regions),
        "basis": basis_of(case, regions),
        "scenario": scenario,
    }
