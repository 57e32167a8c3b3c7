"""Where an outcome's variance is from."""

from __future__ import annotations

from simdyn.names import LAST_YEAR
from simdyn.report.words.language import Labels
from simdyn.report.words.sensitivity.quotes import TINY, Finding, Quotes, Topic, significant
from simdyn.report.words.sensitivity.rows import Row, Shares
from simdyn.report.words.sensitivity.telling import Telling

SHARE = Shares("share", "low", "high")


def origins(telling: Telling, region: str, indicator: str) -> list[Finding]:
    """Return the sources of an outcome's variance, largest first."""
    rows = telling.rows("sources", year=LAST_YEAR, region=region, indicator=indicator)
    if not rows:
        return []
    quotes, labels = Quotes(telling), telling.labels
    ranked = sorted(rows, key=lambda row: -row.number("share"))
    tiny = [row for row in ranked if _is_tiny(row)]
    parts = [
        labels("origins_part", name=quotes.name(row, "source"), share=quotes.share(row, SHARE))
        for row in ranked
        if not _is_tiny(row)
    ]
    if tiny:
        names = telling.labels.listed([quotes.name(row, "source") for row in tiny])
        parts.append(labels("origins_tiny", bound=f"{100 * TINY:g}", names=names))
    joined = labels("origins_between").join(parts)
    about = labels("origins_about", word=telling.word(indicator), parts=joined)
    cells = {row.text("source"): _cell(row, labels) for row in rows}
    said = labels("origins_said")
    return [quotes.finding(region, indicator, Topic.SOURCES, said, about, cells, is_list=True)]


def _is_tiny(row: Row) -> bool:
    return row.number("high") < TINY


def _cell(row: Row, labels: Labels) -> str:
    if _is_tiny(row):
        return labels("origins_tiny_cell", bound=f"{100 * TINY:g}")
    if not row.number("low") > 0:
        return labels("origins_none_cell")
    middle, low, high = (significant(100 * row.number(c)) for c in ("share", "low", "high"))
    return f"{middle} [{low}, {high}]"
