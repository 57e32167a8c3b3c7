"""Check a whole project: the model, and every file that refers to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simdyn.check.collect import Collected, collect
from simdyn.check.finding import Finding, from_error, in_order
from simdyn.check.model import findings_of
from simdyn.compile.nodes import Program
from simdyn.engine.selection import rows_of
from simdyn.errors import SimdynError
from simdyn.facts.collection import Facts
from simdyn.facts.reader import check_facts, read_facts
from simdyn.project import Project
from simdyn.regions import Known, Region, read_discrepancy, read_regions
from simdyn.scenarios import (
    Lever,
    Library,
    Vocabulary,
    is_study,
    lever_names,
    read_levers,
    read_scenario_toml,
    spans,
    uncertain,
)
from simdyn.study import study_errors


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
    facts = None if faulty else read_facts(project.facts)
    known = _known(collected, collected.program, facts)
    sums, regions = _check_regions(report, project, known)
    _check_discrepancy(report, project, known)
    levers = _check_levers(report, project, known)
    sources = None if facts is None else frozenset(facts.sources)
    words = Vocabulary(sums, levers, sources, uncertain(known.constants, levers), spans(regions))
    library = Library(project.scenarios, words)
    for path in sorted(project.scenarios.glob("*.toml")):
        report.findings += _check_plan(path, words, library)
    return in_order(report.findings)


def _known(collected: Collected, program: Program, facts: Facts | None) -> Known:
    """Return what region files may name; what was left out of the model may be named as well."""
    lost: dict[str, str | None] = {item.name: item.unit or None for item in collected.lost.values()}
    arrays = program.arrays
    rows = {
        arrays[key].name if key in arrays else row.name: row
        for key, row in rows_of(program).items()
    }
    variables: dict[str, str | None] = {name: row.unit for name, row in rows.items()}
    constants = {name: row.unit for name, row in rows.items() if row.kind == "constant"}
    return Known({**constants, **lost}, {**variables, **lost}, facts)


def _check_regions(
    report: _Report, project: Project, known: Known
) -> tuple[dict[str, tuple[str, ...]], Mapping[str, Region]]:
    """Check the regions; return of which others each is the sum, by key, and the sound ones."""
    errors: list[SimdynError] = []
    sums: dict[str, tuple[str, ...]] = {
        path.parent.name: () for path in sorted(project.regions.glob("*/region.toml"))
    }
    regions: Mapping[str, Region] = {}
    try:
        regions = read_regions(project.regions, project.priors, known, errors.append)
        sums |= {key: region.file.sum_of for key, region in regions.items()}
    except SimdynError as error:
        errors.append(error)
    report.add("region", project.regions, errors)
    return sums, regions


def _check_discrepancy(report: _Report, project: Project, known: Known) -> None:
    errors: list[SimdynError] = []
    try:
        read_discrepancy(project.discrepancy, known.variables, errors.append)
    except SimdynError as error:
        errors.append(error)
    report.add("discrepancy", project.discrepancy, errors)


def _check_levers(report: _Report, project: Project, known: Known) -> dict[str, Lever | None]:
    """Check the table of levers; return every lever of the model, None where its row is faulty."""
    errors: list[SimdynError] = []
    levers: dict[str, Lever | None] = dict.fromkeys(lever_names(known.constants))
    try:
        found = read_levers(project.levers, known.constants, errors.append)
        levers |= {name: row for name, row in found.items() if name in levers}
    except SimdynError as error:
        errors.append(error)
    report.add("lever", project.levers, errors)
    return levers


def _check_plan(path: Path, words: Vocabulary, library: Library) -> list[Finding]:
    """Return everything wrong with a scenario or study file."""
    check = "scenario"
    try:
        toml = read_scenario_toml(path)
        if is_study(toml):
            check, errors = "study", study_errors(path, words.regions, path.parent)
        else:
            errors = library.errors(toml)
    except SimdynError as error:
        errors = [error]
    return [from_error(error, check, path) for error in errors]
