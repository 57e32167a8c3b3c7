"""Sigma and beta: closed forms, sets without double counting, failed draws, caveats."""

import numpy as np
import pytest
from planted_runs import growing, make_years, planted_case

from simdyn.answers.case import Case
from simdyn.answers.growth import (
    beta_table,
    chosen_regions,
    sigma,
    sigma_change_table,
    sigma_table,
    slope,
    speed,
)
from simdyn.arrays import Array
from simdyn.errors import RunError

KEYS = ("songbei", "shuangcheng", "qiqihar", "daoli")
AGE = np.arange(21)[:, None]
ONE = np.ones((1, 3))


def _case(case: Case, paths: dict[str, Array], people: dict[str, float] | None = None) -> Case:
    """Return a case whose regions have these GDPs per resident, (year, draw)."""
    living = people or {}
    runs = {
        (key, "plan"): make_years(
            GDP=path * living.get(key, 1.0), population=living.get(key, 1.0) * np.ones_like(path)
        )
        for key, path in paths.items()
    }
    return planted_case(case, runs)


def test_equal_regions_have_no_sigma_whoever_lives_there(case: Case) -> None:
    paths = {key: growing(ONE[0] * 3) for key in KEYS}
    planted = _case(case, paths, {"songbei": 7.0, "qiqihar": 0.3})
    table = sigma_table(planted)
    assert set(table["measure"]) == {"sigma", "sigma, weighted by residents"}
    np.testing.assert_allclose(table[["p10", "p50", "p90"]], 0, atol=1e-12)
    assert set(table["regions"]) == {", ".join(KEYS)}
    assert len(table) == 2 * 21


def test_two_regions_two_log_points_apart() -> None:
    per_head, residents = np.array([[1.0], [np.e**2]]), np.array([[3.0], [1.0]])
    assert sigma(per_head) == pytest.approx(1.0)
    assert sigma(per_head, residents) == pytest.approx(2 * np.sqrt(0.75 * 0.25))


def test_regions_that_grow_apart_and_together(case: Case) -> None:
    rate = np.array([-0.02, 0.01, 0.03])  # of the gap between the two
    paths = {"songbei": np.exp(1 + rate * AGE), "qiqihar": np.ones((21, 3))}
    table = sigma_change_table(_case(case, paths), spans=[(2021, 2025)])
    for row in table.to_dict("records"):
        assert row["p50"] == pytest.approx(0.5 * 0.05)
        assert row["falls"] == pytest.approx(1 / 3)


def test_a_draw_that_failed_in_any_region_is_left_out_and_counted(case: Case) -> None:
    gdp = np.ones((21, 3))
    runs = {
        ("songbei", "plan"): make_years([True, False, True], GDP=gdp),
        ("qiqihar", "plan"): make_years([True, True, False], GDP=np.e * gdp),
        ("daoli", "plan"): make_years(GDP=np.e * gdp),
    }
    planted = planted_case(case, runs)
    for table in (sigma_table(planted, years=[2020]), beta_table(planted)):
        assert set(table["n_failed"]) == {2}
        assert set(table["n"]) == {1}
    assert set(sigma_table(planted, years=[2020])["basis"]) == {"illustrative"}


def test_a_line_has_its_slope(case: Case) -> None:
    logs = np.array([0.0, 0.5, 1.3, 2.0])
    paths = {
        key: np.exp(start + (0.06 - 0.02 * start) * AGE * ONE)
        for key, start in zip(KEYS, logs, strict=True)
    }
    table = beta_table(_case(case, paths), spans=[(2016, 2025)])
    rows = table.set_index("measure")
    assert rows.loc["slope", "p50"] == pytest.approx(-2.0)
    assert rows.loc["speed of convergence", "p90"] == pytest.approx(-10 * np.log(0.8))
    assert rows.loc["slope", "below"] == rows.loc["slope", "kept"] == 1
    assert str(rows.loc["slope", "note"]).startswith("4 regions: the slope describes these")


def test_the_speed_of_a_path_that_converges_is_the_one_planted() -> None:
    """y(T) = exp(-v T) y(0) in logarithms, as along the neoclassical path near its end."""
    logs, rate, n = np.array([[0.0], [1.0], [3.0]]), 0.03, 15
    growth = (np.exp(-rate * n) - 1) * logs / n
    assert speed(slope(np.exp(logs), growth), n) == pytest.approx(rate)
    assert speed(np.array([-0.2]), 10)[0] == np.inf


def test_a_slope_of_equal_incomes_is_no_number() -> None:
    assert np.isnan(slope(np.full((4, 2), 3.7), np.arange(8.0).reshape(4, 2))).all()


def test_a_slope_that_one_region_makes_is_not_kept(case: Case) -> None:
    starts, rates = [0.0, 0.1, 0.0, 3.0], [0.02, 0.03, 0.02, -0.01]
    paths = {
        key: np.exp(start + rate * AGE * ONE)
        for key, start, rate in zip(KEYS, starts, rates, strict=True)
    }
    table = beta_table(_case(case, paths), spans=[(2016, 2020)])
    assert set(table["below"]) == {1.0}
    assert set(table["kept"]) == {0.0}


def test_no_resident_is_counted_twice(case: Case) -> None:
    found = chosen_regions(case, None)
    assert "hachang_zone" not in found
    assert {"shuangcheng", "hachang_rest"} <= set(found)
    with pytest.raises(RunError, match="'hachang_zone' and 'shuangcheng' hold the same residents"):
        sigma_table(case, ["songbei", "hachang_zone", "shuangcheng"])
    zone = sigma_table(case, ["songbei", "hachang_zone"], ["plan"], [2035])
    assert set(zone["regions"]) == {"songbei, hachang_zone"}


def test_tables_of_real_draws(case: Case) -> None:
    for money in ("GDP", "nominal GDP"):
        table = beta_table(case, scenarios=["plan"], money=money)
        assert (table["n"] + table["n_failed"] == case.n_draw).all()
        assert (table["n_failed"] > 0).all()
    at = sigma_table(case, scenarios=["plan"], years=[2020, 2025])
    change = sigma_change_table(case, scenarios=["plan"], spans=[(2021, 2025)])
    assert change["falls"].between(0, 1).all()
    assert np.isfinite(at["p50"]).all()


def test_what_cannot_be_asked_is_refused(case: Case) -> None:
    with pytest.raises(RunError, match="a slope over 2 regions says nothing"):
        beta_table(case, ["songbei", "qiqihar"])
    with pytest.raises(RunError, match="2040 is outside the runs"):
        sigma_table(case, years=[2040])
    with pytest.raises(RunError, match="no runs of region 'songbay'"):
        sigma_table(case, ["songbay"])
