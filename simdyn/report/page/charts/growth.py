"""Growth paths compared: where growth is from, convergence, inequality."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simdyn.answers.case import Case
from simdyn.answers.growth import chosen_regions, incomes
from simdyn.answers.growth.incomes import place_of
from simdyn.answers.indicators import SPANS
from simdyn.regions import Basis
from simdyn.report.page.charts.plain import Plain, rounded, rounded_row
from simdyn.report.tables import BAND, POINTS


def accounts(table: pd.DataFrame) -> dict[str, Plain]:
    """Return means and bands of what adds to growth, by scenario, period, region and term."""
    found: dict[str, Plain] = {}
    for row in table.to_dict("records"):
        period = f"{row['first']}-{row['last']}"
        place = found.setdefault(row["scenario"], {}).setdefault(period, {})
        points = [rounded(row[name]) for name in ("mean", "p10", "p90")]
        place.setdefault(row["region"], {})[row["term"]] = points
    return found


def sigma(table: pd.DataFrame | None) -> dict[str, Plain]:
    """Return the band of the dispersion of incomes by scenario: years and (point, year)."""
    if table is None:
        return {}
    rows = table[table["measure"] == "sigma"]
    return {
        str(scenario): {
            "years": own["year"].tolist(),
            "band": [rounded_row(own[name]) for name in POINTS],
        }
        for scenario, own in rows.groupby("scenario", sort=False)
    }


def theil(table: pd.DataFrame | None) -> dict[str, Plain]:
    """Return the band of Theil's index and of its parts by scenario, part and group."""
    found: dict[str, Plain] = {}
    if table is None:
        return found
    keys = ["scenario", "component", "group"]
    for names, own in table.fillna({"group": ""}).groupby(keys, sort=False):
        scenario, component, group = map(str, names)
        found.setdefault(scenario, []).append(
            {
                "component": component,
                "group": group,
                "years": own["year"].tolist(),
                "band": [rounded_row(own[name]) for name in POINTS],
            }
        )
    return found


def catching_up(case: Case) -> dict[str, Plain]:
    """Return income at the start and growth after it, by scenario, period and region.

    Both are bands over the draws that are sound in every region: real GDP per resident in 10
    thousand CNY at 2015 prices, and its average growth in percent a year.
    """
    keys = chosen_regions(case, None)
    found: dict[str, Plain] = {}
    for scenario in case.runs.scenarios:
        sound = incomes(case, keys, scenario)
        for first, last in SPANS:
            start, end = (sound.per_head[:, place_of(year)] for year in (first - 1, last))
            growth = 100 * np.log(end / start) / (last - first + 1)
            found.setdefault(scenario, {})[f"{first}-{last}"] = {
                key: {
                    "name": case.region(key).name,
                    "name_zh": case.region(key).file.name_zh,
                    "illustrative": case.region(key).file.basis is Basis.ILLUSTRATIVE,
                    "income": rounded_row(np.percentile(start[n][sound.ok], BAND)),
                    "growth": rounded_row(np.percentile(growth[n][sound.ok], BAND)),
                }
                for n, key in enumerate(keys)
            }
    return found
