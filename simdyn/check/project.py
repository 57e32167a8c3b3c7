"""Check a whole project: the model, and every file that refers to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from simdyn.check.collect import collect
from simdyn.check.finding import Finding, from_error, in_order
from simdyn.check.model import findings_of
from simdyn.errors import ScenarioError, SimdynError
from simdyn.facts.reader import check_facts, read_facts
from simdyn.project import Project
from simdyn.records import TomlFile, read_toml
from simdyn.regions import Known, read_regions
from simdyn.scenarios import lever_names, scenario_errors
from simdyn.study import StudyFile, study_errors


@dataclass
class _Report:
    """Collects findings."""

    findings: list[Finding] = field(default_factory=list)

    def add(self, check: str, path: Path, errors: Iterable[SimdynError]) -> None:
        self.findings += [from_error(error, check, path) for error in errors]


def check_project(project: Project) -> list[Finding]:
    """Return everything wrong with the model, facts, priors, regions, scenarios and studies."""
    report = _Report()
    collected = collect(project.model)
    report.findings += findings_of(collected)
    faulty = check_facts(project.facts)
    report.add("facts", project.facts, faulty)
    if collected.program is None:
        return in_order(report.findings)
    variables = collected.program.variables.values()
    lost = frozenset(item.name for item in collected.lost.values())
    constants = lost | {v.name for v in variables if v.kind == "constant"}
    facts = None if faulty else read_facts(project.facts)
    known = Known(constants, lost | {v.name for v in variables}, facts)
    _check_regions(report, project, known)
    regions = sorted(path.parent.name for path in project.regions.glob("*/region.toml"))
    for path in sorted(project.scenarios.glob("*.toml")):
        report.findings += _check_plan(path, regions, lever_names(constants))
    return in_order(report.findings)


def _check_regions(report: _Report, project: Project, known: Known) -> None:
    errors: list[SimdynError] = []
    try:
        read_regions(project.regions, project.priors, known, errors.append)
    except SimdynError as error:
        errors.append(error)
    report.add("region", project.regions, errors)


def _check_plan(path: Path, regions: Iterable[str], levers: Iterable[str]) -> list[Finding]:
    """Return everything wrong with a scenario or study file."""
    check = "scenario"
    try:
        if is_study(read_toml(path, ScenarioError)):
            check, errors = "study", study_errors(path, regions, path.parent)
        else:
            errors = scenario_errors(path, regions, levers)
    except SimdynError as error:
        errors = [error]
    return [from_error(error, check, path) for error in errors]


def is_study(toml: TomlFile) -> bool:
    """Return whether a TOML file is meant as a study, by entries that only studies have."""
    return not toml.data.keys().isdisjoint(StudyFile.model_fields.keys() - {"name", "title"})
