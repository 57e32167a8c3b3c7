"""simdyn target: the chance that targets are met, and what it would take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console

from simdyn.answers.backcast import Backcast, backcast, backcast_all
from simdyn.answers.case import Case
from simdyn.answers.coherence import Contradiction, contradictions
from simdyn.answers.ranges import LeverRange, lever_ranges, range_of
from simdyn.answers.targets import find_target, target_table
from simdyn.cli.answers import (
    MARK_NOTE,
    CsvOption,
    band_words,
    chance_words,
    find_regions,
    find_scenarios,
    number,
    read_asked,
    records,
    show_json,
    show_table,
    take_up,
    write_csv,
)
from simdyn.cli.console import Session
from simdyn.cli.options import JsonOption, ProjectOption, StudyOption
from simdyn.errors import RunError
from simdyn.regions import Reading
from simdyn.study import Study


def target_command(
    context: typer.Context,
    region: Annotated[
        str | None, typer.Argument(metavar="[REGION]", help="Region; all if none.")
    ] = None,
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TARGET]...", help="Targets to be met together, by label."),
    ] = None,
    lever: Annotated[
        str | None,
        typer.Option("--lever", metavar="NAME", help="Lever to turn; each alone if none."),
    ] = None,
    probability: Annotated[
        float | None,
        typer.Option("--probability", help="With which targets are to be met; 0.5 if none."),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", metavar="NAME", help="Where the other levers stand."),
    ] = None,
    low: Annotated[float | None, typer.Option("--low", help="Lowest strength looked at.")] = None,
    high: Annotated[
        float | None, typer.Option("--high", help="Highest strength looked at.")
    ] = None,
    study: StudyOption = None,
    as_json: JsonOption = False,
    csv: CsvOption = None,
    project: ProjectOption = None,
) -> None:
    """Say how likely targets are met, where plans contradict themselves, and what it would take.

    Example: simdyn target qiqihar "GDP growth 2022-2026" --lever "market investment"
    """
    session: Session = context.obj
    chosen = read_asked(project, study)
    keys = find_regions(chosen, [region]) if region else ()
    if not targets:
        _refuse_without_target(lever, low, high, scenario, probability)
        _show_targets(session, chosen, keys, as_json, csv)
        return
    if len(keys) != 1:
        raise RunError(f"a target is of one region, not of {len(keys)}. Name one.")
    (key,) = keys
    found = [find_target(chosen, key, label) for label in targets]
    (stand,) = find_scenarios(chosen, [scenario or chosen.reference.name])
    level = 0.5 if probability is None else probability
    if not 0 < level < 1:
        raise RunError(f"--probability {level:g} is not between 0 and 1. Pass one such as 0.5.")
    ranges = _ranges(chosen, lever, low, high)
    case = take_up(chosen, session)
    answers = _answers(case, key, found, ranges, stand, level, single=lever is not None)
    table = pd.DataFrame([_record(answer, case) for answer in answers])
    if as_json:
        show_json(session.console, {"draws": case.n_draw, "rows": records(table)})
    else:
        _show_answers(session.console, case, answers)
    write_csv(Console(stderr=True) if as_json else session.console, table, csv)


def _refuse_without_target(*given: object) -> None:
    if any(each is not None for each in given):
        options = "--lever, --low, --high, --scenario and --probability"
        raise RunError(f"{options} ask what a target takes. Name REGION and TARGET too.")


def _ranges(
    study: Study, lever: str | None, low: float | None, high: float | None
) -> list[LeverRange]:
    known = lever_ranges(study.project)
    if lever is not None:
        return [range_of(known, lever, low, high)]
    if low is not None or high is not None:
        raise RunError("--low and --high are of one lever. Pass --lever NAME too.")
    return list(known.values())


def _answers(
    case: Case,
    region: str,
    targets: Sequence[Reading],
    ranges: Sequence[LeverRange],
    scenario: str,
    probability: float,
    *,
    single: bool,
) -> list[Backcast]:
    if single:
        return [backcast(case, region, targets, ranges[0], scenario, probability)]
    return backcast_all(case, region, targets, ranges, scenario, probability)


def _show_answers(console: Console, case: Case, answers: Sequence[Backcast]) -> None:
    first = answers[0]
    label = case.region(first.region).label
    now = chance_words(*first.at_current[:3])
    console.print(f"{label}, other levers as in '{first.scenario}':", soft_wrap=True)
    if len(answers) == 1:
        console.print(first.sentence, soft_wrap=True)
        standing = f"In '{first.scenario}' it is {first.setting}; the chance is {now}."
        console.print(standing, soft_wrap=True)
    else:
        goal = " and ".join(first.targets)
        console.print(f"{goal} with probability {first.level:g}; now {now}.", soft_wrap=True)
        columns = ("lever", "unit", "range", "needed", "of the way", "highest chance", "at")
        show_table(console, columns, (_answer_cells(answer) for answer in answers), n_text=2)
    failed = max(answer.n_failed for answer in answers)
    console.print(
        f"{first.n_draw} draws, at most {failed} failed; intervals are 95 % Monte Carlo. "
        + MARK_NOTE,
        soft_wrap=True,
    )


def _answer_cells(answer: Backcast) -> Iterator[str]:
    lever = answer.lever
    at, best = answer.best
    yield lever.lever
    yield lever.unit
    yield f"{lever.low:g} to {lever.high:g}"
    yield answer.needed
    yield f"{100 * answer.effort:.0f} %" if answer.possible else "-"
    yield chance_words(*best[:3])
    yield number(at)


def _record(answer: Backcast, case: Case) -> dict[str, Any]:
    at, best = answer.best
    return {
        "region": answer.region,
        "basis": case.region(answer.region).file.basis.value,
        "targets": "; ".join(answer.targets),
        "probability": answer.level,
        "scenario": answer.scenario,
        "lever": answer.lever.lever,
        "unit": answer.lever.unit,
        "low": answer.lever.low,
        "high": answer.lever.high,
        "needed": answer.needed,
        "thresholds": [
            {"value": t.value, "low": t.low, "high": t.high, "rising": t.rising}
            for t in answer.thresholds
        ],
        "effort": answer.effort,
        "current": answer.current,
        "setting": answer.setting,
        "chance_now": answer.at_current.value,
        "best_chance": best.value,
        "best_at": at,
        "n": answer.n_draw,
        "n_failed": answer.n_failed,
        "sentence": answer.sentence,
    }


def _show_targets(
    session: Session, study: Study, regions: Sequence[str], as_json: bool, csv: Path | None
) -> None:
    case = take_up(study, session)
    with_run = [key for key in regions or case.calibrated if key in case.calibrated]
    table = target_table(case, with_run)
    found = [
        each for key in regions or study.file.regions for each in contradictions(study.facts, key)
    ]
    if as_json:
        data = {"draws": case.n_draw, "targets": records(table)}
        rows = [{**vars(each), "rule": each.rule.value} for each in found]
        show_json(session.console, {**data, "contradictions": rows})
    else:
        _show_table(session.console, case, table)
        _show_contradictions(session.console, study, found)
    write_csv(Console(stderr=True) if as_json else session.console, table, csv)


def _show_table(console: Console, case: Case, table: pd.DataFrame) -> None:
    columns = ("target", "unit", "scenario", "aim", "reached", "chance", "draws")
    featured = [scenario.name for scenario in case.study.featured]
    for region, rows in table.groupby("region", sort=False):
        cells = (_target_cells(row) for row in records(rows[rows["scenario"].isin(featured)]))
        show_table(console, columns, cells, n_text=3, title=case.region(str(region)).label)
    words = "Median [middle 80 % of draws]; chance with its 95 % Monte Carlo interval."
    others = len(case.study.scenarios) - len(featured)
    more = f" {others} more scenarios: --csv FILE or --json." if others else ""
    console.print(f"{words} {MARK_NOTE}{more}", soft_wrap=True)


def _target_cells(row: dict[str, Any]) -> Iterator[str]:
    yield from (row[name] for name in ("target", "unit", "scenario"))
    yield number(row["aim"])
    yield band_words(row)
    yield chance_words(row["probability"], row["probability_low"], row["probability_high"])
    yield f"{row['n']}" + (f" ({row['n_failed']} failed)" if row["n_failed"] else "")


def _show_contradictions(console: Console, study: Study, found: Sequence[Contradiction]) -> None:
    if found:
        console.print("\nWhere plans contradict themselves:")
    for each in found:
        name = study.facts.regions[each.region].name
        facts = [study.facts[fact] for fact in each.facts]
        sources = dict.fromkeys(f"{fact.document} §{fact.section}" for fact in facts)
        console.print(f"- {name}. {each.sentence} ({'; '.join(sources)})", soft_wrap=True)
