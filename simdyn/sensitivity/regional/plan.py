"""What is asked of a study's sensitivity, and how much work the answer may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from simdyn.errors import RunError, did_you_mean
from simdyn.sensitivity.designed import Precision
from simdyn.sensitivity.regional.outcomes import TOLD, TOLD_YEARS, Outcome, outcomes_of
from simdyn.study import Study


class Question(StrEnum):
    """A question that shares of variance answer; the answer depends on it.

    priors : which parameters matter before any figure of the region is read
    posterior : which parameters matter after, correlated as the figures leave them
    levers : which levers matter over their limits, were the best fit the truth
    both : all levers against all that is uncertain after calibration
    """

    PRIORS = "on priors"
    POSTERIOR = "on the posterior"
    LEVERS = "levers only"
    BOTH = "levers against uncertainties"


@dataclass(frozen=True)
class Plan:
    """What is asked, and how much work it may take.

    questions : all by default
    outcomes : of the Sobol indices: every main indicator in every year by default
    told : of the methods without a design, screening, tornado and split
    precision, most_runs : when sampling stops: at this precision or before so many runs
    second_order : whether pairs of inputs are asked for too
    draws : of the posterior
    trajectories : of the screening
    n_half : halves of the draws that intervals of methods without a design are taken from
    """

    questions: tuple[Question, ...] = tuple(Question)
    outcomes: tuple[Outcome, ...] = field(default_factory=outcomes_of)
    told: tuple[Outcome, ...] = field(default_factory=lambda: outcomes_of(TOLD, TOLD_YEARS))
    precision: Precision = field(default_factory=Precision)
    most_runs: int = 120_000
    second_order: bool = False
    draws: int = 2_000
    trajectories: int = 60
    n_half: int = 50


def find_questions(names: Sequence[str]) -> tuple[Question, ...]:
    """Return the questions with these short names, all if there is none.

    Raises
    ------
    RunError : an unknown name
    """
    known = {question.name.lower(): question for question in Question}
    for name in names:
        if name not in known:
            raise RunError(f"unknown question '{name}'. {did_you_mean(name, known)}")
    return tuple(q for name, q in known.items() if not names or name in names)


def plan_of(study: Study) -> Plan:
    """Return what the file of a study asks for."""
    asked = study.file.sensitivity
    return Plan(
        questions=find_questions(asked.questions) if asked.questions else (),
        precision=Precision(half_width=asked.half_width),
        most_runs=asked.runs,
        draws=asked.draws,
        trajectories=asked.trajectories,
    )
