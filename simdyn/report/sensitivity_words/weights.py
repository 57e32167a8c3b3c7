"""Policy levers over their limits, weighed against uncertainty and outside conditions."""

from __future__ import annotations

from simdyn.names import LAST_YEAR
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
from simdyn.sensitivity.regional.inputs import Kind

POLICY_SHARE = "policy levers' share"
FIRST = Shares("first", "first_low", "first_high")


def weighed(found: Sensitivity, region: str, indicator: str) -> list[Finding]:
    """Return which of policy and uncertainty outweighs the other, if intervals tell."""
    rows = {
        row.text("kind"): row
        for row in rows_of(
            found,
            "sobol",
            year=LAST_YEAR,
            region=region,
            indicator=indicator,
            question=Question.BOTH.value,
        )
    }
    policy, uncertainty = rows.get(Kind.POLICY), rows.get(Kind.UNCERTAINTY)
    if policy is None or uncertainty is None:
        return []
    pair = [policy, uncertainty]
    marks = mark(found, Question.BOTH, pair), cell_mark(found, Question.BOTH, pair)
    return [_weighed(region, indicator, policy, uncertainty, marks)]


def outside(found: Sensitivity, region: str) -> list[Finding]:
    """Return the largest share that outside conditions have in any outcome."""
    rows = [
        row
        for row in rows_of(
            found, "sobol", year=LAST_YEAR, region=region, question=Question.BOTH.value
        )
        if row.text("kind") == Kind.OUTSIDE and row.text("indicator") in WORDS
    ]
    if not rows:
        return []
    largest = max(rows, key=lambda row: row.number(TOTAL.high))
    indicator, quotes = largest.text("indicator"), Quotes()
    said = f"{mark(found, Question.BOTH, [largest])}the largest share of outside conditions is"
    about = f"{quotes.share(largest, TOTAL)}, in {WORDS[indicator]}"
    return [Finding(region, indicator, Topic.OUTSIDE, said, about, quotes.found)]


def outweighs(one: Row, other: Row) -> bool:
    """Whether intervals of one lie above those of the other, alone and in total."""
    return all(one.number(c.low) > other.number(c.high) for c in (FIRST, TOTAL))


def _weighed(
    region: str, indicator: str, policy: Row, uncertainty: Row, marks: tuple[str, str]
) -> Finding:
    quotes, (begin, end) = Quotes(), marks
    pair, said = (
        (policy, uncertainty),
        "whether policy or uncertainty weighs more cannot be told in",
    )
    if outweighs(policy, uncertainty):
        said = "policy outweighs uncertainty in"
    elif outweighs(uncertainty, policy):
        pair, said = (uncertainty, policy), "uncertainty outweighs policy in"
    total, alone = (
        " against ".join(quotes.share(row, columns) for row in pair) for columns in (TOTAL, FIRST)
    )
    cell = {POLICY_SHARE: f"{Quotes().share(policy, TOTAL)}{end}"}
    about = f"{WORDS[indicator]} ({total}; alone {alone})"
    return Finding(region, indicator, Topic.WEIGHS, begin + said, about, quotes.found, cell)
