from pathlib import Path

import pytest
from planted_rows import line, write

from simdyn.facts.checks.record import Conflict, ConflictKind
from simdyn.facts.collection import Facts
from simdyn.facts.conflicts import find_conflicts
from simdyn.facts.reader import read_facts
from simdyn.facts.records import Layer


def find(facts: Facts, *ids: str) -> Conflict:
    found = [c for c in find_conflicts(facts) if set(ids) <= set(c.facts)]
    assert len(found) == 1, [c.sentence for c in found]
    return found[0]


def test_shuangchengs_yearly_average_compounds_to_more_than_its_total(facts: Facts) -> None:
    found = find(
        facts, "shuangcheng.gdp.growth_annual_average.2016-2020",
        "shuangcheng.gdp.growth_total.2015-2020",
    )  # fmt: skip
    assert found.kind is ConflictKind.COMPOUNDING
    assert found.stated == 10
    assert found.implied == pytest.approx(100 * (1.029**5 - 1))
    assert "compounds to 15.4 %" in found.sentence


def test_shuangchengs_levels_are_of_two_vintages(facts: Facts) -> None:
    found = find(facts, "shuangcheng.gdp.level.2015", "shuangcheng.gdp.level.2020")
    assert found.kind is ConflictKind.VINTAGES
    assert found.stated == 526.6
    assert found.implied == pytest.approx(239.8 / 1.10)
    assert "implies 218.0 in 2015" in found.sentence


def test_shuangchengs_old_levels_give_less_than_their_stated_growth(facts: Facts) -> None:
    found = find(facts, "shuangcheng.gdp.level.2010", "shuangcheng.gdp.level.2015")
    assert found.kind is ConflictKind.LEVELS
    assert found.implied == pytest.approx(526.6 / 1.1702**5)


def test_songbeis_projects_and_infrastructure_exceed_its_investment(facts: Facts) -> None:
    found = find(facts, "songbei.fixed_asset_investment.cumulative.2016-2020")
    assert found.kind is ConflictKind.PARTS
    assert (found.stated, found.implied) == (1700, pytest.approx(1834.7))
    assert len(found.facts) == 3


def test_songbeis_target_needs_more_than_its_target_growth(facts: Facts) -> None:
    found = find(facts, "songbei.gdp.target_level.2025", "songbei.gdp.level.2020")
    assert found.kind is ConflictKind.TARGET
    assert found.implied == pytest.approx(100 * (2**0.2 - 1))
    assert "needs up to 14.9 % a year" in found.sentence
    assert found.stated == 10


def test_the_zones_tax_target_exceeds_the_districts_revenue(facts: Facts) -> None:
    found = find(facts, "shuangcheng.etdz_tax_revenue.target_level.2025")
    assert (found.stated, found.implied) == (18.8, 20)


def test_population_implied_by_gdp_per_head_is_not_the_resident_one(facts: Facts) -> None:
    found = find(facts, "shuangcheng.gdp_per_capita.level.2020")
    assert found.kind is ConflictKind.POPULATION
    assert found.stated == 633_880
    assert found.implied == pytest.approx(239.8e8 / 30_000)
    between = find(facts, "shuangcheng.gdp_per_capita.level.2015")
    assert between.stated == pytest.approx((825_634 * 633_880) ** 0.5)


def test_songbeis_sectors_shift_too_fast(facts: Facts) -> None:
    found = find(facts, "songbei.tertiary_share.share.2016", "songbei.tertiary_share.share.2020")
    assert found.kind is ConflictKind.SECTORS
    assert "+26.9 points" in found.sentence


def test_two_values_and_breaks_between_sources(facts: Facts) -> None:
    twice = find(facts, "harbin_new_area.gdp.growth_yoy.2019H1")
    assert (twice.kind, twice.stated, twice.implied) == (ConflictKind.TWO_VALUES, 10.3, 8.2)
    broken = find(facts, "yushu.gdp.level.2016", "yushu.gdp.level.2019")
    assert broken.kind is ConflictKind.BREAK
    assert "-17.9 % a year" in broken.sentence


def test_consistent_figures_are_left_alone(facts: Facts) -> None:
    assert find_conflicts(facts, "qiqihar") == ()
    assert find_conflicts(facts, "heilongjiang") == ()


def test_documents_alone_know_only_their_own_conflicts(facts: Facts) -> None:
    found = find_conflicts(facts.only(Layer.DOCUMENTS))
    assert {c.region for c in found} == {"shuangcheng", "songbei"}
    assert ConflictKind.VINTAGES not in {c.kind for c in found}


def test_places_name_line_document_and_section(facts: Facts) -> None:
    for found in find_conflicts(facts):
        for name, place in zip(found.facts, found.places, strict=True):
            fact = facts[name]
            assert f"{fact.path.name}:{fact.line} ({fact.document}" in place
            assert fact.section in place


def share(quantity: str, value: str) -> str:
    return line(quantity=quantity, kind="share", unit="percent", value=value, bound="eq")


@pytest.mark.parametrize(("tertiary", "n_conflict"), [("59.3", 0), ("59.2", 0), ("58.3", 1)])
def test_shares_must_add_up_within_rounding(folder: Path, tertiary: str, n_conflict: int) -> None:
    values = {"primary_share": "0.6", "secondary_share": "40.1", "tertiary_share": tertiary}
    write(folder, *(share(quantity, value) for quantity, value in values.items()))
    assert len(find_conflicts(read_facts(folder))) == n_conflict


@pytest.mark.parametrize(("total", "n_conflict"), [("15", 0), ("15.4", 0), ("16.5", 1)])
def test_rounding_of_an_average_is_allowed_for(folder: Path, total: str, n_conflict: int) -> None:
    write(
        folder,
        line(kind="growth_annual_average", value="2.9", unit="percent", start="2016", bound="eq"),
        line(kind="growth_total", value=total, unit="percent", start="2015", bound="eq"),
    )
    assert len(find_conflicts(read_facts(folder))) == n_conflict


def test_extreme_figures_do_not_break_the_checks(folder: Path) -> None:
    average = {"kind": "growth_annual_average", "unit": "percent", "start": "1800"}
    write(
        folder,
        line(value="0", bound="eq"),
        line(value="-3", bound="eq", start="2015", end="2015"),
        line(**average, value="9" * 300, bound="eq"),
        line(**average, value="-100", bound="lt"),
        line(kind="growth_total", value="-100", unit="percent", start="1800", bound="le"),
        line(kind="target_level", value="9" * 300, role="target", start="2025", end="2025"),
    )
    found = find_conflicts(read_facts(folder))
    assert [conflict.kind for conflict in found] == [ConflictKind.TWO_VALUES]
