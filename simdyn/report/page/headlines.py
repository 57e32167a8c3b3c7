"""The headline findings in sentences, made from the tables; each number is one of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from simdyn.regions import Basis
from simdyn.report.page.content import Content
from simdyn.report.tables import POINTS
from simdyn.report.words.language import Labels
from simdyn.study import Study

GROWTH, DEBT = "GDP growth 2026-2035", "Debt to GDP 2035"
INTEREST = "Interest to spending 2035"


@dataclass(frozen=True)
class Sentence:
    """A finding in words, and the part of the page that shows it."""

    text: str
    place: str


def headlines(study: Study, content: Content, labels: Labels) -> list[Sentence]:
    """Return the headline findings, three to six, none beyond what its interval allows."""
    return [
        *_growth(study, content, labels),
        *_policy(study, content, labels),
        *_targets(study, content, labels),
        *_debt(study, content, labels),
    ]


def number(value: float) -> str:
    """Write a number with two significant digits."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def band(row: pd.Series) -> str:
    """Write a median with its band."""
    low, median, high = (number(float(row[point])) for point in POINTS)
    return f"{median} [{low}, {high}]"


def _rows(content: Content, headline: str, scenario: str) -> pd.DataFrame:
    table = content.headlines
    return table[(table["headline"] == headline) & (table["scenario"] == scenario)]


def _growth(study: Study, content: Content, labels: Labels) -> Iterator[Sentence]:
    """Yield who grows fastest and slowest under the reference; apart only if bands are."""
    rows = _rows(content, GROWTH, study.reference.name)
    rows = rows[rows["region"].isin(study.file.regions)].sort_values("p50", ascending=False)
    if len(rows) < 2:
        return
    first, last = rows.iloc[0], rows.iloc[-1]
    apart = first["p10"] > last["p90"]
    yield Sentence(
        labels(
            "growth_apart" if apart else "growth_overlap",
            reference=labels.scenario(study.reference),
            first=labels.region(study.regions[str(first["region"])]),
            first_band=band(first),
            last=labels.region(study.regions[str(last["region"])]),
            last_band=band(last),
        ),
        "compare",
    )


def _policy(study: Study, content: Content, labels: Labels) -> Iterator[Sentence]:
    """Yield what the policy changes in GDP of the last year, draw by draw."""
    paths = content.charts["paths"]
    policy = study.policy
    if policy is study.reference:
        return
    told = []
    for key in study.file.regions:
        low, median, high = (row[-1] for row in paths[key][policy.name]["GDP"]["difference"])
        if None in (low, median, high):
            continue
        told.append((median, low, high, labels.region(study.regions[key])))
    if not told:
        return
    told.sort(reverse=True)
    parts = [
        labels("region_part", region=name, band=f"{number(m)} [{number(lo)}, {number(hi)}]")
        for m, lo, hi, name in told
    ]
    title = labels.scenario(policy)
    yield Sentence(labels("policy", policy=title, parts=labels("joint").join(parts)), "scenarios")


def _targets(study: Study, content: Content, labels: Labels) -> Iterator[Sentence]:
    """Yield how many targets of fitted regions are more likely met than not under the policy."""
    table = content.targets
    fitted = table["basis"] == Basis.FITTED.value
    rows = table[(table["scenario"] == study.policy.name) & fitted]
    if rows.empty:
        return
    likely = int((rows["probability_low"] > 0.5).sum())
    unlikely = int((rows["probability_high"] < 0.5).sum())
    title = labels.scenario(study.policy)
    yield Sentence(
        labels(
            "targets_found",
            policy=title,
            n=len(rows),
            likely=likely,
            unlikely=unlikely,
            open=len(rows) - likely - unlikely,
        ),
        "targets",
    )


def _debt(study: Study, content: Content, labels: Labels) -> Iterator[Sentence]:
    """Yield debt and the weight of interest in the last year under the reference."""
    limit = f"{content.restructuring:g}"
    for name, headline in (("debt", DEBT), ("interest", INTEREST)):
        rows = _rows(content, headline, study.reference.name)
        rows = rows[rows["region"].isin(study.file.regions)].sort_values("p50", ascending=False)
        if rows.empty:
            continue
        parts = [
            labels("region_part", region=labels.region(study.regions[str(region)]), band=band(row))
            for region, row in rows.set_index("region").iterrows()
        ]
        told = {"reference": labels.scenario(study.reference), "limit": limit}
        yield Sentence(labels(name, parts=labels("joint").join(parts), **told), "regions")
