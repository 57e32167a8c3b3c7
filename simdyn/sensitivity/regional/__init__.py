"""Sensitivity of a study's regions: every question, with all tables of its answer.

`plan` says what is asked; `space` what is varied, over which ranges, and what holds besides;
`outcomes` what is looked at. `ask` puts every question to every region.
"""

from simdyn.sensitivity.regional.ask import Sensitivity, ask
from simdyn.sensitivity.regional.outcomes import (
    ALL,
    MAIN,
    TOLD,
    TOLD_YEARS,
    YEARS,
    Outcome,
    outcomes_of,
)
from simdyn.sensitivity.regional.plan import Plan, Question, find_questions, plan_of

__all__ = [
    "ALL",
    "MAIN",
    "TOLD",
    "TOLD_YEARS",
    "YEARS",
    "Outcome",
    "Plan",
    "Question",
    "Sensitivity",
    "ask",
    "find_questions",
    "outcomes_of",
    "plan_of",
]
