"""Every question of sensitivity put to the regions of a study, and the tables of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from simdyn.answers.case import Case
from simdyn.processes import spread
from simdyn.progress import Progress
from simdyn.scenarios import Scenario
from simdyn.sensitivity.regional.corners import corners_of
from simdyn.sensitivity.regional.plan import Plan, Question
from simdyn.sensitivity.regional.posterior import Told, check_draws, job_of
from simdyn.sensitivity.regional.screening import screening
from simdyn.sensitivity.regional.shares import SPACES, Shares, check_shares, shares
from simdyn.sensitivity.regional.space import turned_levers
from simdyn.sensitivity.regional.tables import about
from simdyn.sensitivity.regional.tornado import tornado_table


@dataclass(frozen=True)
class Sensitivity:
    """What moves what in a study's regions.

    plan : what was asked
    reference, policy : the scenario that levers start from, and the one whose levers are screened
    tables : by name; `excluded` names every outcome of which a question tells nothing, with the
        reason; each function that makes one says what its columns are
    """

    plan: Plan
    regions: tuple[str, ...]
    reference: Scenario
    policy: Scenario
    tables: Mapping[str, pd.DataFrame]

    def rows(self, table: str, **where: object) -> pd.DataFrame:
        """Return the rows of a table in which columns have these values."""
        found = self.tables[table]
        for column, value in where.items():
            found = found[found[column] == value]
        return found


def ask(
    case: Case,
    plan: Plan,
    progress: Progress,
    regions: Sequence[str] = (),
    reference: Scenario | None = None,
    policy: Scenario | None = None,
) -> Sensitivity:
    """Answer the questions of a plan for each region.

    Parameters
    ----------
    regions : those of the study if empty
    reference : where levers stand; the study's reference if None
    policy : whose levers are screened, and whose difference from the reference is what policy
        adds to an outcome's variance; the study's if None

    Raises
    ------
    RunError : runs or draws that are too few, or runs that are too many for the memory, before
        anything is run; too many runs failed, or no outcome moves
    """
    start, goal = reference or case.study.reference, policy or case.study.policy
    chosen = tuple(regions or case.study.file.regions)
    designed = [q for q in plan.questions if q in SPACES]
    _check(case, plan, chosen, designed, start)
    progress.stage("sensitivity from designs", len(chosen) * (len(designed) + 1))
    found: dict[str, list[pd.DataFrame]] = {}
    for region in chosen:
        name = case.study.regions[region].name
        for question in designed:
            _add(found, _of_shares(shares(case, question, region, start, plan)))
            progress.advance(f"{name}: {question}")
        _add(found, _one_by_one(case, region, start, goal, plan))
        progress.advance(f"{name}: one input at a time")
    if Question.POSTERIOR in plan.questions:
        _add_from_draws(found, case, chosen, (start, goal), plan, progress)
    tables = {
        name: pd.concat([t for t in parts if len(t)] or parts[:1], ignore_index=True)
        for name, parts in found.items()
    }
    return Sensitivity(plan, chosen, start, goal, tables)


def _check(
    case: Case,
    plan: Plan,
    regions: Sequence[str],
    designed: Sequence[Question],
    reference: Scenario,
) -> None:
    """Refuse what cannot be answered before hours are spent on what can."""
    for region in regions:
        for question in designed:
            check_shares(case, question, region, reference, plan)
        if Question.POSTERIOR in plan.questions:
            check_draws(case, region, plan)


def _add(found: dict[str, list[pd.DataFrame]], tables: Mapping[str, pd.DataFrame]) -> None:
    for name, table in tables.items():
        found.setdefault(name, []).append(table)


def _of_shares(found: Shares) -> dict[str, pd.DataFrame]:
    return {
        "sobol": found.indices,
        "second_order": found.second,
        "stages": found.stages,
        "convergence": found.convergence,
        "excluded": found.excluded,
    }


def _one_by_one(
    case: Case, region: str, reference: Scenario, policy: Scenario, plan: Plan
) -> dict[str, pd.DataFrame]:
    tornado = tornado_table(case, region, reference, turned_levers(case), plan.told)
    return {
        "screening": screening(case, region, policy, plan),
        # Outcomes are told in their own unit here, on no scale.
        "tornado": about(tornado, case, region, reference, plan.told).drop(columns="scale"),
    }


def _add_from_draws(
    found: dict[str, list[pd.DataFrame]],
    case: Case,
    regions: Sequence[str],
    scenarios: tuple[Scenario, Scenario],
    plan: Plan,
    progress: Progress,
) -> None:
    """Add what draws of the posterior tell; regions and targets are told side by side."""
    # Sums of regions have most inputs: what takes longest is begun first.
    order = sorted(regions, key=lambda region: -len(case.parts(region)))
    jobs = [job_of(case, region, *scenarios, plan) for region in order]
    boxes = [each for region in regions for each in corners_of(case, region, scenarios[1], plan)]
    progress.stage("sensitivity from draws", len(jobs) + len(boxes))
    work: list[Callable[[], Any]] = [*jobs, *boxes]
    told = spread(_call, work)
    by_region = {}
    for region in order:
        by_region[region] = _of_told(next(told), case, region, scenarios, plan)
        progress.advance(f"{case.study.regions[region].name}: {Question.POSTERIOR}")
    for region in regions:
        _add(found, by_region[region])
    for each in boxes:
        box, limits = next(told)
        _add(found, {"corners": box, "corner_limits": limits})
        progress.advance(f"where a target fails: {each.head['target']}")


def _call(job: Callable[[], Any]) -> Any:
    return job()


def _of_told(
    told: Told, case: Case, region: str, scenarios: tuple[Scenario, Scenario], plan: Plan
) -> dict[str, pd.DataFrame]:
    reference, policy = scenarios
    shapley = told.shapley.rename(columns={"effect": "index"}).assign(method="Shapley")
    single = pd.concat([shapley, told.single], ignore_index=True)
    columns = ["outcome", "method", "rank", "input", "index", "low", "high"]
    single = single[[*columns, "by_chance", "noise_floor", "above_noise"]]
    tables = {"posterior": single, "polynomials": told.fits, "sources": told.sources}
    found = {
        name: about(table, case, region, reference, plan.told) for name, table in tables.items()
    }
    found["sources"].insert(3, "policy", policy.name)
    excluded = {"question": Question.POSTERIOR.value, "region": region, **told.excluded}
    return {**found, "excluded": pd.DataFrame(excluded)}
