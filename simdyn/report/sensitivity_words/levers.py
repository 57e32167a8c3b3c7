"""Single levers over their limits: the strongest, what it does, and those that do little."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from simdyn.names import LAST_YEAR
from simdyn.report.markdown import listed
from simdyn.report.sensitivity_words.places import FirstPlace, first_place
from simdyn.report.sensitivity_words.quotes import (
    TOTAL,
    WORDS,
    Finding,
    Quotes,
    Row,
    Topic,
    a_unit,
    rows_of,
)
from simdyn.report.sensitivity_words.settled import cell_mark, mark
from simdyn.sensitivity.regional import Question, Sensitivity
from simdyn.sensitivity.regional.inputs import Kind

STRONGEST = "strongest policy lever: outcome at its limits"
LITTLE = 0.01
"""Share of the variance that levers make, below which a lever does little beside the others."""
LEVELS = ("at_low", "centre", "at_high")

Bars = Mapping[str, Row]
"""What levers do alone, rows of the tornado table by lever."""


def moved_by(found: Sensitivity, region: str, indicator: str) -> list[Finding]:
    """Return the policy levers that move an outcome most, and those that move it little."""
    where = {"year": LAST_YEAR, "region": region, "indicator": indicator}
    levers = {"kind": Kind.POLICY.value}
    rows = rows_of(found, "sobol", **where, **levers, question=Question.LEVERS.value)
    bars = {row.text("input"): row for row in rows_of(found, "tornado", **where, **levers)}
    told = [row for row in rows if row.number(TOTAL.low) > 0]
    place = first_place(rows, told, TOTAL)
    if place is None:
        return []
    begin = mark(found, Question.LEVERS, rows)
    end = cell_mark(found, Question.LEVERS, rows)
    little = _little(region, indicator, rows, bars, begin)
    return [_strongest(region, indicator, place, bars, (begin, end)), *little]


def _strongest(
    region: str, indicator: str, place: FirstPlace, bars: Bars, marks: tuple[str, str]
) -> Finding:
    quotes, word, (begin, end) = Quotes(), WORDS[indicator], marks
    parts = [
        (quotes.lever(row), quotes.share(row, TOTAL) + _effect(quotes, bars, row))
        for row in place.named
    ]
    if place.leads:
        name, what = parts[0]
        said, about = f"{begin}{name} is the strongest policy lever for", f"{word} ({what})"
    else:
        said = f"{begin}no policy lever is told to be the strongest for"
        names = [f"{name} ({what})" for name, what in parts]
        others = ["others"] if place.more else []
        about = f"{word}, where {listed([*names, *others])} cannot be told apart"
    short = listed([_short(bars, row) for row in place.named])
    cell = {STRONGEST: ("" if place.leads else "not told apart: ") + short + end}
    tied = not place.leads
    return Finding(region, indicator, Topic.STRONGEST, said, about, quotes.found, cell, tied)


def _effect(quotes: Quotes, bars: Bars, lever: Row) -> str:
    """Write what an outcome is with a lever at its limits, and as the scenario has it."""
    bar = bars.get(lever.text("input"))
    if bar is None or any(math.isnan(bar.number(column)) for column in LEVELS):
        return ""
    at_low, centre, at_high = quotes.levels(bar, LEVELS)
    low, high = quotes.exactly(bar, "low"), quotes.exactly(bar, "high")
    unit = a_unit(bar.text("input_unit"))
    return f"; {at_low} at {low}{unit}, {centre} untouched, {at_high} at {high}"


def _short(bars: Bars, lever: Row) -> str:
    quotes, bar = Quotes(), bars.get(lever.text("input"))
    name = quotes.lever(lever)
    if bar is None or any(math.isnan(bar.number(column)) for column in LEVELS):
        return name
    at_low, _, at_high = quotes.levels(bar, LEVELS)
    return f"{name}, {at_low} to {at_high}"


def _little(
    region: str, indicator: str, rows: Sequence[Row], bars: Bars, begin: str
) -> list[Finding]:
    """Return the levers that do little; the others are named if they are fewer."""
    little = [row for row in rows if row.number(TOTAL.high) < LITTLE]
    others = [row for row in rows if not row.number(TOTAL.high) < LITTLE]
    if not little:
        return []
    quotes = Quotes()
    named = min(little, others, key=len)
    names = listed([quotes.lever(row) for row in named])
    which = names if named is little else f"all but {names}"
    about = f"{WORDS[indicator]}: {which}{_largest(quotes, bars, little)}"
    said = (
        f"{begin}over the limits in models/levers.csv, in this model, each of these "
        f"makes under {100 * LITTLE:.0f} % of what levers move:"
    )
    return [Finding(region, indicator, Topic.LITTLE, said, about, quotes.found, is_list=True)]


def _largest(quotes: Quotes, bars: Bars, little: Sequence[Row]) -> str:
    """Write the largest effect of levers that do little, from limit to limit."""
    known = [bars[name] for row in little if (name := row.text("input")) in bars]
    known = [bar for bar in known if math.isfinite(bar.number("span"))]
    if len(known) < len(little):
        return ""
    largest = max(known, key=lambda bar: bar.number("span"))
    return f" (alone at most {quotes.number(largest, 'span')}, {quotes.lever(largest)})"
