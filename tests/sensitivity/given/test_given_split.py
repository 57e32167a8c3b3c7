"""The variance split of a model whose parts are known."""

import numpy as np
import pandas as pd
import pytest

from simdyn.errors import RunError
from simdyn.sensitivity.given import Crossed, split

NAMES = list("abcde")
GROUPS = {"a": "data could tell", "b": "data could tell", "c": "prior alone", "d": "prior alone"}
GROUPS["e"] = "structural noise"
PLANTED = {
    "policy": 8 / 3,
    "policy and parameters together": 1 / 6,
    "data could tell": 5.0,
    "prior alone": 1.0,
    "structural noise": 0.25,
    "parameters, not told apart": 0.0,
    "noise of single years": 2.25,
    "solver": 0.01,
}


def _planted(n_draw: int, seed: int = 1) -> tuple[np.ndarray, Crossed]:
    """Additive in five parameters and three policies; what a policy does depends on e."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n_draw, 5))
    y = (x @ [2, 1, 0, 1, 0.5])[:, None] + [-2, 0, 2] + 0.5 * x[:, 4:] * [-1, 0, 1]
    noise = rng.normal(0, 1.5, y.shape)
    return x, Crossed(y[:, :, None], noise[:, :, None], y[:, :, None] + 0.1)


def _shares(x: np.ndarray, crossed: Crossed, n_half: int = 40) -> pd.DataFrame:
    found = split(x, crossed, NAMES, ["y"], GROUPS, np.random.default_rng(2), n_half)
    return found.shares.set_index("source")


def test_planted_variances_are_found() -> None:
    shares = _shares(*_planted(20_000), n_half=5)
    assert shares["share"].sum() == pytest.approx(1)
    for source, variance in PLANTED.items():
        assert shares.loc[source, "variance"] == pytest.approx(variance, abs=0.12), source


def test_intervals_hold_the_planted_shares() -> None:
    total = sum(PLANTED.values())
    held = []
    for seed in range(20):
        shares = _shares(*_planted(400, seed))
        for source in ("data could tell", "prior alone", "policy", "noise of single years"):
            low, high = shares.loc[source, ["low", "high"]]
            held.append(low <= PLANTED[source] / total <= high)
    assert np.mean(held) > 0.85


def test_policies_that_do_nothing_have_no_share_on_average() -> None:
    rng = np.random.default_rng(3)
    policy = []
    for _ in range(30):
        x = rng.standard_normal((100, 5))
        y = x[:, :1] + rng.standard_normal((100, 4))
        shares = _shares(x, Crossed(y[:, :, None]), n_half=2)
        policy.append(shares.loc["policy", "variance"])
    # Uncorrected, the mean would be a hundredth of the variance within a draw, here 0.0075.
    assert abs(np.mean(policy)) < 0.0025


def test_without_noise_and_halved_step_these_rows_are_not_there() -> None:
    x, crossed = _planted(200)
    shares = _shares(x, Crossed(crossed.outcomes), n_half=2)
    assert "solver" not in shares.index
    assert "noise of single years" not in shares.index


def test_a_draw_that_failed_in_one_scenario_is_left_out_of_all() -> None:
    x, crossed = _planted(200)
    crossed.outcomes[7, 1] = np.nan
    assert crossed.halved is not None
    crossed.halved[9, 2] = np.inf
    found = split(x, crossed, NAMES, ["y"], GROUPS, np.random.default_rng(2), n_half=2)
    assert found.data.n_dropped == 2
    assert np.isfinite(found.shares["share"]).all()


def test_wrong_shapes_and_names_are_refused() -> None:
    x, crossed = _planted(200)
    rng = np.random.default_rng(2)
    with pytest.raises(RunError, match="with two scenarios or more"):
        split(x, Crossed(crossed.outcomes[:, :1]), NAMES, ["y"], GROUPS, rng)
    with pytest.raises(RunError, match="noise of shape"):
        split(x, Crossed(crossed.outcomes, crossed.outcomes[:3]), NAMES, ["y"], GROUPS, rng)
    with pytest.raises(RunError, match="a group is named 'policy'"):
        split(x, crossed, NAMES, ["y"], {**GROUPS, "a": "policy"}, rng)
