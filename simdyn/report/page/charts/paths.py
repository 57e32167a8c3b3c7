"""Paths of the regions under each scenario, and what is reported and aimed at beside them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simdyn.answers.targets import aim_of
from simdyn.indicators import quantities
from simdyn.names import BASE_YEAR
from simdyn.regions import Operator, Reading
from simdyn.report.page.charts.names import QUANTITIES
from simdyn.report.page.charts.plain import Plain, band_rows, rounded
from simdyn.study import Results


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
                    apart = level - other if q.kind == "ratio" else 100 * (level / other - 1)
                place[q.variable] = {
                    "value": band_rows(level[:, years.ok]),
                    "index": band_rows(index[:, years.ok]),
                    "difference": band_rows(apart[:, ok]),
                }
    return found


def reported(results: Results) -> Iterator[dict[str, Plain]]:
    """Yield the levels that regions were fitted to, with the evidence of each."""
    for key, calibrated in results.calibrated.items():
        if key not in results.study.file.regions:
            continue
        problem = calibrated.problem
        for o, value in zip(problem.region.observations, problem.reported.tolist(), strict=True):
            if _is_level(o):
                fact = results.study.facts[o.fact_ids[0]]
                yield {
                    "region": key,
                    "quantity": o.variable,
                    "year": o.end,
                    "value": rounded(value),
                    "layer": fact.layer.value,
                    "fact": fact.id,
                    "source": f"{fact.document} {fact.section}".strip(),
                }


def aims(results: Results) -> Iterator[dict[str, Plain]]:
    """Yield the targets that are levels, in the unit of their quantity."""
    for key in results.study.file.regions:
        for target in results.study.regions[key].targets:
            if _is_level(target):
                fact = results.study.facts[target.fact_ids[0]]
                yield {
                    "region": key,
                    "quantity": target.variable,
                    "year": target.end,
                    "value": rounded(aim_of(results.study, target)),
                    "source": f"{fact.document} {fact.section}".strip(),
                }


def _is_level(reading: Reading) -> bool:
    return reading.operator is Operator.LEVEL and not reading.measurement_parameters
