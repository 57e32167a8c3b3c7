"""What matters most of what is uncertain: on the posterior, or on priors if that was not asked."""

from __future__ import annotations

from collections.abc import Sequence

from simdyn.names import LAST_YEAR
from simdyn.report.words.sensitivity.places import FirstPlace, first_place
from simdyn.report.words.sensitivity.quotes import Finding, Quotes, Topic
from simdyn.report.words.sensitivity.rows import TOTAL, Shares
from simdyn.report.words.sensitivity.settled import cell_mark, mark
from simdyn.report.words.sensitivity.telling import WORDS, Telling
from simdyn.sensitivity.regional import Question

MATTERS = "column_matters"
"""Label of the column for what leads."""
EFFECT = Shares("index", "low", "high")


def leading(telling: Telling, region: str, indicator: str) -> list[Finding]:
    """Return which inputs have first place, above their noise floor."""
    where = {"year": LAST_YEAR, "region": region, "indicator": indicator}
    effects = telling.rows("posterior", **where, method="Shapley")
    if effects:
        told = [row for row in effects if row.number("index") > row.number("noise_floor")]
        place = first_place(effects, told, EFFECT)
        return [_told(telling, region, indicator, place, EFFECT, ("", ""))]
    question = Question.PRIORS
    totals = telling.rows("sobol", **where, question=question.value)
    if not totals:
        return []
    place = first_place(totals, [row for row in totals if row.number("total_low") > 0], TOTAL)
    begin = telling.labels("priors_begin", begin=mark(telling, question, totals))
    end = telling.labels("priors_end", end=cell_mark(telling, question, totals))
    return [_told(telling, region, indicator, place, TOTAL, (begin, end))]


def fit(telling: Telling, region: str) -> list[Finding]:
    """Return what the polynomials behind shares on the posterior leave unexplained at most."""
    rows = [
        row
        for row in telling.rows("polynomials", year=LAST_YEAR, region=region)
        if row.text("indicator") in WORDS
    ]
    if not rows:
        return []
    quotes, worst = Quotes(telling), max(rows, key=lambda row: row.number("unexplained"))
    share = f"{quotes.number(worst, 'unexplained', scale=100.0)} %"
    word = telling.word(worst.text("indicator"))
    about = telling.labels("fit_about", share=share, word=word)
    return [
        quotes.finding(region, "", Topic.FIT, telling.labels("fit_said"), about, {Topic.FIT: share})
    ]


def _told(
    telling: Telling,
    region: str,
    indicator: str,
    place: FirstPlace | None,
    columns: Shares,
    basis: tuple[str, str],
) -> Finding:
    """Return the finding; `basis` is what the sentence begins with and the cell ends with."""
    quotes, labels, word = Quotes(telling), telling.labels, telling.word(indicator)
    begin, end = basis
    if place is None:
        said, cell = labels("nothing_said", begin=begin), labels("nothing_cell", end=end)
        return quotes.finding(region, indicator, Topic.LEADS, said, word, {MATTERS: cell})
    pairs = [(quotes.name(row), quotes.share(row, columns)) for row in place.named]
    if place.leads:
        name, share = pairs[0]
        said = labels("leads_said", begin=begin, name=name)
        about = labels("leads_about", word=word, share=share)
        cell = labels("leads_cell", name=name, share=share, end=end)
        return quotes.finding(region, indicator, Topic.LEADS, said, about, {MATTERS: cell})
    others = _others(telling, place)
    names = [labels("not_apart_part", name=name, what=share) for name, share in pairs]
    short = [labels("not_apart_pair", name=name, share=share) for name, share in pairs]
    about = labels("not_apart_about", word=word, names=telling.labels.listed([*names, *others]))
    cell = labels("not_apart_cell", names=telling.labels.listed([*short, *others]), end=end)
    said = labels("none_leads_said", begin=begin)
    return quotes.finding(
        region, indicator, Topic.LEADS, said, about, {MATTERS: cell}, is_list=True
    )


def _others(telling: Telling, place: FirstPlace) -> Sequence[str]:
    if not place.more:
        return []
    return [telling.labels("others" if len(place.named) > 1 else "others_in_noise")]
