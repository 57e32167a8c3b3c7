"""The self-test of the calibration passes for the right sampler and notices wrong ones."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from small_region import FIXED, OBSERVATIONS, PRIORS, UNTOUCHED, make_region, observe

from simdyn.arrays import Array
from simdyn.calibrate.fit import fit
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.sample import Plan, sample_here
from simdyn.calibrate.selftest import SelfTest, judge, replicate, self_test, uniformity
from simdyn.engine.model import Model
from simdyn.errors import RunError
from simdyn.regions import Distribution, Likelihood, Operator

N_DATA_SET = 40
SEED = 11
EVERY_ERROR = (
    *OBSERVATIONS,
    observe(
        Operator.LEVEL, "population", 2018, 2018, 2.0, likelihood=Likelihood.SPLIT, sd_above=9.0
    ),
    observe(Operator.LEVEL, "services output", 2018, 2018, 20.0, likelihood=Likelihood.STUDENT),
)


def _quick(posterior: Posterior, rng: np.random.Generator) -> Array:
    """Calibrate as a study does, with less effort."""
    best = fit(posterior, 1, rng)
    plan = Plan(60, int(rng.integers(2**63)), n_chain=1, n_tuning=60)
    return sample_here(posterior, best, plan).pooled


def _refusing(posterior: Posterior, rng: np.random.Generator) -> Array:
    if rng.random() < 0.5:
        raise ValueError("no start is finite")
    return rng.standard_normal((posterior.n_coordinate, 40))


@pytest.fixture(scope="module")
def small(growth_model: Model) -> Problem:
    """A small region with an error of every kind."""
    region = make_region("small", PRIORS, EVERY_ERROR)
    return Problem(region, growth_model, FIXED, np.zeros(len(EVERY_ERROR)))


@pytest.fixture(scope="module")
def known() -> dict[bytes, Array]:
    """The right draws of each data set, by its figures."""
    return {}


@pytest.fixture
def tried(small: Problem, known: dict[bytes, Array]) -> Callable[..., SelfTest]:
    """Test draws of the right sampler with an error planted in them."""

    def try_out(planted: Callable[[Array], Array]) -> SelfTest:
        def draw(posterior: Posterior, rng: np.random.Generator) -> Array:
            key = posterior.problems["small"].reported.tobytes()
            if key not in known:
                known[key] = _quick(posterior, rng)
            return planted(known[key])

        return judge({"small": small}, list(_replicate(small, draw)))

    def _replicate(problem: Problem, draw: Callable[..., Array]):
        return replicate("small", problem, range(N_DATA_SET), SEED, draw)

    return try_out


def _shrunk(draws: Array) -> Array:
    centre = draws.mean(axis=1, keepdims=True)
    return centre + 0.75 * (draws - centre)


def test_the_right_sampler_passes(tried: Callable[..., SelfTest]) -> None:
    found = tried(lambda draws: draws)
    assert found.passed, found.verdicts
    assert found.verdicts[0].startswith("small: the truth is found as often as due")
    kinds = found.table["kind"].value_counts()
    assert kinds.to_dict() == {"figure": 5, "parameter": 4, "log likelihood": 1}
    assert (found.table["n"] == N_DATA_SET).all()
    assert found.places["place"].between(0, 1).all()


@pytest.mark.parametrize(
    "wrong", [_shrunk, lambda draws: draws + 0.6 * draws.std(axis=1, keepdims=True)]
)
def test_draws_too_narrow_or_shifted_are_noticed(
    tried: Callable[..., SelfTest], wrong: Callable[[Array], Array]
) -> None:
    found = tried(wrong)
    assert not found.passed
    assert "not uniform" in found.verdicts[0] or "do not cover" in found.verdicts[0]


def test_a_fit_that_doubles_the_errors_is_noticed(small: Problem) -> None:
    doubled = [
        o.model_copy(update={"sd": 2 * o.sd, "sd_above": o.sd_above and 2 * o.sd_above})
        for o in EVERY_ERROR
    ]
    wrong = Posterior({"small": replace(small, region=make_region("small", PRIORS, (*doubled,)))})

    def draw(posterior: Posterior, rng: np.random.Generator) -> Array:
        return _quick(wrong.reporting({"small": posterior.problems["small"].reported}), rng)

    found = judge({"small": small}, list(replicate("small", small, range(16), SEED, draw)))
    assert not found.passed
    assert "not uniform" in found.verdicts[0]


def test_failures_are_named_and_the_processes_change_nothing(small: Problem) -> None:
    told: list[int] = []
    found = self_test({"small": small}, 24, SEED, told.append, _refusing)
    here = judge({"small": small}, list(replicate("small", small, range(24), SEED, _refusing)))
    np.testing.assert_array_equal(found.places["place"], here.places["place"])
    assert told[-1] == 24
    assert 0 < len(found.failures) < 24
    assert set(found.failures["reason"]) == {"ValueError: no start is finite"}
    assert found.regions["n_failed"].item() == len(found.failures)
    assert not found.passed
    assert "calibrations fail" in found.verdicts[0]


def test_draws_without_a_sound_run_are_a_failure(small: Problem) -> None:
    def draw(posterior: Posterior, _: np.random.Generator) -> Array:
        draws = np.zeros((posterior.n_coordinate, 10))
        draws[UNTOUCHED] = 1e4  # more deaths than people
        return draws

    (found,) = replicate("small", small, range(1), SEED, draw)
    assert found.reason == "no draw has a sound run"
    assert found.left_out == 10
    assert judge({"small": small}, [found]).verdicts == [
        "small: none of 1 data sets could be calibrated."
    ]


def test_nothing_to_test_is_refused(small: Problem) -> None:
    bare = replace(small, region=make_region("bare", PRIORS, ()), reported=np.empty(0))
    with pytest.raises(RunError, match="a region with figures"):
        self_test({"bare": bare}, 10, SEED)


def test_a_region_whose_prior_has_no_sound_run_is_refused(
    growth_model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simdyn.calibrate.selftest.MAX_TRIES", 3)
    prior = PRIORS[3].model_copy(update={"distribution": Distribution.NORMAL, "centre": 50.0})
    region = make_region("small", (*PRIORS[:3], prior), OBSERVATIONS)
    problem = Problem(region, growth_model, FIXED, np.zeros(3))
    with pytest.raises(RunError, match="none of 3 draws of the prior"):
        list(replicate("small", problem, range(1), SEED))


def test_p_values_are_exact() -> None:
    rng = np.random.default_rng(1)
    p = np.array([uniformity(rng.random(30)) for _ in range(600)])
    # The statistic takes few values, so p-values are discrete: never too small, seldom too large.
    for level in (0.02, 0.1, 0.3):
        assert np.mean(p <= level) == pytest.approx(level, abs=3 * np.sqrt(level / 600))


@pytest.mark.parametrize(
    "wrong",
    [
        stats.norm.cdf(1.5 * stats.norm.ppf((np.arange(200) + 0.5) / 200)),
        ((np.arange(200) + 0.5) / 200) ** 1.5,
    ],
)
def test_p_values_are_small_for_places_that_are_not_uniform(wrong: Array) -> None:
    assert uniformity(wrong) < 1e-4
    assert uniformity((np.arange(200) + 0.5) / 200) > 0.99
