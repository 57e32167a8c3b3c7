"""Sobol indices of a region: over its priors, its levers, or levers against uncertainties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd

from simdyn.answers.case import Case
from simdyn.errors import RunError
from simdyn.names import LAST_YEAR
from simdyn.scenarios import Scenario
from simdyn.sensitivity.designed import Staged, sample_until
from simdyn.sensitivity.designed.memory import check_runs
from simdyn.sensitivity.regional.plan import Plan, Question
from simdyn.sensitivity.regional.runs import SpaceRuns
from simdyn.sensitivity.regional.space import Space, on_both, on_levers, on_priors, turned_levers
from simdyn.sensitivity.regional.tables import about, with_inputs
from simdyn.study import generator

FIRST_ROWS = 2_500
"""Rows of the first stage, about."""
LEAST_BASE = 128

Spaces = Mapping[Question, Callable[[Case, str, Scenario], Space]]
SPACES: Spaces = {
    Question.PRIORS: on_priors,
    Question.LEVERS: lambda case, region, scenario: on_levers(
        case, region, scenario, turned_levers(case)
    ),
    Question.BOTH: lambda case, region, scenario: on_both(
        case, region, scenario, turned_levers(case)
    ),
}
"""The questions that a design answers, and the space of each."""


@dataclass(frozen=True)
class Shares:
    """Sobol indices of a region, and how sampling went.

    indices : question, region, basis, scenario, indicator, year, scale, unit, input, kind,
        input_unit, low, high, first, first_low, first_high, total, total_low, total_high
    second : the same with other, second, second_low, second_high; without rows if not asked for
    stages : question, region, basis, scenario, the columns of `Staged.table`, settled, verdict;
        both as of that stage: the last one's are those of the answer
    convergence : question, region, basis, scenario, indicator, year, scale, unit, stage, n_run,
        input, total, total_low, total_high; of the outcomes told, in the last year of each
    excluded : question, region, outcome, reason
    """

    indices: pd.DataFrame
    second: pd.DataFrame
    stages: pd.DataFrame
    convergence: pd.DataFrame
    excluded: pd.DataFrame


def shares(case: Case, question: Question, region: str, scenario: Scenario, plan: Plan) -> Shares:
    """Sample the space of a question until its indices are settled or runs are used up.

    Raises
    ------
    RunError : too many runs failed, or no outcome moves; as `check_shares`
    """
    space = SPACES[question](case, region, scenario)
    seed = int(generator(case.study, region, question.name, "sobol").integers(2**31))
    with _about(case, question, region):
        staged = sample_until(
            space.problem,
            SpaceRuns(case, space, plan.outcomes),
            [outcome.label for outcome in plan.outcomes],
            plan.precision,
            seed=seed,
            most_runs=plan.most_runs,
            first_base=_first_base(space, plan),
            second_order=plan.second_order,
        )
    tables = _tables(case, region, scenario, space, staged, plan)
    return Shares(*(_asked(table, question) for table in tables))


def check_shares(
    case: Case, question: Question, region: str, scenario: Scenario, plan: Plan
) -> None:
    """Refuse a plan whose runs are too few or too many for a question, before anything is run.

    Raises
    ------
    RunError : as `simdyn.sensitivity.designed.memory.check_runs`
    """
    space = SPACES[question](case, region, scenario)
    with _about(case, question, region):
        check_runs(
            space.problem,
            len(plan.outcomes),
            plan.most_runs,
            _first_base(space, plan),
            second_order=plan.second_order,
        )


@contextmanager
def _about(case: Case, question: Question, region: str) -> Iterator[None]:
    """Let refusals say which question and region they are about."""
    try:
        yield
    except RunError as wrong:
        where = f"{case.study.regions[region].name}, {question}"
        raise RunError(f"{where}: {wrong.message}") from wrong


def _first_base(space: Space, plan: Plan) -> int:
    """Return base samples of the first stage: of few inputs more, as their rows are few."""
    n_row = (2 if plan.second_order else 1) * len(space.inputs) + 2
    base = LEAST_BASE
    while base * n_row < FIRST_ROWS:
        base *= 2
    return base


def _tables(
    case: Case,
    region: str,
    scenario: Scenario,
    space: Space,
    staged: Staged,
    plan: Plan,
) -> tuple[pd.DataFrame, ...]:
    def told(table: pd.DataFrame) -> pd.DataFrame:
        return about(table, case, region, scenario, plan.outcomes)

    head = {
        "region": region,
        "basis": case.study.regions[region].file.basis.value,
        "scenario": scenario.name,
    }
    stages = pd.DataFrame([head] * len(staged.stages)).join(staged.table())
    stages = stages.assign(settled=stages["more"] == 0, verdict=staged.verdicts)
    paths = staged.paths()
    last = {o.label for o in plan.told if o.year == o.indicator.at(LAST_YEAR)}
    paths = paths[paths["outcome"].isin(last)].drop(columns=["first", "first_low", "first_high"])
    excluded = staged.indices.excluded
    left_out = {"region": region, "outcome": list(excluded), "reason": list(excluded.values())}
    return (
        with_inputs(told(staged.indices.table()), space.inputs),
        told(staged.indices.second_table()),
        stages,
        told(paths),
        pd.DataFrame(left_out),
    )


def _asked(table: pd.DataFrame, question: Question) -> pd.DataFrame:
    table.insert(0, "question", question.value)
    return table
