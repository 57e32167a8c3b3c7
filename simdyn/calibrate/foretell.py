"""What a model foretells of figures that it did not see.

Thoroughly, all regions are fitted and sampled anew for each trial, and without each figure that no
weights can leave out. Shortly, within a study, the draws that are there are moved and weighted
where that is of use, less is drawn of what has to be sampled, and those figures are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.ahead import Ahead, Trial, ahead_of, without_shock
from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.conflicts import LeftOut, leave_out, useless, without
from simdyn.calibrate.known import DRAWS, TUNING, Known, Way, known_before
from simdyn.calibrate.leaving_out import USELESS, Answered, weigh
from simdyn.calibrate.likelihoods import report
from simdyn.calibrate.linear import Figure
from simdyn.calibrate.predictive import Weighted
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.refit import DRAWS as ALL_DRAWS
from simdyn.calibrate.refit import TUNING as ALL_TUNING
from simdyn.calibrate.refit import Job, Refit, refits
from simdyn.calibrate.sample import CHAINS
from simdyn.processes import Watch

MODEL, NO_SHOCK = "model", "model without shock terms"

Begin = Callable[[int], Watch]
"""Is told how many points are drawn at most, and gives what is told how many are."""


@dataclass(frozen=True)
class Forecast:
    """What the model, with or without its shock terms, expected of a figure."""

    trial: Trial
    method: str
    figure: Figure
    predictive: Weighted


@dataclass(frozen=True)
class Foretold:
    """What the model foretold.

    left_out : each figure as all others foretell it; if not thorough, but for those that no weights
        can leave out
    ahead : forecasts of the trials ahead of their time
    ways : how each trial, and each figure that was fitted without, came to be left out
    """

    left_out: tuple[LeftOut, ...]
    ahead: tuple[Forecast, ...]
    ways: tuple[Way, ...]
    thorough: bool


def foretell(calibration: Calibration, seed: int, begin: Begin, *, thorough: bool) -> Foretold:
    """Foretell what can be foretold; the same seed gives the same bits."""
    for_noise, for_refits = np.random.SeedSequence(seed).spawn(2)
    rng = np.random.default_rng(for_noise)
    weighed = weigh(calibration)
    trials = ahead_of(calibration.posterior.problems)
    seeds = for_refits.generate_state(len(trials) + len(weighed)).tolist()
    if thorough:
        known, anew = _anew(calibration, trials, weighed, seeds, begin)
    else:
        weighed = tuple(each for each in weighed if each.k <= USELESS)
        known, anew = _moved(calibration, trials, seeds, begin), []
    left_out = leave_out(weighed, anew, rng)
    pairs = list(zip(trials, known, strict=True))
    ahead = [forecast for each, there in pairs for forecast in _forecasts(each, there, rng)]
    ways = [there.way(each.trial.value, _answers(each.figures, there)) for each, there in pairs]
    for figure, found in zip(useless(weighed), anew, strict=True):
        there = Known.anew(found)
        ways.append(there.way(figure.label, _answers([figure], there)))
    return Foretold(left_out, tuple(ahead), tuple(ways), thorough)


def _anew(
    calibration: Calibration,
    trials: Sequence[Ahead],
    weighed: Sequence[Answered],
    seeds: Sequence[int],
    begin: Begin,
) -> tuple[list[Known], list[Refit]]:
    """Fit and sample anew for each trial, and without each figure that weights cannot leave out."""
    problems, hard = calibration.posterior.problems, useless(weighed)
    jobs = [Job(each.known, seed) for each, seed in zip(trials, seeds, strict=False)]
    rest = seeds[len(trials) :]
    jobs += [without(problems, figure, seed) for figure, seed in zip(hard, rest, strict=False)]
    found = list(refits(jobs, begin(len(jobs) * CHAINS * (ALL_DRAWS + ALL_TUNING))))
    return [Known.anew(each) for each in found[: len(trials)]], found[len(trials) :]


def _moved(
    calibration: Calibration, trials: Sequence[Ahead], seeds: Sequence[int], begin: Begin
) -> list[Known]:
    """Take what the draws that are there say of each trial, and sample anew where that fails."""
    most = CHAINS * (DRAWS + TUNING)
    watch = begin(most * len(trials))

    def known(n: int) -> Known:
        found = known_before(trials[n], calibration, seeds[n], lambda m: watch(n * most + m))
        watch((n + 1) * most)
        return found

    return [known(n) for n in range(len(trials))]


def _forecasts(ahead: Ahead, known: Known, rng: np.random.Generator) -> Iterator[Forecast]:
    """Yield what the model foretells of a trial, of 2020 also without its shock."""
    yield from _told(ahead, MODEL, known, _answers(ahead.figures, known), rng)
    if ahead.trial is Trial.SHOCK:
        calm = _answers(ahead.figures, known, without_shock)
        yield from _told(ahead, NO_SHOCK, known, calm, rng)


def _told(
    ahead: Ahead, method: str, known: Known, answers: Array, rng: np.random.Generator
) -> Iterator[Forecast]:
    for figure, own in zip(ahead.figures, answers, strict=True):
        draws = report([figure.observation], own[:, None], rng)[:, 0]
        yield Forecast(ahead.trial, method, figure, Weighted.of(draws, known.log_weights))


def _answers(
    figures: Sequence[Figure],
    known: Known,
    changed: Callable[[Problem, Array], tuple[Problem, Array]] = lambda problem, z: (problem, z),
) -> Array:
    """Return what the model answers to figures, (figure, draw)."""
    problems = {figure.region: figure.problem for figure in figures}
    answers = {}
    for key, whole in problems.items():
        problem, z = changed(whole, known.draws[key])
        answers[key] = problem.answers(z)
    return np.array([answers[figure.region][figure.place] for figure in figures])
