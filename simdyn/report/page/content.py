"""What the report shows, gathered from a study's results, in one of its languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from simdyn.answers.case import case_of
from simdyn.answers.targets import target_table
from simdyn.facts.records import Fact
from simdyn.facts.words import kind_words
from simdyn.names import BASE_YEAR, CORE, FIRST_YEAR, LAST_YEAR
from simdyn.report.answers import (
    conflicts_of,
    contributions,
    differences,
    evidence_items,
    levers_of,
    what_it_would_take,
)
from simdyn.report.growth import growth_tables
from simdyn.report.held_out import study_held_out, ways_told
from simdyn.report.page.charts import evidence, growth, names, paths, scenario, shares
from simdyn.report.page.charts import held_out as foretold
from simdyn.report.page.charts.fit import fit_of
from simdyn.report.page.charts.plain import Plain
from simdyn.report.page.model import ModelPart, model_part
from simdyn.report.summary import checks
from simdyn.report.tables import fit_tables, headline_table, parameter_tables
from simdyn.report.words.figure_names import figure_labels
from simdyn.report.words.language import Labels
from simdyn.report.words.sensitivity import sensitivity_section
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Results

THRESHOLD = "insolvency interest share"
"""The constant of the model: interest over budget expenditure above which a county restructures."""


@dataclass(frozen=True)
class Content:
    """What the report shows.

    charts : data of the interactive charts, for JSON
    headlines, targets, fit, parameters : tables of the study
    growth : tables that compare growth paths, by name
    differences, contributions, take : of scenarios from the reference, of levers to these, and
        what a lever would have to be for targets
    held_out : figures foretold without having been seen, by the names of their tables
    levers, conflicts : what each scenario sets; what contradicts itself, and traps of the data
    facts : every reported figure, with its source
    model : pictures, loops and equations
    findings, checks : in Markdown: what sensitivity found, what the checks measured
    ways : in sentences, how figures were kept out of the fit
    restructuring : percent of budget expenditure that interest may take before a county must act
    """

    charts: Mapping[str, Plain]
    headlines: pd.DataFrame
    targets: pd.DataFrame
    fit: pd.DataFrame
    parameters: pd.DataFrame
    growth: Mapping[str, pd.DataFrame]
    differences: pd.DataFrame
    contributions: pd.DataFrame
    take: pd.DataFrame
    held_out: Mapping[str, pd.DataFrame]
    levers: pd.DataFrame
    conflicts: pd.DataFrame
    facts: Sequence[Mapping[str, str]]
    model: ModelPart
    findings: str
    checks: str
    ways: Sequence[str]
    restructuring: float


def content_of(results: Results, sensitivity: Sensitivity, labels: Labels) -> Content:
    """Gather what the report shows of a study."""
    study, case = results.study, case_of(results)
    compared = growth_tables(case)
    fit = fit_tables(results)
    held_out, named = study_held_out(results), figure_labels(study, labels)
    called = {key: labels.region(region) for key, region in study.regions.items()}
    apart, added = differences(case), contributions(case)
    return Content(
        {
            "years": list(range(FIRST_YEAR, LAST_YEAR + 1)),
            "base": BASE_YEAR,
            "regions": list(names.regions(results)),
            "scenarios": list(names.scenarios(results)),
            "quantities": list(names.quantities()),
            "core": [q.variable for q in CORE],
            "paths": paths.paths(results),
            "reported": list(paths.reported(results)),
            "aims": list(paths.aimed(study)),
            "accounts": growth.accounts(compared["growth_accounts"]),
            "sigma": growth.sigma(compared.get("sigma")),
            "theil": growth.theil(compared.get("theil")),
            "beta": growth.catching_up(case) if "beta" in compared else {},
            "shares": shares.shares(sensitivity),
            "sources": shares.sources(sensitivity),
            "inputs": shares.input_names(study, sensitivity, labels),
            "fit": fit_of(fit, named),
            "trials": foretold.trials(held_out, named, called),
            "differences": scenario.differences(apart, labels),
            "contributions": scenario.contributions(added, labels),
            "evidence": evidence.evidence(evidence_items(results, labels), labels),
        },
        headline_table(results),
        target_table(case),
        fit,
        parameter_tables(results),
        compared,
        apart,
        added,
        what_it_would_take(case),
        held_out,
        levers_of(study, labels),
        conflicts_of(study, labels),
        [_fact(results, fact, labels) for fact in study.facts],
        model_part(study.model),
        sensitivity_section(study, sensitivity, labels),
        checks(results, labels),
        ways_told(results.backtests, labels) if results.backtests else [],
        100 * study.model.run(variables=[THRESHOLD]).to_numpy()[0, 0],
    )


def _fact(results: Results, fact: Fact, labels: Labels) -> dict[str, str]:
    source = results.study.facts.sources[fact.document]
    return {
        "id": fact.id,
        "region": fact.region,
        "quantity": labels.quantity(fact.quantity),
        "kind": labels.term(kind_words(fact)),
        "printed": f"{fact.bound.sign} {fact.printed}".strip(),
        "unit": labels.term(fact.unit.meaning),
        "period": str(fact.period),
        "layer": fact.layer.value,
        "document": fact.document,
        "title": labels.either(source.title_en, source.title),
        "section": fact.section,
        "note": fact.note,
    }
