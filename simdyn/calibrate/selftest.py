"""Self-test of the calibration: whether it gives back parameters that were planted.

Simulation-based calibration: parameters are drawn from the prior, documents are made up by the
model and the errors of the figures, and the calibration reads them. Over many such data sets the
place of the truth among the draws of the posterior is uniform on (0, 1), whatever the model, if the
likelihood, the fit and the sampler are right together. Source: Talts, Betancourt, Simpson, Vehtari
and Gelman (2018), arXiv 1804.06788.

What a model answers to the figures and the log likelihood are placed too: they depend on the data,
and so betray errors that leave each parameter's own place uniform. Source: Modrák and others
(2023), Bayesian Analysis, doi 10.1214/23-BA1404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.stats import binom

from simdyn.arrays import Array
from simdyn.calibrate.diagnostics import effective_size
from simdyn.calibrate.fit import fit
from simdyn.calibrate.likelihoods import Errors, report
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.sample import Plan, sample_here, thinned
from simdyn.errors import RunError
from simdyn.processes import Watch, spread

N_START = 2
N_DRAW = 300
N_TUNING = 150
"""Effort of one calibration: starts of the fit, draws and tuning steps of one chain."""
N_KEPT = 100
"""Draws among which the truth is placed, if as many are nearly independent."""
CHUNK = 20
"""Data sets of one region that a process does in one go, with the model compiled once."""
MAX_TRIES = 1000
"""Draws of the prior until one must have a sound run."""

N_POINT = 50
"""At how many evenly spaced points a distribution of places is compared with the uniform one."""
SIGNIFICANCE = 0.01
COVERAGE = (0.86, 0.94)
"""Where the coverage of central 90 percent intervals must lie."""
FEWEST_SETS = 10
"""Data sets from which on coverage is judged: within one, a truth far out misses many intervals."""
FAILED_SHARE = 0.01
"""The largest share of data sets that may have no calibration."""

PARAMETER, FIGURE, LOG_LIKELIHOOD = "parameter", "figure", "log likelihood"
"""Kinds of quantities whose places are tested."""

Drawer = Callable[[Posterior, np.random.Generator], Array]
"""Calibrates: a posterior in, draws (coordinate, draw) out."""


@dataclass(frozen=True)
class SelfTest:
    """What a self-test found.

    table : a row for each tested quantity: region, kind (parameter, figure or log likelihood),
        quantity, n (data sets), p_value (of `uniformity`), coverage_50 and coverage_90 (shares of
        data sets whose central interval holds the truth)
    regions : a row for each region: region, n, n_failed, left_out (draws without a sound run),
        p_value (the smallest, times how many quantities there are), quantity (which has it),
        coverage_50 and coverage_90 (over all parameters), passed, verdict
    places : of the truth, 0 to 1: region, data_set, kind, quantity, place
    failures : calibrations that gave nothing: region, data_set, reason
    """

    table: pd.DataFrame
    regions: pd.DataFrame
    places: pd.DataFrame
    failures: pd.DataFrame

    @property
    def passed(self) -> bool:
        """Whether every region passed."""
        return bool(self.regions["passed"].all())

    @property
    def verdicts(self) -> list[str]:
        """One sentence for each region."""
        return self.regions["verdict"].tolist()


@dataclass(frozen=True)
class Replication:
    """One synthetic data set of a region and what became of it.

    places : (quantity,) of the truth among the draws; empty if the calibration failed
    left_out : how many draws had no sound run
    reason : why the calibration failed, "" if it did not
    """

    region: str
    data_set: int
    places: Array
    left_out: int = 0
    reason: str = ""


@dataclass(frozen=True)
class _Chunk:
    """Some data sets of one region, for one process."""

    key: str
    problem: Problem
    data_sets: range
    seed: int
    draw: Drawer


def calibrated_draws(posterior: Posterior, rng: np.random.Generator) -> Array:
    """Return draws (coordinate, draw) by the fit and the sampler of every study, one short chain.

    Raises
    ------
    ValueError, ArithmeticError, RuntimeError : no start has a finite run, or the sampler refuses
    """
    best = fit(posterior, N_START, rng)
    plan = Plan(N_DRAW, int(rng.integers(2**63)), n_chain=1, n_tuning=N_TUNING)
    return sample_here(posterior, best, plan).pooled


def self_test(
    problems: Mapping[str, Problem],
    n_data_set: int,
    seed: int,
    watch: Watch = lambda _: None,
    draw: Drawer = calibrated_draws,
) -> SelfTest:
    """Calibrate synthetic data sets of each region that has figures, spread over processes.

    Each region stands alone, so that its parameters keep their priors. A data set depends on the
    seed, the region and its number only.

    Parameters
    ----------
    problems : by key of the region
    n_data_set : for each region
    watch : is told now and then about how many data sets are done, and in the end of all
    draw : a function of a module that calibrates one data set

    Raises
    ------
    RunError : no region has figures, or hardly any draw of a region's prior has a sound run
    """
    fitted = {key: problem for key, problem in problems.items() if problem.region.observations}
    chunks = [
        _Chunk(key, problem, range(first, min(first + CHUNK, n_data_set)), seed, draw)
        for first in range(0, n_data_set, CHUNK)
        for key, problem in fitted.items()
    ]
    if not chunks:
        raise RunError("Nothing to test: give at least one data set and a region with figures.")
    parts = spread(_do_chunk, chunks, lambda ticks: watch(ticks // (N_TUNING + N_DRAW)))
    found = [one for part in parts for one in part]
    watch(len(found))
    return judge(fitted, found)


def replicate(
    key: str, problem: Problem, data_sets: Iterable[int], seed: int, draw: Drawer = calibrated_draws
) -> Iterator[Replication]:
    """Make and calibrate the data sets of these numbers, in this process.

    Raises
    ------
    RunError : hardly any draw of the prior has a sound run
    """
    blank = Posterior({key: problem})
    for number in data_sets:
        rng = np.random.default_rng(np.random.SeedSequence([seed, number, *key.encode()]))
        z, modelled = _truth(problem, rng)
        reported = report(problem.region.observations, modelled, rng)
        posterior = blank.reporting({key: reported})
        try:
            draws = posterior.regions(draw(posterior, rng))[key]
        except (ArithmeticError, RuntimeError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
            yield Replication(key, number, np.empty(0), reason=reason)
            continue
        yield _placed(key, number, posterior.problems[key], (z, modelled), draws, rng)


def judge(problems: Mapping[str, Problem], found: Sequence[Replication]) -> SelfTest:
    """Test the places of some replications region by region."""
    found = sorted(found, key=lambda one: (list(problems).index(one.region), one.data_set))
    places = pd.concat(
        [
            _quantities(problems[one.region]).assign(
                region=one.region, data_set=one.data_set, place=one.places
            )
            for one in found
            if not one.reason
        ]
        or [pd.DataFrame(columns=["kind", "quantity", "region", "data_set", "place"])],
        ignore_index=True,
    )[["region", "data_set", "kind", "quantity", "place"]]
    failures = pd.DataFrame(
        [(one.region, one.data_set, one.reason) for one in found if one.reason],
        columns=["region", "data_set", "reason"],
    )
    table = _tested(places)
    rows = [_judged(key, table, [one for one in found if one.region == key]) for key in problems]
    return SelfTest(table, pd.DataFrame(rows), places, failures)


def uniformity(places: Array) -> float:
    """Return the p-value of places (data set,) being independent and uniform on (0, 1).

    At evenly spaced points the number of places below is binomial. The statistic is the smallest
    two-sided binomial p-value over the points; its distribution is computed exactly, by following
    the numbers that stay inside the band from point to point. So a departure is seen as well in the
    tails as in the middle. Source: Säilynoja, Bürkner and Vehtari (2022), Statistics and Computing
    32, 32, sections 2.1 and 2.2.
    """
    n = len(places)
    points = np.arange(1, N_POINT) / N_POINT
    below = np.count_nonzero(places[:, None] <= points, axis=0)
    numbers = np.arange(n + 1)[:, None]
    tails = 2 * np.minimum(binom.cdf(numbers, n, points), binom.sf(numbers - 1, n, points))
    least = tails[below, np.arange(len(points))].min()
    inside = tails > least * (1 + 1e-9)
    chance = np.eye(n + 1)[0]
    for step, allowed in zip(_steps(n), inside.T, strict=True):
        chance = (chance @ step) * allowed
    return float(np.clip(1 - chance.sum(), 0, 1))


@lru_cache(maxsize=4)
def _steps(n: int) -> Array:
    """Return the chances of going from one number below a point to that below the next.

    Of n uniform places; shape (point, number, number).
    """
    numbers = np.arange(n + 1)
    share = 1 / (N_POINT - np.arange(N_POINT - 1))
    more = numbers[None, :] - numbers[:, None]
    return np.asarray(binom.pmf(more, (n - numbers)[:, None], share[:, None, None]))


def _do_chunk(chunk: _Chunk) -> list[Replication]:
    found = replicate(chunk.key, chunk.problem, chunk.data_sets, chunk.seed, chunk.draw)
    return list(found)


def _truth(problem: Problem, rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw z (parameter,) from the prior, given a sound run, and return it with its answers."""
    for _ in range(MAX_TRIES):
        z = rng.standard_normal(problem.n_parameter)
        modelled = problem.answers(z[:, None])[:, 0]
        if np.isfinite(modelled).all():
            return z, modelled
    message = f"{problem.region.name}: none of {MAX_TRIES} draws of the prior has a finite run "
    raise RunError(message + "with all stocks above zero. Check its priors.")


def _placed(
    key: str,
    data_set: int,
    problem: Problem,
    truth: tuple[Array, Array],
    draws: Array,
    rng: np.random.Generator,
) -> Replication:
    """Return the places of the truth (z, answers) among draws (parameter, draw)."""
    answers = problem.answers(draws)
    # The sampler sees only finite or not; a draw that turns a stock negative is left out here as
    # in every study, which is the same as a prior without it.
    sound = np.isfinite(answers).all(axis=0)
    errors = Errors(problem.region.observations, problem.reported)

    def quantities(z: Array, modelled: Array) -> Array:
        residuals, _ = errors(modelled.T)
        return np.concatenate([z, modelled, -0.5 * (residuals**2).sum(axis=1)[None]])

    among = quantities(draws[:, sound], answers[:, sound])
    true = quantities(*(part[:, None] for part in truth))[:, 0]
    left_out = int(np.count_nonzero(~sound))
    if not sound.any():
        reason = "no draw has a sound run"
        return Replication(key, data_set, np.empty(0), left_out, reason)
    places = [
        _place(value, thinned(row, n), rng)
        for value, row, n in zip(true, among, _n_independent(among), strict=True)
    ]
    return Replication(key, data_set, np.array(places), left_out)


def _place(truth: float, draws: Array, rng: np.random.Generator) -> float:
    """Return where the truth stands among independent draws, uniform if it is one of them.

    The rank is one of n + 1 numbers; a random part of a step makes the place continuous, so that
    data sets with different n add up.
    """
    below, ties = np.count_nonzero(draws < truth), np.count_nonzero(draws == truth)
    return float((below + (1 + ties) * rng.random()) / (len(draws) + 1))


def _n_independent(draws: Array) -> list[int]:
    """Return how many of the draws (quantity, draw) are nearly independent, by quantity.

    The smaller of the effective sizes of bulk and tails, `N_KEPT` at most.
    """
    limit = min(N_KEPT, draws.shape[1])
    sizes = effective_size(draws.T[None])
    # Draws that never move have no effective size.
    known = np.nan_to_num(sizes, nan=1.0)
    return np.clip(known, 1, limit).astype(int).tolist()


def _quantities(problem: Problem) -> pd.DataFrame:
    """Return kind and name of what is placed, in the order of `_placed`."""
    region = problem.region
    rows = [
        *((PARAMETER, prior.parameter) for prior in region.priors),
        *((FIGURE, observation.label) for observation in region.observations),
        (LOG_LIKELIHOOD, LOG_LIKELIHOOD),
    ]
    return pd.DataFrame(rows, columns=["kind", "quantity"])


def _tested(places: pd.DataFrame) -> pd.DataFrame:
    """Return the row of each quantity."""
    rows = []
    for (region, kind, quantity), group in places.groupby(
        ["region", "kind", "quantity"], sort=False
    ):
        found = group["place"].to_numpy(dtype=np.float64)
        rows.append(
            {
                "region": region,
                "kind": kind,
                "quantity": quantity,
                "n": len(found),
                "p_value": uniformity(found),
                "coverage_50": _coverage(found, 0.5),
                "coverage_90": _coverage(found, 0.9),
            }
        )
    columns = ["region", "kind", "quantity", "n", "p_value", "coverage_50", "coverage_90"]
    return pd.DataFrame(rows, columns=columns)


def _coverage(places: Array, level: float) -> float:
    """Return the share of places in the central `level` of the posterior."""
    return float(np.mean(np.abs(places - 0.5) <= level / 2))


def _misses(coverage: float, n_set: int) -> bool:
    """Return whether the coverage of that many data sets is not what it should be."""
    return n_set >= FEWEST_SETS and not COVERAGE[0] <= coverage <= COVERAGE[1]


def _judged(key: str, table: pd.DataFrame, found: Sequence[Replication]) -> dict[str, object]:
    """Return the row of one region."""
    mine = table[table["region"] == key]
    failed = sum(bool(one.reason) for one in found)
    row: dict[str, object] = {
        "region": key,
        "n": len(found) - failed,
        "n_failed": failed,
        "left_out": sum(one.left_out for one in found),
    }
    if mine.empty:
        verdict = f"{key}: none of {len(found)} data sets could be calibrated."
        return {**row, "passed": False, "verdict": verdict}
    worst = mine.iloc[int(mine["p_value"].argmin())]
    p_value = min(1.0, float(worst["p_value"]) * len(mine))
    means = mine[mine["kind"] == PARAMETER][["coverage_50", "coverage_90"]].mean()
    coverage = float(means["coverage_90"])
    wrong = [
        text
        for text, is_so in (
            (f"the place of '{worst['quantity']}' is not uniform", p_value <= SIGNIFICANCE),
            ("intervals do not cover", _misses(coverage, len(found))),
            ("calibrations fail", failed > FAILED_SHARE * len(found)),
        )
        if is_so
    ]
    verdict = f"{key}: " + (" and ".join(wrong) if wrong else "the truth is found as often as due")
    verdict += (
        f" (90 percent intervals cover {100 * coverage:.1f} percent, smallest p-value {p_value:.2g}"
        f" over {len(mine)} quantities, {len(found)} data sets, {failed} failed)."
    )
    return {
        **row,
        "p_value": p_value,
        "quantity": worst["quantity"],
        "coverage_50": float(means["coverage_50"]),
        "coverage_90": coverage,
        "passed": not wrong,
        "verdict": verdict,
    }
