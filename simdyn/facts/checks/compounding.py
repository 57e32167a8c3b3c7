"""A yearly average compounded over its years, against total growth over the same span."""

from __future__ import annotations

from collections.abc import Iterator

from simdyn.facts.checks.record import Conflict, ConflictKind, conflict
from simdyn.facts.collection import Facts
from simdyn.facts.intervals import Interval, compounded, interval
from simdyn.facts.records import Fact, Kind
from simdyn.facts.words import title


def average_against_total(facts: Facts, region: str) -> Iterator[Conflict]:
    """Yield each total growth that no rounding of the yearly average can give."""
    totals = facts.select(region=region, kind=Kind.GROWTH_TOTAL)
    for average in facts.select(region=region, kind=Kind.GROWTH_ANNUAL_AVERAGE):
        for total in totals:
            if _same_span(average, total) and not _compounded(average).meets(interval(total)):
                yield _conflict(average, total)


def _same_span(average: Fact, total: Fact) -> bool:
    """Whether the years of growth are the same: a total starts one year earlier, at its base."""
    same = (average.quantity, average.role) == (total.quantity, total.role)
    percent = total.unit.base == "percent"
    return same and percent and average.period.years == total.period.years[1:]


def _compounded(average: Fact) -> Interval:
    allowed, n_year = interval(average), len(average.period.years)
    return Interval(compounded(allowed.low, n_year), compounded(allowed.high, n_year))


def _conflict(average: Fact, total: Fact) -> Conflict:
    implied = compounded(average.number, len(average.period.years))
    sentence = (
        f"{title(average.quantity)}: {average.printed} % a year over {average.period} compounds "
        f"to {implied:.1f} %, but growth over {total.period} is given as {total.printed} %."
    )
    return conflict(ConflictKind.COMPOUNDING, sentence, total.number, implied, average, total)
