"""Plans that contradict themselves: the known sets, and none where the figures are mended."""

from collections.abc import Callable

import pytest

from simdyn.answers.coherence import Contradiction, Rule, contradictions
from simdyn.facts.collection import Facts
from simdyn.facts.reader import read_facts
from simdyn.project import Project

DOCUMENTS = "models/facts/documents.csv"
Edit = Callable[[str, str, str], None]


def _of(facts: Facts, rule: Rule, region: str) -> list[Contradiction]:
    return [found for found in contradictions(facts, region) if found.rule is rule]


def test_the_level_of_songbei_against_its_growth(facts: Facts) -> None:
    (found,) = _of(facts, Rule.GROWTH, "songbei")
    assert found.implied == pytest.approx(500 * 1.1**5)
    assert "needs up to 14.9 % a year" in found.sentence
    assert "gives 805" in found.sentence
    assert found.facts == (
        "songbei.gdp.target_level.2025",
        "songbei.gdp.level.2020",
        "songbei.gdp.target_growth_yoy.2021",
    )
    assert all("songbei-work-report-2021 §" in place for place in found.places)


def test_the_food_industry_of_shuangcheng_against_above_scale_industry(facts: Facts) -> None:
    (found,) = _of(facts, Rule.SHARE, "shuangcheng")
    assert found.stated == 15
    assert found.implied == pytest.approx(100 * 30 / 239.8)
    assert "30 x 1.05^5 = 38.3 is 12.5 % of 239.8 x 1.05^5 = 306.1" in found.sentence
    (ratio,) = _of(facts, Rule.RATIO, "shuangcheng")
    assert ratio.implied == pytest.approx(15 * 239.8 * 1.05**5 / 150)
    assert ratio.stated == pytest.approx(100 * 30 / 131.4)


def test_projects_and_contracts_against_investment(facts: Facts) -> None:
    (parts,) = _of(facts, Rule.PARTS, "songbei")
    assert parts.implied == pytest.approx(834.7 + 1000)
    five_years, one_year, aim = _of(facts, Rule.CONTRACTS, "songbei")
    assert (five_years.stated, five_years.implied) == (4270, 1700)
    assert "40 % would be built" in five_years.sentence
    assert (one_year.stated, one_year.implied) == (1262, 340)
    assert (aim.stated, aim.implied) == (1000, 340)


def test_targets_already_reached_and_two_wholes(facts: Facts) -> None:
    reached = {found.facts[0].split(".")[1] for found in _of(facts, Rule.REACHED, "shuangcheng")}
    assert reached == {
        "central_heating_area",
        "ecommerce_park_cumulative_transactions",
        "investment_projects_over_1e8",
    }
    (land,) = _of(facts, Rule.WHOLES, "shuangcheng")
    assert (land.stated, land.implied) == pytest.approx((400, 312.5))


def test_a_share_that_must_outgrow_its_sector(facts: Facts) -> None:
    (found,) = _of(facts, Rule.OUTGROW, "qiqihar")
    assert found.implied == pytest.approx(100 * (25 / 23 * 1.06 - 1))


@pytest.mark.parametrize(
    ("old", "new", "rule", "region"),
    [
        ("songbei,gdp,target_level,1000,", "songbei,gdp,target_level,805,", Rule.GROWTH, "songbei"),
        ("gdp_share,target_share,15,", "gdp_share,target_share,12,", Rule.SHARE, "shuangcheng"),
        ("gdp_share,target_share,15,", "gdp_share,target_share,11,", Rule.RATIO, "shuangcheng"),
        ("cumulative,4270,", "cumulative,1270,", Rule.CONTRACTS, "songbei"),
        ("land_area,target_level,125,", "land_area,target_level,160,", Rule.WHOLES, "shuangcheng"),
        ("gdp_share,target_share,25,", "gdp_share,target_share,23,", Rule.OUTGROW, "qiqihar"),
    ],
)
def test_figures_that_agree_are_not_named(
    project: Project, edit: Edit, facts: Facts, old: str, new: str, rule: Rule, region: str
) -> None:
    edit(DOCUMENTS, old, new)
    mended = read_facts(project.facts)
    assert len(_of(mended, rule, region)) == len(_of(facts, rule, region)) - 1


def test_a_planted_fault_is_found_in_another_region(project: Project, edit: Edit) -> None:
    header = "region,quantity,kind,value,unit,start,end,bound,role,price_basis,vintage,document,"
    source = "current,daoli-tasks-2023,(一)项目拉动,official,"
    rows = (
        f"daoli,retail_sales,level,100,1e8 CNY,2022,2022,eq,observed,nominal,{source}\n"
        f"daoli,retail_sales,target_level,150,1e8 CNY,2024,2024,eq,target,nominal,{source}\n"
    )
    edit(DOCUMENTS, header, header)
    path = project.root / DOCUMENTS
    path.write_text(path.read_text(encoding="utf-8") + rows, encoding="utf-8")
    (found,) = _of(read_facts(project.facts), Rule.GROWTH, "daoli")
    assert found.implied == pytest.approx(100 * 1.07**2)
    assert "needs 22.5 % a year" in found.sentence
