"""Figures of counties: read through their share, each county labelled by what it has."""

import pytest

from simdyn.facts.collection import Facts
from simdyn.regions import Evidence, Region, Scope, counties


def test_every_county_is_labelled(regions: dict[str, Region], facts: Facts) -> None:
    found = {county.name: county for county in counties(regions["hachang_rest"], facts)}
    assert {name: county.label for name, county in found.items()} == {
        "Yushu": "resident population 2020, GDP 2019, GDP growth 2019, "
        "fixed asset investment 2019, general budget revenue 2019",
        "Wuchang": "resident population 2020",
        "Dehui": "no figure",
        "Fuyu": "resident population 2020",
        "Shulan": "no figure",
    }
    # What is on file but cannot be read stays visible.
    assert {fact.quantity for fact in found["Dehui"].unread} == {
        "registered_population",
        "grain_output",
    }
    assert "total_fiscal_revenue" in {fact.quantity for fact in found["Yushu"].unread}


def test_no_figure_of_a_member_is_in_two_hands(regions: dict[str, Region], facts: Facts) -> None:
    for region in regions.values():
        names = [name for o in region.observations for name in o.fact_ids]
        assert len(set(names)) == len(names)
        owners = {region.key, *region.file.members}
        assert {facts[name].region for name in names} <= owners


def test_shares_go_with_their_figures(regions: dict[str, Region], facts: Facts) -> None:
    rest = regions["hachang_rest"]
    shares = [p for p in rest.priors if p.applies_to is Scope.MEASUREMENT]
    assert len(shares) == 6
    strict = rest.under(Evidence.DOCUMENTS, facts)
    assert strict.observations == ()
    assert all(p.applies_to is Scope.MODEL for p in strict.priors)
    assert strict.file.basis_note.endswith("Under the documents alone: 0 of 7 readings.")
    assert "7个读数中保留0个" in strict.file.basis_note_zh
    assert strict.file.basis_note_zh.startswith(rest.file.basis_note_zh)


@pytest.mark.parametrize("region", ["songbei", "shuangcheng", "qiqihar", "daoli", "hachang_rest"])
def test_priors_do_not_look_at_the_census_that_is_an_observation(
    regions: dict[str, Region], region: str
) -> None:
    for prior in regions[region].priors:
        if prior.parameter in {"initial population", "base net migration rate"}:
            assert "censuses 2010 and 2020" not in prior.source
            assert "oes not look at" in prior.note
            assert prior.spread >= (0.12 if prior.parameter == "initial population" else 0.015)
