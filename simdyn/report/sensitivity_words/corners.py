"""In which corners of the parameters a target fails, where more than chance says so."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.stats import binom

from simdyn.report.markdown import listed
from simdyn.report.sensitivity_words.quotes import Finding, Quotes, Row, Topic, a_unit, rows_of
from simdyn.sensitivity.regional import Sensitivity

CHANCE = 0.05
"""Chance of naming any corner at all, were none better than the whole."""
STABLE = 0.5
"""Share of halves of the draws that find a limit again, below which it is not named."""


def failing(found: Sensitivity, region: str) -> list[Finding]:
    """Return a sentence for each target of a region: its corner, or that none is told."""
    boxes = rows_of(found, "corners")
    n_box = sum(row.number("n_restricted") > 0 for row in boxes)
    return [
        _of_target(region, box, _limits(found, region, box), n_box)
        for box in boxes
        if box.text("region") == region
    ]


def beats_base(box: Row, n_box: int) -> bool:
    """Whether a target fails in a box, on draws left out, more often than chance allows.

    As many draws as the box holds of a half left out would fail as often with less than the chance
    `CHANCE`, spread over all boxes, if they failed like all others (a binomial test).
    """
    base, density = box.number("base"), box.number("density_left_out")
    if not density > base:
        return False
    n_fail = box.number("coverage_left_out") * base * box.number("n_draw") / 2
    chance = binom.sf(math.floor(n_fail) - 1, round(n_fail / density), base)
    return bool(chance < CHANCE / max(n_box, 1))


def _limits(found: Sensitivity, region: str, box: Row) -> list[Row]:
    rows = rows_of(found, "corner_limits", region=region, target=box.text("target"))
    return [row for row in rows if row.text("scenario") == box.text("scenario")]


def _of_target(region: str, box: Row, limits: Sequence[Row], n_box: int) -> Finding:
    stable = [row for row in limits if row.number("stability") >= STABLE]
    if stable and beats_base(box, n_box):
        return _corner(region, box, stable, len(stable) < len(limits))
    quotes = Quotes()
    target = quotes.name(box, "target")
    if math.isnan(box.number("density_left_out")):
        counts = f"{quotes.exactly(box, 'n_fail')} of {quotes.exactly(box, 'n_draw')}"
        said = "too few draws fail, or too few do not, to look for the corner of"
        about = f"{target} ({counts} fail)"
    else:
        said = "no corner that holds on draws left out is found for"
        about = f"{target} (fails in {quotes.percent(box, 'base')} of draws)"
    return Finding(region, "", Topic.FAILS, said, about, quotes.found)


def _corner(region: str, box: Row, limits: Sequence[Row], more: bool) -> Finding:
    quotes = Quotes()
    said = f"{quotes.name(box, 'target')} fails under '{quotes.name(box, 'scenario')}'"
    base = quotes.percent(box, "base")
    where = [_limit(quotes, row) for row in limits]
    rest = " (and within limits that are seldom found again)" if more else ""
    density = quotes.percent(box, "density_left_out")
    coverage = quotes.percent(box, "coverage_left_out")
    about = (
        f"in {base} of draws, and in {density} of those with {listed(where)}{rest}, "
        f"where {coverage} of the failures are"
    )
    return Finding(region, "", Topic.FAILS, said, about, quotes.found, is_list=True)


def _limit(quotes: Quotes, row: Row) -> str:
    """Write the range of an input; an end that is free is not a number."""
    name, unit = quotes.name(row), a_unit(row.text("input_unit"))
    if math.isnan(row.number("low")):
        return f"{name} below {quotes.number(row, 'high')}{unit}"
    if math.isnan(row.number("high")):
        return f"{name} above {quotes.number(row, 'low')}{unit}"
    low, high = quotes.levels(row, ("low", "high"))
    return f"{name} between {low} and {high}{unit}"
