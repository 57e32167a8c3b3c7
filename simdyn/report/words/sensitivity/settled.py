"""Whether sampling went on until indices were settled, question by question."""

from __future__ import annotations

from collections.abc import Sequence

from simdyn.report.words.sensitivity.quotes import Finding, Quotes, Topic
from simdyn.report.words.sensitivity.rows import Row
from simdyn.report.words.sensitivity.telling import Telling
from simdyn.sensitivity.regional import Question

ORDERS = ("first", "total")


def verdicts(telling: Telling, region: str) -> list[Finding]:
    """Return whether each question with a design is settled in a region."""
    last = {question: _last_stage(telling, question, region) for question in Question}
    return [_verdict(telling, region, question, row) for question, row in last.items() if row]


def mark(telling: Telling, question: Question, rows: Sequence[Row]) -> str:
    """Return what sentences begin with that use these indices of a question in a region.

    Indices count as settled if sampling was, or if their own intervals are as narrow as was asked.
    """
    stage = _last_stage(telling, question, rows[0].text("region"))
    if stage is None:
        return telling.labels("mark_unknown")
    narrow = max(map(_half_width, rows)) <= telling.found.plan.precision.half_width
    return "" if stage.cells["settled"] or narrow else telling.labels("mark_open")


def cell_mark(telling: Telling, question: Question, rows: Sequence[Row]) -> str:
    """Return the mark of a cell of a table with these indices of a question."""
    return telling.labels("mark_cell") if mark(telling, question, rows) else ""


def _half_width(row: Row) -> float:
    ends = ((row.number(f"{order}_low"), row.number(f"{order}_high")) for order in ORDERS)
    return max((high - low) / 2 for low, high in ends)


def _last_stage(telling: Telling, question: Question, region: str) -> Row | None:
    stages = telling.rows("stages", question=question.value, region=region)
    return max(stages, key=lambda row: row.number("stage"), default=None)


def _verdict(telling: Telling, region: str, question: Question, row: Row) -> Finding:
    quotes, labels = Quotes(telling), telling.labels
    told = {"question": labels.term(question.value), "runs": quotes.number(row, "n_run")}
    if row.cells["settled"]:
        kind = "settled"
    else:
        kind = "open"
        told["more"] = quotes.number(row, "more")
        told["widest"] = quotes.number(row, "half_width", scale=100.0)
        whose = {"name": quotes.name(row), "outcome": quotes.name(row, "outcome")}
        told["whose"] = labels("widest_of", **whose)
    return quotes.finding(
        region,
        "",
        Topic.SETTLED,
        labels(f"{kind}_said"),
        labels(f"{kind}_about", **told),
        {question.value: labels(f"{kind}_cell", **told)},
        is_list=True,
    )
