"""What matters most of what is uncertain: on the posterior, or on priors if that was not asked."""

from __future__ import annotations

from collections.abc import Sequence

from simdyn.names import LAST_YEAR
from simdyn.report.markdown import listed
from simdyn.report.sensitivity_words.places import first_place
from simdyn.report.sensitivity_words.quotes import (
    TOTAL,
    WORDS,
    Finding,
    Quotes,
    Row,
    Shares,
    Topic,
    rows_of,
)
from simdyn.report.sensitivity_words.settled import cell_mark, mark
from simdyn.sensitivity.regional import Question, Sensitivity

MATTERS = "most of what is uncertain"
EFFECT = Shares("index", "low", "high")
WITHIN_NOISE = "others within the noise"


def leading(found: Sensitivity, region: str, indicator: str) -> list[Finding]:
    """Return which inputs have first place, above their noise floor."""
    where = {"year": LAST_YEAR, "region": region, "indicator": indicator}
    effects = rows_of(found, "posterior", **where, method="Shapley")
    if effects:
        told = [row for row in effects if row.number("index") > row.number("noise_floor")]
        return [_told(region, indicator, effects, told, EFFECT, ("", ""))]
    question = Question.PRIORS
    totals = rows_of(found, "sobol", **where, question=question.value)
    if not totals:
        return []
    told = [row for row in totals if row.number("total_low") > 0]
    begin = f"{mark(found, question, totals)}on priors, "
    end = f"{cell_mark(found, question, totals)}, on priors"
    return [_told(region, indicator, totals, told, TOTAL, (begin, end))]


def fit(found: Sensitivity, region: str) -> list[Finding]:
    """Return what the polynomials behind shares on the posterior leave unexplained at most."""
    rows = [
        row
        for row in rows_of(found, "polynomials", year=LAST_YEAR, region=region)
        if row.text("indicator") in WORDS
    ]
    if not rows:
        return []
    quotes, worst = Quotes(), max(rows, key=lambda row: row.number("unexplained"))
    share = f"{quotes.number(worst, 'unexplained', scale=100.0)} %"
    about = f"{share} of its variance ({WORDS[worst.text('indicator')]})"
    said = "the polynomial behind shares on the posterior leaves of no outcome more than"
    return [Finding(region, "", Topic.FIT, said, about, quotes.found, {Topic.FIT: share})]


def _told(
    region: str,
    indicator: str,
    rows: Sequence[Row],
    told: Sequence[Row],
    columns: Shares,
    basis: tuple[str, str],
) -> Finding:
    """Return the finding; `basis` is what the sentence begins with and the cell ends with."""
    quotes, word = Quotes(), WORDS[indicator]
    place = first_place(rows, told, columns)
    begin, end = basis
    if place is None:
        said = f"{begin}nothing stands above the noise in"
        cell = {MATTERS: f"nothing above noise{end}"}
        return Finding(region, indicator, Topic.LEADS, said, word, (), cell)
    pairs = [(quotes.name(row), quotes.share(row, columns)) for row in place.named]
    if place.leads:
        name, share = pairs[0]
        said, about = f"{begin}{name} leads in", f"{word} ({share})"
        cell = {MATTERS: f"{name}, {share}{end}"}
        return Finding(region, indicator, Topic.LEADS, said, about, quotes.found, cell)
    names = [f"{name} ({share})" for name, share in pairs]
    others = [] if not place.more else ["others" if len(pairs) > 1 else WITHIN_NOISE]
    about = f"{word}, where {listed([*names, *others])} cannot be told apart"
    short = listed([", ".join(pair) for pair in pairs] + others)
    cell = {MATTERS: f"not told apart: {short}{end}"}
    said = f"{begin}none leads in"
    return Finding(region, indicator, Topic.LEADS, said, about, quotes.found, cell, is_list=True)
