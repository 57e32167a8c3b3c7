"""In which corners of the parameters a target fails, where more than chance says so."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.stats import binom

from simdyn.report.words.language import Labels
from simdyn.report.words.sensitivity.quotes import Finding, Quotes, Topic, a_unit
from simdyn.report.words.sensitivity.rows import Row
from simdyn.report.words.sensitivity.telling import Telling

CHANCE = 0.05
"""Chance of naming any corner at all, were none better than the whole."""
STABLE = 0.5
"""Share of halves of the draws that find a limit again, below which it is not named."""


def failing(telling: Telling, region: str) -> list[Finding]:
    """Return a sentence for each target of a region: its corner, or that none is told."""
    boxes = telling.rows("corners")
    n_box = sum(row.number("n_restricted") > 0 for row in boxes)
    return [
        _of_target(telling, region, box, n_box) for box in boxes if box.text("region") == region
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


def _limits(telling: Telling, region: str, box: Row) -> list[Row]:
    rows = telling.rows("corner_limits", region=region, target=box.text("target"))
    return [row for row in rows if row.text("scenario") == box.text("scenario")]


def _of_target(telling: Telling, region: str, box: Row, n_box: int) -> Finding:
    limits = _limits(telling, region, box)
    stable = [row for row in limits if row.number("stability") >= STABLE]
    if stable and beats_base(box, n_box):
        return _corner(telling, region, box, stable, len(stable) < len(limits))
    quotes, labels = Quotes(telling), telling.labels
    target = quotes.name(box, "target")
    if math.isnan(box.number("density_left_out")):
        said = labels("few_said")
        counts = {name: quotes.exactly(box, name) for name in ("n_fail", "n_draw")}
        about = labels("few_about", target=target, **counts)
    else:
        said = labels("no_corner_said")
        about = labels("no_corner_about", target=target, base=quotes.percent(box, "base"))
    return quotes.finding(region, "", Topic.FAILS, said, about)


def _corner(telling: Telling, region: str, box: Row, limits: Sequence[Row], more: bool) -> Finding:
    quotes, labels = Quotes(telling), telling.labels
    names = {column: quotes.name(box, column) for column in ("target", "scenario")}
    about = labels(
        "corner_about",
        base=quotes.percent(box, "base"),
        limits=telling.labels.listed([_limit(quotes, row, labels) for row in limits]),
        rest=labels("corner_rest") if more else "",
        density=quotes.percent(box, "density_left_out"),
        coverage=quotes.percent(box, "coverage_left_out"),
    )
    said = labels("corner_said", **names)
    return quotes.finding(region, "", Topic.FAILS, said, about, is_list=True)


def _limit(quotes: Quotes, row: Row, labels: Labels) -> str:
    """Write the range of an input; an end that is free is not a number."""
    told = {"name": quotes.name(row), "unit": a_unit(row.text("input_unit"), labels)}
    if math.isnan(row.number("low")):
        return labels("corner_below", **told, high=quotes.number(row, "high"))
    if math.isnan(row.number("high")):
        return labels("corner_above", **told, low=quotes.number(row, "low"))
    low, high = quotes.levels(row, ("low", "high"))
    return labels("corner_between", **told, low=low, high=high)
