"""Paired differences: bands of differences, not differences of bands; failed draws; gaps."""

import numpy as np
import pytest
from planted_runs import make_years, planted_case

from simdyn.answers.case import Case
from simdyn.answers.differences import difference_table, gap_table
from simdyn.answers.indicators import INDICATORS
from simdyn.years import Years

BASE = np.random.default_rng(2).lognormal(3, 1.0, 101)
EFFECT = np.linspace(-1, 9, 101)


def _row(case: Case, one: Years, other: Years, name: str = "GDP") -> dict[str, float]:
    runs = {("songbei", "baseline"): other, ("songbei", "plan"): one}
    table = difference_table(
        planted_case(case, runs), [INDICATORS[name]], [2030], ["songbei"], ["plan"], "baseline"
    )
    (row,) = table.to_dict("records")
    return row


def test_the_band_is_of_differences_on_common_draws(case: Case) -> None:
    row = _row(case, make_years(GDP=BASE + EFFECT), make_years(GDP=BASE))
    points = [row[f"difference_p{p}"] for p in (10, 50, 90)]
    assert points == pytest.approx([0.0, 4.0, 8.0])
    wrong = np.percentile(BASE + EFFECT, 90) - np.percentile(BASE, 90)
    assert abs(points[2] - wrong) > 1
    assert row["above"] == pytest.approx(np.mean(EFFECT > 0))
    assert row["above_low"] < row["above"] < row["above_high"]
    assert (row["n"], row["n_failed"]) == (101, 0)


def test_percent_is_of_the_value_under_the_reference(case: Case) -> None:
    row = _row(case, make_years(GDP=BASE * (1 + EFFECT / 100)), make_years(GDP=BASE))
    assert [row[f"percent_p{p}"] for p in (10, 50, 90)] == pytest.approx([0.0, 4.0, 8.0])


def test_shares_and_rates_differ_in_points_only(case: Case) -> None:
    row = _row(case, make_years(Debt=BASE + 0.1), make_years(Debt=BASE), "debt ratio")
    assert row["difference_p50"] == pytest.approx(0.1)
    assert np.isnan(row["percent_p50"])


@pytest.mark.parametrize("lowest", [0.0, -1.0])
def test_nothing_is_a_percentage_of_nothing_or_less(case: Case, lowest: float) -> None:
    """The draws that have one would be some of all, and their sign could be wrong."""
    base = np.concatenate([[lowest], BASE[1:]])
    row = _row(case, make_years(transfers=base + 1), make_years(transfers=base), "transfers")
    assert row["difference_p50"] == pytest.approx(1)
    assert np.isnan([row["percent_p10"], row["percent_p90"]]).all()


def test_a_draw_that_failed_on_either_side_is_left_out(case: Case) -> None:
    one = make_years([False, True, True, True], GDP=np.array([np.nan, 3.0, 5.0, 7.0]))
    other = make_years([True, True, True, False], GDP=np.array([1.0, 1.0, 1.0, -1e300]))
    row = _row(case, one, other)
    assert (row["n"], row["n_failed"]) == (2, 2)
    assert row["difference_p50"] == pytest.approx(3.0)
    assert row["value_p50"] == pytest.approx(4.0)


def test_a_scenario_does_not_differ_from_itself(case: Case) -> None:
    row = _row(case, make_years(GDP=BASE), make_years(GDP=BASE))
    assert row["difference_p10"] == row["difference_p90"] == row["above"] == 0


def test_the_year_of_doubling_is_compared_where_both_sides_double(case: Case) -> None:
    def doubling(first: list[int]) -> Years:
        year = np.arange(2015, 2036)[:, None]
        return make_years(GDP=np.where(year >= np.array(first), 2.0, 1.0))

    row = _row(
        case, doubling([2025, 2030, 2030]), doubling([2028, 2040, 2032]), "GDP doubling year"
    )
    assert row["n"] == 2
    assert row["difference_p50"] == pytest.approx(-2.5)
    assert "have no difference: left out" in str(row["note"])


def test_a_gap_between_regions_and_its_ratio(case: Case) -> None:
    runs = {
        ("songbei", "plan"): make_years(GDP=3 * BASE),
        ("qiqihar", "plan"): make_years(GDP=BASE),
    }
    planted = planted_case(case, runs)
    gdp = [INDICATORS["GDP"]]
    (row,) = gap_table(planted, gdp, [2030], ["qiqihar", "songbei"], ["plan"]).to_dict("records")
    assert (row["region"], row["against"]) == ("songbei", "qiqihar")
    assert row["ratio_p10"] == pytest.approx(3)
    assert row["gap_p50"] == pytest.approx(2 * np.median(BASE))
    assert row["above"] == 1
    (back,) = gap_table(planted, gdp, [2030], ["songbei", "qiqihar"], ["plan"]).to_dict("records")
    assert back["gap_p10"] == pytest.approx(-row["gap_p90"])


def test_every_two_of_the_regions_are_compared_and_marked(case: Case) -> None:
    regions = ["songbei", "daoli", "hachang_zone"]
    table = gap_table(case, [INDICATORS["GDP per head"]], [2030], regions, ["baseline"])
    assert len(table) == 3
    daoli = table[table["against"] == "daoli"]
    assert set(daoli["against_basis"]) == {"illustrative"}
