"""Policy levers over their limits, weighed against uncertainty and outside conditions."""

from __future__ import annotations

from simdyn.names import LAST_YEAR
from simdyn.report.words.sensitivity.quotes import Finding, Quotes, Topic
from simdyn.report.words.sensitivity.rows import TOTAL, Row, Shares
from simdyn.report.words.sensitivity.settled import cell_mark, mark
from simdyn.report.words.sensitivity.telling import WORDS, Telling
from simdyn.sensitivity.regional import Question
from simdyn.sensitivity.regional.inputs import Kind

POLICY_SHARE = "column_policy_share"
"""Label of the column for the share of policy."""
FIRST = Shares("first", "first_low", "first_high")


def weighed(telling: Telling, region: str, indicator: str) -> list[Finding]:
    """Return which of policy and uncertainty outweighs the other, if intervals tell."""
    where = {"year": LAST_YEAR, "region": region, "indicator": indicator}
    rows = {
        row.text("kind"): row
        for row in telling.rows("sobol", **where, question=Question.BOTH.value)
    }
    policy, uncertainty = rows.get(Kind.POLICY), rows.get(Kind.UNCERTAINTY)
    if policy is None or uncertainty is None:
        return []
    pair = [policy, uncertainty]
    marks = mark(telling, Question.BOTH, pair), cell_mark(telling, Question.BOTH, pair)
    return [_weighed(telling, region, indicator, (policy, uncertainty), marks)]


def outside(telling: Telling, region: str) -> list[Finding]:
    """Return the largest share that outside conditions have in any outcome."""
    rows = [
        row
        for row in telling.rows(
            "sobol", year=LAST_YEAR, region=region, question=Question.BOTH.value
        )
        if row.text("kind") == Kind.OUTSIDE and row.text("indicator") in WORDS
    ]
    if not rows:
        return []
    largest = max(rows, key=lambda row: row.number(TOTAL.high))
    indicator, quotes, labels = largest.text("indicator"), Quotes(telling), telling.labels
    said = labels("outside_said", begin=mark(telling, Question.BOTH, [largest]))
    share = quotes.share(largest, TOTAL)
    about = labels("outside_about", share=share, word=telling.word(indicator))
    return [quotes.finding(region, indicator, Topic.OUTSIDE, said, about)]


def outweighs(one: Row, other: Row) -> bool:
    """Whether intervals of one lie above those of the other, alone and in total."""
    return all(one.number(c.low) > other.number(c.high) for c in (FIRST, TOTAL))


def _weighed(
    telling: Telling, region: str, indicator: str, pair: tuple[Row, Row], marks: tuple[str, str]
) -> Finding:
    quotes, labels, (begin, end), policy = Quotes(telling), telling.labels, marks, pair[0]
    said = "weigh_open_said"
    if outweighs(*pair):
        said = "policy_over_said"
    elif outweighs(*reversed(pair)):
        pair, said = pair[::-1], "uncertainty_over_said"
    total, alone = (
        labels("weigh_pair", one=quotes.share(pair[0], c), other=quotes.share(pair[1], c))
        for c in (TOTAL, FIRST)
    )
    cell = {POLICY_SHARE: f"{Quotes(telling).share(policy, TOTAL)}{end}"}
    about = labels("weigh_about", word=telling.word(indicator), total=total, alone=alone)
    return quotes.finding(region, indicator, Topic.WEIGHS, labels(said, begin=begin), about, cell)
