"""What the report shows, as plain data: numbers rounded for reading, names, evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simdyn.answers.case import case_of
from simdyn.answers.targets import target_table
from simdyn.arrays import Array
from simdyn.facts.records import Fact
from simdyn.indicators import quantities
from simdyn.names import BASE_YEAR, CORE, EXTENSIVE, FIRST_YEAR, LAST_YEAR, RATIOS
from simdyn.regions import Basis, Operator
from simdyn.report.drawing import COLOURS
from simdyn.report.growth import growth_tables
from simdyn.report.page.model import ModelPart, model_part
from simdyn.report.sensitivity_words import sensitivity_section
from simdyn.report.summary import checks
from simdyn.report.tables import BAND, fit_tables, headline_table, parameter_tables
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Results

DIGITS = 5
"""Significant digits of numbers in charts."""
SHOWN_SHARE = 0.02
"""Share of variance in some year from which an input is in the heat maps."""

Plain = Any
"""What JSON can hold."""


@dataclass(frozen=True)
class Content:
    """What the report shows.

    charts : data of the interactive charts, for JSON
    headlines, targets, fit, parameters : tables of the study
    growth : tables that compare growth paths, by name
    facts : every reported figure, with its source
    model : pictures, loops and equations
    findings, checks : in Markdown: what sensitivity found, what the checks measured
    """

    charts: Mapping[str, Plain]
    headlines: pd.DataFrame
    targets: pd.DataFrame
    fit: pd.DataFrame
    parameters: pd.DataFrame
    growth: Mapping[str, pd.DataFrame]
    facts: Sequence[Mapping[str, str]]
    model: ModelPart
    findings: str
    checks: str


def content_of(results: Results, sensitivity: Sensitivity) -> Content:
    """Gather what the report shows of a study."""
    growth = growth_tables(case_of(results))
    charts = {
        "years": list(range(FIRST_YEAR, LAST_YEAR + 1)),
        "base": BASE_YEAR,
        "regions": list(_regions(results)),
        "scenarios": list(_scenarios(results)),
        "quantities": [_quantity(q.variable, q.title, q.unit, q.kind) for q in _quantities()],
        "core": [q.variable for q in CORE],
        "paths": _paths(results),
        "reported": list(_reported(results)),
        "shares": _shares(sensitivity),
        "accounts": _accounts(growth["growth_accounts"]),
        "sigma": _sigma(growth.get("sigma")),
    }
    facts = [_fact(results, fact) for fact in results.study.facts]
    return Content(
        charts,
        headline_table(results),
        target_table(case_of(results)),
        fit_tables(results),
        parameter_tables(results),
        growth,
        facts,
        model_part(results.study.model),
        sensitivity_section(results.study, sensitivity),
        checks(results),
    )


def _quantities() -> tuple[Any, ...]:
    return (*EXTENSIVE, *RATIOS)


def _quantity(key: str, title: str, unit: str, kind: str) -> dict[str, str]:
    return {"key": key, "title": title, "unit": unit, "kind": kind}


def _regions(results: Results) -> Iterator[dict[str, Plain]]:
    for key, colour in zip(results.study.file.regions, _colours(), strict=False):
        region = results.study.regions[key]
        yield {
            "key": key,
            "name": region.name,
            "name_zh": region.file.name_zh,
            "basis": region.file.basis.value,
            "illustrative": region.file.basis is Basis.ILLUSTRATIVE,
            "note": region.file.basis_note,
            "colour": colour,
        }


def _colours() -> Iterator[str]:
    while True:
        yield from COLOURS


def _scenarios(results: Results) -> Iterator[dict[str, Plain]]:
    featured = {scenario.name for scenario in results.study.featured}
    for scenario in results.study.scenarios:
        yield {
            "key": scenario.name,
            "title": scenario.file.title,
            "title_zh": scenario.file.title_zh,
            "description": " ".join(scenario.file.description.split()),
            "featured": scenario.name in featured,
        }


def _paths(results: Results) -> dict[str, Plain]:
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
            for q in _quantities():
                level = values[q.variable]
                with np.errstate(all="ignore"):  # of failed draws, and of what starts at nil
                    index = 100 * level / level[at]
                    other = start[q.variable]
                    apart = level - other if q.kind == "ratio" else 100 * (level / other - 1)
                place[q.variable] = {
                    "value": _band(level[:, years.ok]),
                    "index": _band(index[:, years.ok]),
                    "difference": _band(apart[:, ok]),
                }
    return found


def _band(values: Array) -> list[list[float | None]]:
    """Return the points of the band by year, (point, year), rounded; None where there is none."""
    if not values.shape[1]:
        return [[None] * len(values) for _ in BAND]
    with np.errstate(invalid="ignore"):  # infinite where a difference starts at nil
        points = np.percentile(values, BAND, axis=1)
    return [[rounded(value) for value in row] for row in points.tolist()]


def rounded(value: float) -> float | None:
    """Return a number to `DIGITS` significant digits; None where it is not finite."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def _reported(results: Results) -> Iterator[dict[str, Plain]]:
    """Yield the levels that regions were fitted to, with the evidence of each."""
    for key, calibrated in results.calibrated.items():
        if key not in results.study.file.regions:
            continue
        problem = calibrated.problem
        for o, value in zip(problem.region.observations, problem.reported.tolist(), strict=True):
            if o.operator is Operator.LEVEL and not o.measurement_parameters:
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


def _shares(sensitivity: Sensitivity) -> dict[str, Plain]:
    """Return total order by question, region, indicator and input: years, values, intervals."""
    if "sobol" not in sensitivity.tables:
        return {}
    found: dict[str, Plain] = {}
    keys = ["question", "region", "indicator", "input"]
    for names, rows in sensitivity.tables["sobol"].groupby(keys, sort=False):
        question, region, indicator, name = map(str, names)
        if rows["total"].max() < SHOWN_SHARE or len(rows) < 2:
            continue
        place = found.setdefault(question, {}).setdefault(region, {}).setdefault(indicator, {})
        place[name] = {
            "kind": rows["kind"].iloc[0],
            "years": rows["year"].tolist(),
            **{
                column: [rounded(value) for value in rows[column].tolist()]
                for column in ("total", "total_low", "total_high")
            },
        }
    return found


def _accounts(table: pd.DataFrame) -> dict[str, Plain]:
    """Return means and bands of what adds to growth, by scenario, period, region and term."""
    found: dict[str, Plain] = {}
    for row in table.to_dict("records"):
        period = f"{row['first']}-{row['last']}"
        place = found.setdefault(row["scenario"], {}).setdefault(period, {})
        points = [rounded(row[name]) for name in ("mean", "p10", "p90")]
        place.setdefault(row["region"], {})[row["term"]] = points
    return found


def _sigma(table: pd.DataFrame | None) -> dict[str, Plain]:
    """Return the band of the dispersion of incomes by scenario: years and (point, year)."""
    if table is None:
        return {}
    found = {}
    rows = table[table["measure"] == "sigma"]
    for scenario, own in rows.groupby("scenario", sort=False):
        bands = [[rounded(v) for v in own[name].tolist()] for name in ("p10", "p50", "p90")]
        found[str(scenario)] = {"years": own["year"].tolist(), "band": bands}
    return found


def _fact(results: Results, fact: Fact) -> dict[str, str]:
    source = results.study.facts.sources[fact.document]
    return {
        "id": fact.id,
        "region": fact.region,
        "quantity": fact.quantity.replace("_", " "),
        "kind": fact.kind.value,
        "printed": fact.printed,
        "unit": fact.unit.unit,
        "period": str(fact.period),
        "layer": fact.layer.value,
        "document": fact.document,
        "title": source.title,
        "title_en": source.title_en,
        "section": fact.section,
        "note": fact.note,
    }
