"""Paths of the regions under each scenario, and what is reported and aimed at beside them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simdyn.indicators import quantities
from simdyn.names import BASE_YEAR
from simdyn.regions import Reading
from simdyn.report.page.charts.names import QUANTITIES
from simdyn.report.page.charts.plain import Plain, band_rows, rounded
from simdyn.report.reported import aims, levels
from simdyn.study import Results, Study


def paths(results: Results) -> dict[str, Plain]:
    """Return bands by region, scenario and quantity: of values, of an index, of differences."""
    reference = results.study.reference.name
    found: dict[str, Plain] = {}
    for region in results.study.file.regions:
        base = results.draws(region, reference)
        with np.errstate(all="ignore"):
            start = quantities(base)
        for scenario in results.study.scenarios:
            years = results.draws(region, scenario.name)
            with np.errstate(all="ignore"):  # failed draws may divide by zero
                values = quantities(years)
            ok = years.ok & base.ok
            at = BASE_YEAR - years.first_year
            place = found.setdefault(region, {}).setdefault(scenario.name, {})
            for q in QUANTITIES:
                level = values[q.variable]
                with np.errstate(all="ignore"):  # of failed draws, and of what starts at nil
                    index = 100 * level / level[at]
                    other = start[q.variable]
                    share = q.unit.startswith("share")
                    apart = level - other if share else 100 * (level / other - 1)
                place[q.variable] = {
                    "value": band_rows(level[:, years.ok]),
                    "index": band_rows(index[:, years.ok]),
                    "difference": band_rows(apart[:, ok]),
                }
    return found


def reported(results: Results) -> Iterator[dict[str, Plain]]:
    """Yield the levels that regions were fitted to, with the evidence of each."""
    for key in results.study.file.regions:
        for observation, value in levels(results, key):
            yield _point(results.study, key, observation, value)


def aimed(study: Study) -> Iterator[dict[str, Plain]]:
    """Yield the targets that are levels, in the unit of their quantity."""
    for key in study.file.regions:
        for target, aim in aims(study, key):
            yield _point(study, key, target, aim)


def _point(study: Study, region: str, reading: Reading, value: float) -> dict[str, Plain]:
    fact = study.facts[reading.fact_ids[0]]
    return {
        "region": region,
        "quantity": reading.variable,
        "year": reading.end,
        "value": rounded(value),
        "layer": fact.layer.value,
        "fact": fact.id,
        "source": f"{fact.document} {fact.section}".strip(),
    }
