"""Figures, targets and outcomes are named by what they are, each once in a region."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from simdyn.answers.indicators import INDICATORS
from simdyn.indicators import HEADLINES
from simdyn.report.words.figure_names import figure_labels, target_labels
from simdyn.report.words.language import ENGLISH, Language, labels_of
from simdyn.report.words.names import input_name, lever_name, outcome_name
from simdyn.sensitivity.regional import Outcome
from simdyn.study import Study

CHINESE = labels_of(Language.ZH)
NAMERS = (figure_labels, target_labels)


@pytest.mark.parametrize("namer", NAMERS)
def test_english_names_are_the_labels_as_they_stand(study: Study, namer) -> None:
    names = namer(study, ENGLISH)
    assert names
    assert all(name == label for (_, label), name in names.items())


@pytest.mark.parametrize("namer", NAMERS)
def test_chinese_names_tell_figures_of_a_region_apart_and_hold_no_english(
    study: Study, namer
) -> None:
    names = namer(study, CHINESE)
    assert names.keys() == namer(study, ENGLISH).keys()
    twice = Counter((region, name) for (region, _), name in names.items())
    assert max(twice.values()) == 1
    assert not [name for name in names.values() if re.search("[A-Za-z]{2}", name)]


@pytest.mark.parametrize("namer", NAMERS)
def test_the_years_in_a_chinese_name_are_those_that_are_read(study: Study, namer) -> None:
    for region in study.regions.values():
        for reading in (*region.observations, *region.targets):
            name = namer(study, CHINESE).get((region.key, reading.label))
            if name is not None:
                years = set(map(int, re.findall(r"\d{4}", name)))
                assert years in ({reading.end}, {reading.start, reading.end})


def test_a_name_says_how_the_figure_is_read_and_of_which_place(study: Study) -> None:
    names = figure_labels(study, CHINESE)
    assert names["shuangcheng", "GDP growth 2016-2020"] == "2016-2020年地区生产总值年均增长"
    assert names["songbei", "tertiary share 2016"] == "2016年第三产业占地区生产总值比重"
    assert names["songbei", "fixed asset investment 2016-2020"] == "2016-2020年固定资产投资累计"
    assert names["hachang_rest", "GDP growth of Yushu 2019"] == "2019年榆树市地区生产总值增速"
    assert "户籍人口" in names["shuangcheng", "GDP per registered head 2020"]


def test_outcomes_are_named_with_their_years() -> None:
    labels = [Outcome(indicator, 2035).label for indicator in INDICATORS.values()]
    names = [*INDICATORS, *labels, *(headline.name for headline in HEADLINES)]
    for name in names:
        assert outcome_name(name, ENGLISH) == name
        chinese = outcome_name(name, CHINESE).replace("GDP", "")
        assert not re.search("[A-Za-z]", chinese), chinese
        assert re.findall(r"\d{4}", chinese) == re.findall(r"\d{4}", name)
    assert outcome_name("debt ratio 2025", CHINESE) == "2025年债务占GDP比重"


def test_an_input_of_a_part_is_named_with_its_region() -> None:
    regions = {"North": "北"}
    assert input_name("initial GDP, North", ENGLISH, {"North": "North"}) == "initial GDP, North"
    chinese = input_name("initial GDP, North", CHINESE, regions)
    assert chinese.startswith(CHINESE.term("initial GDP"))
    assert "北" in chinese
    assert input_name("unknown, South", CHINESE, regions) == "unknown, South"
    assert input_name("tax lever", ENGLISH, {}) == "tax lever"
    assert "杠杆" in input_name("tax lever", CHINESE, {})


def test_a_lever_is_named_without_what_its_title_explains_in_brackets() -> None:
    titles = {"tax lever": "税收(相对变化)", "births lever": "出生率\uff08变化\uff09"}
    labels = replace(CHINESE, terms={**CHINESE.terms, **titles})
    assert lever_name("tax lever", labels) == "税收"
    assert lever_name("births lever", labels) == "出生率"
    assert lever_name("unknown lever", labels) == "unknown"
    assert lever_name("second shock depth", ENGLISH) == "second shock depth"
