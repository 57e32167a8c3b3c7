"""simdyn sensitivity: what moves what, in each region and year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console

from simdyn.answers.case import open_case
from simdyn.cli.answers import (
    MARK_NOTE,
    find_regions,
    find_scenarios,
    read_asked,
    records,
    show_json,
    show_table,
)
from simdyn.cli.console import Session
from simdyn.cli.options import EvidenceOption, JsonOption, ProjectOption, StudyOption
from simdyn.cli.progress import open_progress
from simdyn.errors import shown
from simdyn.names import LAST_YEAR
from simdyn.report.kept import kept_sensitivity
from simdyn.report.sensitivity_write import check_folder, write_sensitivity
from simdyn.sensitivity.designed import Precision
from simdyn.sensitivity.regional import (
    TOLD_YEARS,
    Outcome,
    Plan,
    Question,
    Sensitivity,
    find_questions,
    outcomes_of,
    plan_of,
)
from simdyn.study import Study

N_NAMED = 3
"""Inputs that the table on the terminal names."""
COLUMNS = ("region", "outcome", "question", "first", "second", "third")
NOTE = (
    "Shares of an outcome's variance [95 %]: total order of Sobol indices, and Shapley effects on "
    "the posterior; of levels, the variance of the logarithm. The answer depends on the question: "
    "priors and posterior vary parameters, levers go from one of their limits to the other."
)


def sensitivity_command(
    context: typer.Context,
    regions: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REGION]...", help="Regions; those of the study if none is given."),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(
            "--ask",
            metavar="QUESTION",
            help="priors, posterior, levers or both; may be repeated; the study's if not given.",
        ),
    ] = None,
    indicator: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Indicators, or 'all'; the main eight if not given."),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(metavar="NAME", help="Where levers stand; the study's first.")
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose levers are screened; the study's second."),
    ] = None,
    half_width: Annotated[
        float | None, typer.Option(help="Of 95 percent intervals, at which sampling stops.")
    ] = None,
    runs: Annotated[
        int | None, typer.Option(min=1, help="Each question may take in each region.")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(min=2, help="Of the posterior to go through.")
    ] = None,
    second_order: Annotated[
        bool, typer.Option("--second-order", help="Also pairs of inputs; takes twice the runs.")
    ] = False,
    study: StudyOption = None,
    evidence: EvidenceOption = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    """Say what moves each outcome, in each region and year, and whether the sample was enough.

    Example: simdyn sensitivity songbei --ask priors --half-width 0.02 --runs 1000000
    """
    session: Session = context.obj
    asked = read_asked(project, study)
    asked = asked if evidence is None else asked.of_evidence(evidence)
    chosen = find_regions(asked, regions) if regions else asked.file.regions
    plan = _plan(asked, question, indicator, half_width, runs, draws, second_order=second_order)
    names = find_scenarios(asked, [name for name in (scenario, policy) if name])
    by_name = {each.name: each for each in asked.scenarios if each.name in names}
    check_folder(asked)
    with open_progress(Console(stderr=True), quiet=session.quiet) as progress:
        case = open_case(asked, progress)
        found = kept_sensitivity(
            case, plan, progress, chosen, by_name.get(scenario or ""), by_name.get(policy or "")
        )
        folder = write_sensitivity(asked, found, progress)
    if as_json:
        show_json(session.console, {"folder": shown(folder), "rows": list(_ranked(found))})
        return
    _show(session.console, asked, found)
    session.console.print(f"Results: {shown(folder)}", soft_wrap=True)


def _plan(
    study: Study,
    questions: Sequence[str] | None,
    indicators: Sequence[str] | None,
    half_width: float | None,
    runs: int | None,
    draws: int | None,
    *,
    second_order: bool,
) -> Plan:
    plan = plan_of(study)
    if questions:
        plan = replace(plan, questions=find_questions(questions))
    if indicators:
        outcomes = outcomes_of(indicators)
        told = [o for o in outcomes if o.indicator.year is not None or o.year in TOLD_YEARS]
        plan = replace(plan, outcomes=outcomes, told=tuple(told))
    if half_width is not None:
        plan = replace(plan, precision=Precision(half_width))
    return replace(
        plan,
        most_runs=runs or plan.most_runs,
        draws=draws or plan.draws,
        second_order=second_order,
    )


def _ranked(found: Sensitivity) -> Iterator[dict[str, Any]]:
    """Yield the inputs that matter most, by region, outcome and question, in the last year."""
    for region in found.regions:
        for outcome, question, rows in _answers(found, region):
            first = rows.sort_values("share", ascending=False, kind="stable").head(N_NAMED)
            yield {
                "region": region,
                "indicator": outcome.indicator.name,
                "year": outcome.year,
                "outcome": outcome.label,
                "question": question,
                "inputs": records(first[["input", "share", "low", "high"]]),
            }


def _answers(found: Sensitivity, region: str) -> Iterator[tuple[Outcome, str, pd.DataFrame]]:
    """Yield outcome, question and rows with input, share, low and high."""
    for outcome in found.plan.told:
        if outcome.year != outcome.indicator.at(LAST_YEAR):
            continue
        for question in found.plan.questions:
            designed = question is not Question.POSTERIOR
            where = {"question": question.value} if designed else {"method": "Shapley"}
            where |= {"indicator": outcome.indicator.name}
            rows = found.rows("sobol" if designed else "posterior", region=region, **where)
            rows = rows[rows["year"] == outcome.year]
            if designed:
                rows = rows.drop(columns=["low", "high"]).rename(
                    columns={"total": "share", "total_low": "low", "total_high": "high"}
                )
            else:
                rows = rows.rename(columns={"index": "share"})
            if len(rows):
                yield outcome, question.value, rows


def _show(console: Console, study: Study, found: Sensitivity) -> None:
    rows = (_cells(study, row) for row in _ranked(found))
    show_table(console, COLUMNS, rows, n_text=len(COLUMNS))
    console.print(f"{NOTE} {MARK_NOTE}", soft_wrap=True)
    for verdict in _verdicts(study, found):
        console.print(verdict, soft_wrap=True)


def _cells(study: Study, row: dict[str, Any]) -> Iterator[str]:
    yield study.regions[row["region"]].label
    yield row["outcome"]
    yield row["question"]
    for place in range(N_NAMED):
        if place < len(row["inputs"]):
            one = row["inputs"][place]
            yield f"{one['input']} {one['share']:.2f} [{one['low']:.2f}, {one['high']:.2f}]"
        else:
            yield "-"


def _verdicts(study: Study, found: Sensitivity) -> Iterator[str]:
    """Yield whether sampling was enough, a line a question."""
    if "stages" not in found.tables:
        return
    last = found.tables["stages"].groupby(["question", "region"], sort=False).tail(1)
    for question, rows in last.groupby("question", sort=False):
        wanting = rows[~rows["settled"]]
        if wanting.empty:
            yield f"{question}: settled in every region, {rows['n_run'].sum():,} runs in all."
        for row in records(wanting):
            name = study.regions[row["region"]].label
            yield (
                f"{question}, {name}: {row['verdict']} Widest interval: +-{row['half_width']:.2f}, "
                f"{row['input']} on {row['outcome']}."
            )
