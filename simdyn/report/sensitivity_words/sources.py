"""Where an outcome's variance is from."""

from __future__ import annotations

from simdyn.names import LAST_YEAR
from simdyn.report.markdown import escaped, listed
from simdyn.report.sensitivity_words.quotes import (
    TINY,
    WORDS,
    Finding,
    Quotes,
    Row,
    Shares,
    Topic,
    rows_of,
    significant,
)
from simdyn.sensitivity.regional import Sensitivity

SHARE = Shares("share", "low", "high")


def origins(found: Sensitivity, region: str, indicator: str) -> list[Finding]:
    """Return the sources of an outcome's variance, largest first."""
    rows = rows_of(found, "sources", year=LAST_YEAR, region=region, indicator=indicator)
    if not rows:
        return []
    quotes = Quotes()
    ranked = sorted(rows, key=lambda row: -row.number("share"))
    tiny = [row for row in ranked if _is_tiny(row)]
    rest = [row for row in ranked if not _is_tiny(row)]
    parts = [f"{quotes.name(row, 'source')} {quotes.share(row, SHARE)}" for row in rest]
    if tiny:
        names = listed([quotes.name(row, "source") for row in tiny])
        parts.append(f"under {100 * TINY:g} % {names}")
    about = f"of {WORDS[indicator]} {', '.join(parts)}"
    cells = {escaped(row.text("source")): _cell(row) for row in rows}
    said = "the variance is made up,"
    return [
        Finding(region, indicator, Topic.SOURCES, said, about, quotes.found, cells, is_list=True)
    ]


def _is_tiny(row: Row) -> bool:
    return row.number("high") < TINY


def _cell(row: Row) -> str:
    if _is_tiny(row):
        return f"under {100 * TINY:g}"
    if not row.number("low") > 0:
        return "none told"
    middle, low, high = (significant(100 * row.number(c)) for c in ("share", "low", "high"))
    return f"{middle} [{low}, {high}]"
