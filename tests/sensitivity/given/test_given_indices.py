"""PAWN and RBD-FAST against SALib, SciPy and closed forms."""

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import pawn as salib_pawn
from SALib.analyze import rbd_fast as salib_rbd_fast
from scipy.stats import ks_2samp

from simdyn.sensitivity.given import GivenData, given, indices
from simdyn.sensitivity.given.pawn import pawn
from simdyn.sensitivity.given.rbd_fast import rbd_fast

NAMES = ["strong", "weak", "idle"]
PROBLEM = {"num_vars": 3, "names": NAMES, "bounds": [[0.0, 1.0]] * 3}


def _draws(n_draw: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and two outcomes, the second with many ties."""
    rng = np.random.default_rng(seed)
    x = rng.random((n_draw, 3))
    y = np.sin(6 * x[:, 0]) + 0.5 * x[:, 1] + 0.1 * rng.standard_normal(n_draw)
    return x, np.stack([y, np.round(2 * y)], axis=1)


@pytest.fixture(scope="module")
def data() -> GivenData:
    return given(*_draws(1000), NAMES, ["smooth", "stepped"])


@pytest.fixture(scope="module")
def table(data: GivenData) -> pd.DataFrame:
    return indices(data, np.random.default_rng(2), n_half=20)


@pytest.mark.parametrize("n_draw", [400, 401])
def test_rbd_fast_equals_salib(n_draw: int) -> None:
    x, y = _draws(n_draw)
    ours = rbd_fast(x, y, n_harmonic=10)
    for n in range(2):
        theirs = salib_rbd_fast.analyze(PROBLEM, x, y[:, n], M=10, num_resamples=2, seed=1)
        np.testing.assert_allclose(ours[n], theirs["S1"], atol=1e-12)


def test_pawn_equals_the_two_sample_statistic_of_each_slice() -> None:
    x, y = _draws(403)
    x[:, 2] = np.round(3 * x[:, 2])
    ours = pawn(x, y)
    for i in range(3):
        edges = np.quantile(x[:, i], np.arange(1, 10) / 10)
        slices = np.searchsorted(edges, x[:, i], side="right")
        for n in range(2):
            distances = [
                ks_2samp(y[slices == s, n], y[:, n], method="asymp").statistic
                for s in np.unique(slices)
            ]
            assert ours[n, i] == pytest.approx(np.mean(distances), abs=1e-12)


def test_pawn_equals_salib_but_for_the_largest_draw() -> None:
    # SALib leaves the largest value of each input out of its last slice.
    x, y = _draws(4000)
    ours = pawn(x, y)
    for n in range(2):
        theirs = salib_pawn.analyze(PROBLEM, x, y[:, n], S=10)
        np.testing.assert_allclose(ours[n], theirs["mean"], atol=5e-4)


def test_first_order_index_of_correlated_inputs_is_the_squared_correlation() -> None:
    rng = np.random.default_rng(3)
    x = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 20_000)
    y = x[:, :1] + 0.5 * rng.standard_normal((20_000, 1))
    # Harmonics beyond the sixth, which are left out, hold 3 percent of a normal input's effect.
    np.testing.assert_allclose(rbd_fast(x, y)[0], 0.97 * np.array([0.8, 0.512]), atol=0.012)


def test_first_order_index_of_uniform_inputs_is_the_share_of_variance() -> None:
    x = np.random.default_rng(4).random((20_000, 2))
    np.testing.assert_allclose(rbd_fast(x, x @ [[2], [1]])[0], [0.8, 0.2], atol=0.01)


def test_rbd_fast_is_unbiased_for_inputs_without_effect() -> None:
    rng = np.random.default_rng(4)
    index = rbd_fast(rng.random((400, 200)), rng.standard_normal((400, 20)))
    assert abs(index.mean()) < 0.001


def test_active_inputs_stand_above_noise_and_idle_ones_do_not(table: pd.DataFrame) -> None:
    above = table.set_index(["outcome", "method", "input"])["above_noise"]
    assert above.xs("strong", level="input").all()
    assert above.xs("weak", level="input").all()
    assert not above.xs("idle", level="input").any()


def test_what_chance_adds_is_said(table: pd.DataFrame) -> None:
    smooth = table[table["outcome"] == "smooth"]
    chance = smooth.groupby("method")["by_chance"].first()
    # The mean of Kolmogorov's distribution, 0.8687, over the root of a slice's 100 draws, less a
    # tenth of the variance for these draws being among the thousand.
    assert chance["PAWN"] == pytest.approx(0.8687 / 10 * np.sqrt(0.9), abs=0.004)
    assert chance["RBD-FAST"] == pytest.approx(0, abs=0.001)


def test_table_is_ranked_with_intervals_around_each_index(table: pd.DataFrame) -> None:
    for _, part in table.groupby(["outcome", "method"]):
        assert part["rank"].tolist() == [1, 2, 3]
        assert part["index"].is_monotonic_decreasing
    assert (table["low"] < table["index"]).all()
    assert (table["index"] < table["high"]).all()


def test_a_monotone_change_of_input_or_outcome_leaves_pawn_as_it_is(data: GivenData) -> None:
    plain = pawn(data.inputs, data.outcomes)
    # The interpolated edges of slices lie between draws, so no draw changes its slice.
    np.testing.assert_array_equal(pawn(data.inputs, np.exp(data.outcomes)), plain)


def test_same_seed_same_bits(data: GivenData, table: pd.DataFrame) -> None:
    again = indices(data, np.random.default_rng(2), n_half=20)
    pd.testing.assert_frame_equal(again, table, check_exact=True)
