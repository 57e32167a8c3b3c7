"""Conflicts in Chinese hold the numbers of the figures that they are between, and no others."""

import re

import pytest

from simdyn.answers.coherence import Rule, contradictions
from simdyn.facts.checks.record import ConflictKind
from simdyn.facts.conflicts import find_conflicts
from simdyn.facts.records import Moment, Period
from simdyn.report.words.conflicts import (
    BY_FIGURES,
    CONFLICTS,
    CONTRADICTIONS,
    conflict_text,
    period_text,
)
from simdyn.report.words.language import ENGLISH, Language, labels_of
from simdyn.study import Study

CHINESE = labels_of(Language.ZH)
FIXED = {"100", "2.5"}
"""Numbers of the words themselves: a whole in percent, and PM2.5."""


def test_every_kind_of_conflict_has_a_sentence_and_a_name() -> None:
    assert set(ConflictKind) == {*CONFLICTS, *(kind for kind, _ in BY_FIGURES)}
    assert set(Rule) == set(CONTRADICTIONS)
    for pattern in (*CONFLICTS.values(), *BY_FIGURES.values(), *CONTRADICTIONS.values()):
        assert CHINESE.term(pattern) != pattern
    for kind in (*ConflictKind, *Rule):
        assert CHINESE.term(kind) != kind


def test_numbers_are_those_of_the_figures_or_follow_from_them(study: Study) -> None:
    found = (*find_conflicts(study.facts), *contradictions(study.facts))
    assert len(found) > 20
    for conflict in found:
        between = [study.facts[name] for name in conflict.facts]
        text = conflict_text(conflict, study.facts, CHINESE)
        titles = {study.facts.sources[fact.document].title for fact in between}
        for title in titles:
            text = text.replace(title, "")
        given = {fact.printed for fact in between}
        given |= {year for fact in between for year in re.findall(r"\d+", str(fact.period))}
        for number in set(re.findall(r"\d[\d,.]*", text)) - given - FIXED:
            value = float(number.replace(",", ""))
            follows = [pytest.approx(n, rel=1e-3) for n in (conflict.stated, conflict.implied)]
            assert value in follows, text
        assert not re.search("[A-Za-z{}]", text), text
        assert all(fact.printed in text for fact in between), text


def test_english_is_the_sentence_of_the_conflict(study: Study) -> None:
    for conflict in find_conflicts(study.facts):
        assert conflict_text(conflict, study.facts, ENGLISH) == conflict.sentence


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2020", "2020", "2020年"),
        ("2016", "2020", "2016-2020年"),
        ("2019H1", "2019H1", "2019年上半年"),
        (None, "2020", "截至2020年"),
        (None, None, "年份不详"),
    ],
)
def test_periods_are_written_as_statistics_do(start: str, end: str, text: str) -> None:
    moments = [Moment.parse(moment) if moment else None for moment in (start, end)]
    assert period_text(Period(*moments), CHINESE) == text
