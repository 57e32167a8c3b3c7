"""Whether sampling went on until indices were settled, question by question."""

from __future__ import annotations

from collections.abc import Sequence

from simdyn.report.sensitivity_words.quotes import Finding, Quotes, Row, Topic, rows_of
from simdyn.sensitivity.regional import Question, Sensitivity

ORDERS = ("first", "total")
SETTLED = "settled, {} runs"
NOT_SETTLED = "not yet: {} runs, about {} more"


def verdicts(found: Sensitivity, region: str) -> list[Finding]:
    """Return whether each question with a design is settled in a region."""
    last = {question: _last_stage(found, question, region) for question in Question}
    return [_verdict(region, question, row) for question, row in last.items() if row]


def mark(found: Sensitivity, question: Question, rows: Sequence[Row]) -> str:
    """Return what sentences begin with that use these indices of a question in a region.

    Indices count as settled if sampling was, or if their own intervals are as narrow as was asked.
    """
    stage = _last_stage(found, question, rows[0].text("region"))
    if stage is None:
        return "not known to be settled: "
    narrow = max(map(_half_width, rows)) <= found.plan.precision.half_width
    return "" if stage.cells["settled"] or narrow else "not yet settled: "


def cell_mark(found: Sensitivity, question: Question, rows: Sequence[Row]) -> str:
    """Return the mark of a cell of a table with these indices of a question."""
    return " (not settled)" if mark(found, question, rows) else ""


def _half_width(row: Row) -> float:
    ends = ((row.number(f"{order}_low"), row.number(f"{order}_high")) for order in ORDERS)
    return max((high - low) / 2 for low, high in ends)


def _last_stage(found: Sensitivity, question: Question, region: str) -> Row | None:
    stages = rows_of(found, "stages", question=question.value, region=region)
    return max(stages, key=lambda row: row.number("stage"), default=None)


def _verdict(region: str, question: Question, row: Row) -> Finding:
    quotes = Quotes()
    runs = quotes.number(row, "n_run")
    if row.cells["settled"]:
        said, about = "sampling is settled:", f"{question}, after {runs} runs"
        cell = SETTLED.format(runs)
    else:
        more = quotes.number(row, "more")
        widest = quotes.number(row, "half_width", scale=100.0)
        whose = f"{quotes.name(row)} in {quotes.name(row, 'outcome')}"
        said = "sampling is not yet settled:"
        about = f"{question}, after {runs} runs, about {more} more; widest: ±{widest} %, {whose}"
        cell = f"{NOT_SETTLED.format(runs, more)} (widest: ±{widest} %, {whose})"
    return Finding(
        region, "", Topic.SETTLED, said, about, quotes.found, {question.value: cell}, is_list=True
    )
