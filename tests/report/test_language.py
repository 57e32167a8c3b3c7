"""Both languages say the same things, and everything that results name has a Chinese word."""

import re
import string
import tomllib
from dataclasses import replace

import pytest

from simdyn.audit import BALANCES, CHANGES, PRODUCTS
from simdyn.calibrate.verdicts import Verdict
from simdyn.facts.records import Confidence, Layer, PriceBasis, Role, Vintage
from simdyn.facts.words import kind_words
from simdyn.names import EXTENSIVE, RATIOS
from simdyn.regions import Basis, Evidence, Scope
from simdyn.report.words.language import ENGLISH, FOLDER, Language, labels_of
from simdyn.sensitivity.given.split import NOISE, POLICY, SOLVER, TOGETHER, UNEXPLAINED
from simdyn.sensitivity.regional import Question
from simdyn.sensitivity.regional.inputs import Kind
from simdyn.study import Study

CHINESE = labels_of(Language.ZH)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_every_label_with_the_same_places() -> None:
    english, chinese = (labels_of(language).words for language in Language)
    assert english.keys() == chinese.keys()
    for name, text in english.items():
        assert _places(text) == _places(chinese[name]), name


@pytest.mark.parametrize(
    "english",
    [
        *(q.title for q in (*EXTENSIVE, *RATIOS)),
        *dict.fromkeys(q.unit for q in (*EXTENSIVE, *RATIOS)),
        *(question.value for question in Question),
        *(kind.value for kind in Kind),
        *(each.value for each in (*Layer, *Role, *Confidence, *Vintage, *PriceBasis)),
        *(each.value for each in (*Verdict, *Basis, *Evidence)),
        *(POLICY, TOGETHER, UNEXPLAINED, NOISE, SOLVER),
        *(*BALANCES, *CHANGES, *PRODUCTS),
    ],
)
def test_what_results_name_has_a_chinese_word(english: str) -> None:
    assert CHINESE.term(english) != english
    assert ENGLISH.term(english) == english


def test_everything_of_the_facts_has_a_chinese_word(study: Study) -> None:
    for fact in study.facts:
        assert CHINESE.quantity(fact.quantity) != fact.quantity, fact.id
        assert CHINESE.quantity(fact.quantity) != ENGLISH.quantity(fact.quantity), fact.id
        for english in (kind_words(fact), fact.unit.meaning):
            assert CHINESE.term(english) != english, fact.id


def test_what_only_regions_have_has_a_chinese_word(study: Study) -> None:
    measured = {
        prior.parameter
        for region in study.regions.values()
        for prior in region.priors
        if prior.applies_to is Scope.MEASUREMENT
    }
    assert measured
    for parameter in measured:
        assert CHINESE.term(parameter) != parameter


@pytest.mark.parametrize("table", ["words", "quantities"])
def test_a_word_stands_in_one_file_of_a_language(table: str) -> None:
    for language in Language:
        known: dict[str, str] = {}
        for path in sorted((FOLDER / language).glob("*.toml")):
            for name, text in (
                tomllib.loads(path.read_text(encoding="utf-8")).get(table, {}).items()
            ):
                assert known.setdefault(name, text) == text, f"{path.name}: {name}"


def test_what_readers_are_told_of_scenarios_regions_and_the_study_is_in_both(study: Study) -> None:
    told = [
        [
            labels.title(study),
            *(labels.note(region) for region in study.regions.values()),
            *(labels.description(scenario) for scenario in study.scenarios),
        ]
        for labels in (ENGLISH, CHINESE)
    ]
    for english, chinese in zip(*told, strict=True):
        assert english.isascii()
        assert not re.search("[A-Za-z]{2}", chinese)
        years = (set(re.findall(r"(?:19|20)\d\d", text)) for text in (english, chinese))
        assert next(years) == next(years), chinese


def test_what_has_no_chinese_is_told_in_english(study: Study) -> None:
    scenario = study.scenarios[0]
    bare = replace(scenario, file=scenario.file.model_copy(update={"description_zh": ""}))
    assert CHINESE.description(bare) == ENGLISH.description(scenario)


def test_items_are_listed_as_each_language_does() -> None:
    assert ENGLISH.listed(["a", "b", "c"]) == "a, b and c"
    assert CHINESE.listed(["甲", "乙", "丙"]) == "甲、乙和丙"
    assert [labels.listed(["a"]) for labels in (ENGLISH, CHINESE)] == ["a", "a"]
    assert [labels.listed([]) for labels in (ENGLISH, CHINESE)] == ["", ""]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("table", ["words", "terms"])
def test_no_two_topics_say_the_same_thing(language: Language, table: str) -> None:
    files = [tomllib.loads(p.read_text("utf-8")) for p in (FOLDER / language).glob("*.toml")]
    names = [name for file in files for name in file.get(table, {})]
    assert sorted({*names}) == sorted(names)
