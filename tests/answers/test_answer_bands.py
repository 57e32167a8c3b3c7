"""Bands and the Monte Carlo interval of a probability."""

import math

import numpy as np
import pytest

from simdyn.answers.bands import Z_95, band, probability


def test_a_band_is_of_the_draws_that_have_a_value() -> None:
    values = np.array([np.nan, *np.linspace(0, 10, 101), np.nan])
    assert band(values) == pytest.approx((1.0, 5.0, 9.0, 101))


def test_infinity_is_beyond_all_others_and_nothing_is_interpolated_towards_it() -> None:
    found = band(np.array([2029.0, 2031.0, 2034.0, np.inf, np.inf]))
    assert found == (2029.0, 2034.0, np.inf, 5)


def test_no_draw_gives_no_band_and_no_probability() -> None:
    assert math.isnan(band(np.array([np.nan])).p50)
    assert band(np.array([np.nan])).n == 0
    assert math.isnan(probability(np.zeros(0, dtype=bool)).value)


@pytest.mark.parametrize(("n_met", "n"), [(0, 400), (1, 7), (200, 400), (133, 400), (400, 400)])
def test_the_ends_of_the_interval_are_a_score_test_away(n_met: int, n: int) -> None:
    found = probability(np.arange(n) < n_met)
    for end in (found.low, found.high):
        if 1e-12 < end < 1 - 1e-12:
            error = math.sqrt(end * (1 - end) / n)
            assert abs(found.value - end) == pytest.approx(Z_95 * error)
    assert found.low <= found.value <= found.high


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    found = [probability(rng.random(100) < 0.2) for _ in range(2000)]
    share = np.mean([each.low <= 0.2 <= each.high for each in found])
    assert share == pytest.approx(0.95, abs=0.02)
