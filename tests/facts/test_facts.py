import csv
from pathlib import Path

import pytest

from simdyn.errors import FactError
from simdyn.facts.collection import Facts
from simdyn.facts.coverage import coverage, year_words
from simdyn.facts.reader import check_facts
from simdyn.facts.records import Bound, Kind, Layer, Moment, Period, Role, Vintage
from simdyn.facts.topics import CORE_TOPIC, by_topic


def test_the_projects_facts_are_right_and_complete(facts: Facts, folder: Path) -> None:
    assert check_facts(folder) == []
    assert len(facts.only(Layer.DOCUMENTS)) == 489
    assert len(facts.only(Layer.PUBLIC)) == 159
    assert len(facts) == 648


def test_ids_are_unique_and_find_their_fact(facts: Facts) -> None:
    assert all(facts[fact.id] is fact for fact in facts)
    assert len({fact.id for fact in facts}) == 648


def test_ids_do_not_change_when_a_layer_is_left_out(facts: Facts) -> None:
    public = facts.only(Layer.PUBLIC)
    assert all(facts[fact.id] is fact for fact in public)
    assert "songbei.gdp.level.2020" not in public


def test_lines_point_at_the_row(facts: Facts, folder: Path) -> None:
    with (folder / "documents.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for fact in facts.only(Layer.DOCUMENTS):
        row = rows[fact.line - 1]
        assert (row[0], row[1], row[2], row[3]) == (
            fact.region,
            fact.quantity,
            fact.kind,
            fact.printed,
        )


def test_a_fact_keeps_what_is_printed(facts: Facts) -> None:
    fact = facts["songbei.gdp.level.2020"]
    assert (fact.printed, fact.number, fact.bound) == ("500", 500.0, Bound.GT)
    assert fact.amount == 5e10
    assert (fact.unit.meaning, fact.section, fact.year) == ("100 million CNY", "一:综合实力", 2020)


def test_the_old_vintage_is_marked(facts: Facts) -> None:
    assert facts["hachang_zone.gdp.level.2018"].vintage is Vintage.PRE_2018_CENSUS
    assert facts["shuangcheng.gdp.level.2015"].vintage is Vintage.PRE_2018_CENSUS
    assert facts["shuangcheng.gdp.level.2020"].vintage is Vintage.CURRENT


def test_parts_of_a_year_are_in_the_id(facts: Facts) -> None:
    assert facts["harbin_new_area.gdp.level.2018Q1"].year is None
    assert facts["harbin_new_area.gdp.growth_yoy.2019H1"].number == 10.3
    other = facts["harbin_new_area.gdp.growth_yoy.2019H1@china-daily-2019-08-30"]
    assert other.number == 8.2


def test_an_unknown_id_names_the_nearest(facts: Facts) -> None:
    with pytest.raises(FactError, match=r"Nearest: songbei\.gdp\.level\.2020"):
        facts["songbei.gdp.level.2019"]
    with pytest.raises(FactError, match=r"Nearest: .*songbei\.gdp"):
        facts["sonbei.gpd.level.2020"]


def test_a_bound_without_number_has_no_number(facts: Facts) -> None:
    fact = facts["songbei.gdp.bound.2016-2020"]
    assert fact.value is None
    with pytest.raises(FactError, match="has no number"):
        _ = fact.number


def test_selection_combines_conditions(facts: Facts) -> None:
    found = facts.select(region="qiqihar", quantity="gdp", kind=Kind.GROWTH_YOY)
    assert [(f.year, f.number) for f in found] == [(2021, 6.6), (2019, 6.0), (2020, 3.5)]
    targets = facts.select(region="daoli", role=Role.TARGET, layer=Layer.DOCUMENTS)
    assert len(targets) == 31


@pytest.mark.parametrize("name", ["shuangcheng", "SHUANGCHENG", "双城区", "双城", "Shuangcheng "])
def test_a_region_is_found_by_any_of_its_names(facts: Facts, name: str) -> None:
    assert facts.find_region(name).key == "shuangcheng"


def test_a_region_of_several_words_is_found(facts: Facts) -> None:
    assert facts.find_region("ha-chang zone").key == "hachang_zone"
    with pytest.raises(FactError, match="Did you mean 'qiqihar'"):
        facts.find_region("qiqhar")


def test_every_source_is_used_and_regions_are_those_of_the_study(facts: Facts) -> None:
    assert {fact.document for fact in facts} == set(facts.sources)
    assert facts.study_regions == ("shuangcheng", "songbei", "daoli", "qiqihar", "hachang_zone")


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        ("2020", "2020", "2020"),
        ("2016", "2020", "2016-2020"),
        ("", "2020", "until-2020"),
        ("", "", "undated"),
        ("2018Q1", "2018Q1", "2018Q1"),
    ],
)
def test_periods_are_written_as_in_ids(start: str, end: str, written: str) -> None:
    assert str(Period(Moment.parse(start), Moment.parse(end))) == written


def test_months_of_a_part_of_a_year() -> None:
    assert Moment(1, "Q2").months == (15, 17)
    assert Moment(1, "H2").months == (18, 23)
    assert Moment(1).months == (12, 23)


def test_coverage_of_songbei(facts: Facts) -> None:
    by_name = {item.quantity: item for item in coverage(facts, "songbei")}
    assert by_name["GDP"].level == {2020: (Layer.DOCUMENTS,)}
    assert by_name["GDP"].growth == {2020: (Layer.DOCUMENTS,)}
    assert by_name["resident population"].level == {2020: (Layer.PUBLIC,)}
    assert by_name["fixed asset investment"].missing == (2015, 2021)
    assert by_name["general budget revenue"].missing_level == tuple(range(2015, 2022))
    assert by_name["secondary share"].missing_level == (2015, 2017, 2018, 2019, 2021)
    assert not by_name["debt"].reported


def test_coverage_follows_the_evidence(facts: Facts) -> None:
    documents = facts.only(Layer.DOCUMENTS)
    population = coverage(documents, "songbei")[0]
    assert population.missing == tuple(range(2015, 2022))


def test_years_are_written_as_runs() -> None:
    assert year_words([2015, 2016, 2017, 2019, 2021]) == "2015-2017, 2019, 2021"
    assert year_words([]) == ""


def test_topics_keep_every_figure_with_the_core_first(facts: Facts) -> None:
    own = facts.select(region="shuangcheng")
    groups = by_topic(own)
    assert next(iter(groups)) == CORE_TOPIC
    assert groups[CORE_TOPIC][0].quantity == "population"
    assert sum(map(len, groups.values())) == len(own)
