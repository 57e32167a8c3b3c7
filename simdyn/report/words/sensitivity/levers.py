"""Single levers over their limits: the strongest, what it does, and those that do little."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from simdyn.names import LAST_YEAR
from simdyn.report.words.sensitivity.places import FirstPlace, first_place
from simdyn.report.words.sensitivity.quotes import Finding, Quotes, Topic, a_unit
from simdyn.report.words.sensitivity.rows import TOTAL, Row
from simdyn.report.words.sensitivity.settled import cell_mark, mark
from simdyn.report.words.sensitivity.telling import Telling
from simdyn.sensitivity.regional import Question
from simdyn.sensitivity.regional.inputs import Kind

STRONGEST = "column_strongest"
"""Label of the column for the strongest policy lever."""
LITTLE = 0.01
"""Share of the variance that levers make, below which a lever does little beside the others."""
LEVELS = ("at_low", "centre", "at_high")

Bars = Mapping[str, Row]
"""What levers do alone, rows of the tornado table by lever."""


def moved_by(telling: Telling, region: str, indicator: str) -> list[Finding]:
    """Return the policy levers that move an outcome most, and those that move it little."""
    where = {"year": LAST_YEAR, "region": region, "indicator": indicator}
    levers = {"kind": Kind.POLICY.value}
    rows = telling.rows("sobol", **where, **levers, question=Question.LEVERS.value)
    bars = {row.text("input"): row for row in telling.rows("tornado", **where, **levers)}
    told = [row for row in rows if row.number(TOTAL.low) > 0]
    place = first_place(rows, told, TOTAL)
    if place is None:
        return []
    begin = mark(telling, Question.LEVERS, rows)
    end = cell_mark(telling, Question.LEVERS, rows)
    little = _little(telling, region, indicator, rows, bars, begin)
    return [_strongest(telling, region, indicator, place, bars, (begin, end)), *little]


def _strongest(
    telling: Telling,
    region: str,
    indicator: str,
    place: FirstPlace,
    bars: Bars,
    marks: tuple[str, str],
) -> Finding:
    quotes, labels, (begin, end) = Quotes(telling), telling.labels, marks
    word = telling.word(indicator)
    parts = [
        (quotes.lever(row), quotes.share(row, TOTAL) + _effect(telling, quotes, bars, row))
        for row in place.named
    ]
    short = telling.labels.listed([_short(telling, bars, row) for row in place.named])
    if place.leads:
        name, what = parts[0]
        said = labels("strongest_said", begin=begin, name=name)
        about, cell = labels("strongest_about", word=word, what=what), f"{short}{end}"
    else:
        said = labels("strongest_open_said", begin=begin)
        names = [labels("not_apart_part", name=name, what=what) for name, what in parts]
        others = [labels("others")] if place.more else []
        about = labels("not_apart_about", word=word, names=telling.labels.listed([*names, *others]))
        cell = labels("not_apart_cell", names=short, end=end)
    tied = not place.leads
    return quotes.finding(
        region, indicator, Topic.STRONGEST, said, about, {STRONGEST: cell}, is_list=tied
    )


def _effect(telling: Telling, quotes: Quotes, bars: Bars, lever: Row) -> str:
    """Write what an outcome is with a lever at its limits, and as the scenario has it."""
    bar = bars.get(lever.text("input"))
    if bar is None or any(math.isnan(bar.number(column)) for column in LEVELS):
        return ""
    told = dict(zip(LEVELS, quotes.levels(bar, LEVELS), strict=True))
    told |= {column: quotes.exactly(bar, column) for column in ("low", "high")}
    unit = a_unit(bar.text("input_unit"), telling.labels)
    return telling.labels("lever_effect", **told, unit=unit)


def _short(telling: Telling, bars: Bars, lever: Row) -> str:
    quotes, bar = Quotes(telling), bars.get(lever.text("input"))
    name = quotes.lever(lever)
    if bar is None or any(math.isnan(bar.number(column)) for column in LEVELS):
        return name
    at_low, _, at_high = quotes.levels(bar, LEVELS)
    return telling.labels("lever_range", name=name, at_low=at_low, at_high=at_high)


def _little(
    telling: Telling, region: str, indicator: str, rows: Sequence[Row], bars: Bars, begin: str
) -> list[Finding]:
    """Return the levers that do little; the others are named if they are fewer."""
    little = [row for row in rows if row.number(TOTAL.high) < LITTLE]
    others = [row for row in rows if not row.number(TOTAL.high) < LITTLE]
    if not little:
        return []
    quotes, labels = Quotes(telling), telling.labels
    named = min(little, others, key=len)
    names = telling.labels.listed([quotes.lever(row) for row in named])
    which = names if named is little else labels("little_all_but", names=names)
    largest = _largest(telling, quotes, bars, little)
    about = labels("little_about", word=telling.word(indicator), which=which, largest=largest)
    said = labels("little_said", begin=begin, bound=f"{100 * LITTLE:.0f}")
    return [quotes.finding(region, indicator, Topic.LITTLE, said, about, is_list=True)]


def _largest(telling: Telling, quotes: Quotes, bars: Bars, little: Sequence[Row]) -> str:
    """Write the largest effect of levers that do little, from limit to limit."""
    known = [bars[name] for row in little if (name := row.text("input")) in bars]
    known = [bar for bar in known if math.isfinite(bar.number("span"))]
    if len(known) < len(little):
        return ""
    largest = max(known, key=lambda bar: bar.number("span"))
    span, name = quotes.number(largest, "span"), quotes.lever(largest)
    return telling.labels("little_largest", span=span, name=name)
