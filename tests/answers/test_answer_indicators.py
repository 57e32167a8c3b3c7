"""Indicators: closed forms on planted paths, what is not available, accounts of the real model."""

import math

import numpy as np
import pytest
from planted_runs import growing, make_years, planted_case

from simdyn.answers.case import Case
from simdyn.answers.indicators import (
    INDICATORS,
    PER_REGISTERED_HEAD,
    find_indicator,
    indicator_table,
    values_of,
)
from simdyn.errors import RunError
from simdyn.indicators import HEADLINES
from simdyn.names import SECTORS

RATES = np.array([0.0, 2.0, 5.0, 7.5, 12.0])


def test_growth_gives_back_the_rate_in_every_period() -> None:
    years = make_years(GDP=growing(RATES))
    for name in ("2016-2020", "2021-2025", "2026-2035", "2021-2035"):
        found = INDICATORS[f"GDP growth {name}"].of(years, {}, 2035)
        np.testing.assert_allclose(found, RATES, atol=1e-9)


def test_the_year_of_doubling_follows_from_the_rate() -> None:
    found = INDICATORS["GDP doubling year"].of(make_years(GDP=growing(RATES)), {}, 2035)
    for rate, year in zip(RATES, found, strict=True):
        wanted = 2020 + math.ceil(math.log(2) / math.log1p(rate / 100)) if rate else math.inf
        assert year == (wanted if wanted <= 2035 else math.inf)


def test_the_chance_of_doubling_is_the_share_of_draws_that_do(case: Case) -> None:
    runs = {("songbei", "baseline"): make_years(GDP=growing(RATES))}
    table = indicator_table(planted_case(case, runs), [INDICATORS["GDP doubling year"]])
    (row,) = table.to_dict("records")
    assert row["reached"] == pytest.approx(3 / 5)
    assert row["p50"] == 2035
    assert row["p90"] == math.inf
    assert "beyond 2035" in row["note"]


def test_failed_draws_are_left_out_and_counted(case: Case) -> None:
    wild = np.array([1.0, 2.0, 3.0, np.inf, -1e300])
    years = make_years([True, True, True, False, False], GDP=wild)
    table = indicator_table(
        planted_case(case, {("songbei", "baseline"): years}), [INDICATORS["GDP"]]
    )
    (row,) = table.to_dict("records")
    assert (row["p50"], row["n"], row["n_failed"], row["reached"]) == (2.0, 3, 2, 1.0)


def test_heads_by_register_are_given_only_where_there_is_evidence(case: Case) -> None:
    table = indicator_table(case, [PER_REGISTERED_HEAD])
    given = set(table[table["n"] > 0]["region"])
    assert given == {"shuangcheng"}
    assert set(table[table["n"] > 0]["year"]) == {2020}
    assert table[table["n"] == 0]["note"].str.startswith("not available").all()
    values = values_of(case, PER_REGISTERED_HEAD, "shuangcheng", "baseline", 2035)
    money = values_of(case, INDICATORS["nominal GDP"], "shuangcheng", "baseline", 2020)
    persons = case.measurement("shuangcheng")["registered population"]
    np.testing.assert_allclose(values, money / persons)


@pytest.mark.parametrize("region", ["songbei", "hachang_zone"])
def test_ratios_agree_with_the_quantities_that_they_are_of(case: Case, region: str) -> None:
    def value(name: str) -> np.ndarray:
        return values_of(case, find_indicator(name), region, "plan", 2030)

    shares = [value(f"{sector.removesuffix(' output')} share") for sector in SECTORS]
    ok = case.runs.years(region, "plan").ok
    np.testing.assert_allclose(np.sum(shares, axis=0)[ok], 1)
    np.testing.assert_allclose(value("debt ratio") * value("nominal GDP"), value("Debt"))
    np.testing.assert_allclose(
        value("transfer ratio") * value("budget expenditure"), value("transfers")
    )


def test_headlines_of_a_study_are_among_the_indicators(case: Case) -> None:
    years = case.runs.years("qiqihar", "plan")
    for headline in HEADLINES:
        if headline.name in INDICATORS:
            found = INDICATORS[headline.name].of(years, {}, 2035)
            np.testing.assert_array_equal(found[years.ok], headline.read(years)[years.ok])


def test_an_unknown_indicator_is_named_with_the_nearest() -> None:
    assert find_indicator("gdp PER head").name == "GDP per head"
    with pytest.raises(RunError, match="Did you mean 'debt ratio'"):
        find_indicator("debt ration")
