"""Theil's index of GDP per resident between regions, within groups of them and between groups.

T = sum_i s_i ln(s_i / p_i), with the shares s_i of region i in GDP and p_i in residents, which is
sum_i p_i (y_i / m) ln(y_i / m) of GDP per resident y_i and its mean m (Theil 1967, Economics and
Information Theory, chapter 4). With the shares S_g and P_g of group g,
T = sum_g S_g ln(S_g / P_g) + sum_g S_g T_g exactly (Shorrocks 1980, Econometrica 48(3), 613-625).

Inequality between the residents of a region is not in it: all have the region's average.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import xlogy

from simdyn.answers.bands import band
from simdyn.answers.case import Case
from simdyn.answers.growth.incomes import (
    PRICES,
    Incomes,
    Money,
    chosen_regions,
    head_of,
    place_of,
    under_scenarios,
)
from simdyn.arrays import Array
from simdyn.errors import RunError, did_you_mean
from simdyn.names import FIRST_YEAR, LAST_YEAR

Groups = Mapping[str, Sequence[str]]
"""Regions of each group, by its name."""
TOTAL, BETWEEN, WITHIN = "total", "between groups", "within groups"
THEIL_COLUMNS = [
    *("component", "group", "regions", "n_region", "basis", "scenario", "year", "unit"),
    *("p10", "p50", "p90", "share_p10", "share_p50", "share_p90", "n", "n_failed"),
]


def theil(output: Array, residents: Array) -> Array:
    """Return Theil's index of GDP per resident between regions, in log points.

    Parameters
    ----------
    output, residents : (region, ...)

    Returns
    -------
    Array
        (...); zero if GDP per resident is the same in all regions
    """
    share, of_people = output / output.sum(axis=0), residents / residents.sum(axis=0)
    return np.sum(xlogy(share, share / of_people), axis=0)


def theil_parts(
    output: Array, residents: Array, groups: Mapping[str, Sequence[int]]
) -> tuple[Array, dict[str, Array]]:
    """Return what Theil's index has from between groups, and from within each.

    Parameters
    ----------
    output, residents : (region, ...)
    groups : places of the regions of each group; every region in one

    Returns
    -------
    tuple
        Between groups, (...), and within each group, its share in GDP times its own index, (...);
        their sum is the index
    """
    made = np.array([output[list(places)].sum(axis=0) for places in groups.values()])
    living = np.array([residents[list(places)].sum(axis=0) for places in groups.values()])
    shares = made / made.sum(axis=0)
    within = {
        name: share * theil(output[list(places)], residents[list(places)])
        for (name, places), share in zip(groups.items(), shares, strict=True)
    }
    return theil(made, living), within


def groups_of(
    case: Case, regions: Sequence[str], groups: Groups | None = None
) -> dict[str, tuple[int, ...]]:
    """Return the places of the regions of each group; a region in none is one of its own.

    Parameters
    ----------
    regions : what is grouped
    groups : those of the study if None; a sum of regions stands for its parts, and what is not
        among the regions is left out

    Raises
    ------
    RunError : a group names an unknown region, holds a region in part only, or one of another
    """
    named = case.study.file.groups if groups is None else groups
    owner: dict[str, str] = {}
    for name, members in named.items():
        for part in (part for key in members for part in _parts_of(case, key)):
            if owner.setdefault(part, name) != name:
                raise RunError(f"groups '{owner[part]}' and '{name}' both hold '{part}'.")
    found: dict[str, tuple[int, ...]] = {}
    for place, region in enumerate(regions):
        owners = {owner.get(part) for part in case.parts(region)}
        if len(owners) > 1:
            raise RunError(f"'{region}' is cut by a group. Compare its parts instead.")
        name = owners.pop() or case.region(region).name
        found[name] = (*found.get(name, ()), place)
    return found


def _parts_of(case: Case, key: str) -> tuple[str, ...]:
    if key not in case.study.regions:
        raise RunError(f"unknown region '{key}'. {did_you_mean(key, case.study.regions)}")
    return case.parts(key)


def theil_table(
    case: Case,
    groups: Groups | None = None,
    regions: Sequence[str] | None = None,
    scenarios: Sequence[str] | None = None,
    years: Sequence[int] = tuple(range(FIRST_YEAR, LAST_YEAR + 1)),
    money: Money = "GDP",
) -> pd.DataFrame:
    """Return Theil's index of each year and its parts, draw by draw.

    Parameters
    ----------
    groups : regions by the name of their group; those of the study if None. A region in none is
        a group of its own
    regions : of which no two hold the same residents; all with a run of their own if None
    scenarios : all of the case's runs if None

    Returns
    -------
    pandas.DataFrame
        `THEIL_COLUMNS`; component: total, between groups, within groups, and the last once more
        for each group of several regions, which `group` names; in each draw the total is what is
        between and within groups; share: of the total; n: draws; n_failed: draws left out, as the
        run of one of the regions failed

    Raises
    ------
    RunError : a region or year is not at hand, two regions hold the same residents, or a group
        does not fit
    """
    keys = chosen_regions(case, regions)
    places = groups_of(case, keys, groups)
    rows = []
    for scenario, found in under_scenarios(case, keys, scenarios, money):
        parts = _components(found, places)
        for year in years:
            head = {
                **head_of(case, keys, scenario),
                "year": year,
                "unit": f"log points of GDP per resident, {PRICES[money]}",
                "n_failed": found.n_failed,
            }
            rows += [{**head, **row} for row in _rows(parts, place_of(year))]
    return pd.DataFrame(rows, columns=THEIL_COLUMNS)


Components = dict[tuple[str, str], Array]
"""Values (year, draw) by component and group; the group is "" where all are meant."""


def _components(found: Incomes, places: Mapping[str, Sequence[int]]) -> Components:
    between, within = theil_parts(found.output, found.residents, places)
    several = {name: within[name] for name in places if len(places[name]) > 1}
    return {
        (TOTAL, ""): theil(found.output, found.residents),
        (BETWEEN, ""): between,
        (WITHIN, ""): np.sum(list(within.values()), axis=0),
        **{(WITHIN, name): values for name, values in several.items()},
    }


def _rows(parts: Components, place: int) -> list[dict[str, object]]:
    total = parts[TOTAL, ""][place]
    rows = []
    for (component, group), values in parts.items():
        here = values[place]
        share = np.divide(here, total, out=np.full(total.shape, np.nan), where=total > 0)
        low, median, high, _ = band(share)
        shares = {"share_p10": low, "share_p50": median, "share_p90": high}
        rows.append({"component": component, "group": group, **band(here)._asdict(), **shares})
    return rows
