"""Read a study file and everything it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from simdyn.engine.model import load
from simdyn.errors import ScenarioError, SimdynError, did_you_mean
from simdyn.facts.reader import read_facts
from simdyn.project import Project
from simdyn.records import TomlFile, read_toml
from simdyn.regions import Known, read_discrepancy, read_regions
from simdyn.scenarios import (
    ScenarioFile,
    Sweep,
    Vocabulary,
    make_sweep,
    read_levers,
    read_scenarios,
    same_titles,
    scenario_files,
    vocabulary,
    wrong_sweeps,
)
from simdyn.study.records import Study, StudyFile, generator

DEFAULT_STUDY = "study.toml"


def read_study(project: Project, path: Path) -> Study:
    """Read a study file and everything it names.

    Raises
    ------
    SimdynError : with file, line and mend, for the first wrong entry of any file
    """
    toml = read_toml(path, ScenarioError)
    file = toml.parse(StudyFile, ScenarioError)
    model = load(project.model)
    kinds = model.variables["kind"]
    units = {str(name): str(unit) for name, unit in model.variables["unit"].items()}
    constants = {str(name): units[str(name)] for name in kinds.index[kinds == "constant"]}
    facts = read_facts(project.facts)
    known = Known(constants, units, facts)
    regions = read_regions(project.regions, project.priors, known)
    for wrong in _unknown(toml, "region", file.regions, regions):
        raise wrong
    named = {name: _entry_line(toml, "scenarios", i) for i, name in enumerate(file.scenarios)}
    words = vocabulary(regions, constants, read_levers(project.levers, constants), facts.sources)
    scenarios = read_scenarios(project.scenarios, named, path, words)
    for wrong in _wrong_plan(toml, file, words, known.variables):
        raise wrong
    discrepancy = read_discrepancy(project.discrepancy, known.variables)
    study = Study(project, path, file, model, facts, regions, scenarios, discrepancy)
    return replace(study, sweeps=_sweeps(study))


def _sweeps(study: Study) -> tuple[Sweep, ...]:
    bases = {scenario.name: scenario for scenario in study.scenarios}
    return tuple(
        make_sweep(name, file, bases[file.base], generator(study, "sweep", name))
        for name, file in study.file.sweeps.items()
    )


def _wrong_plan(
    toml: TomlFile, file: StudyFile, words: Vocabulary, variables: Collection[str]
) -> Iterator[ScenarioError]:
    """Yield what is wrong with featured scenarios, outputs, groups and sweeps of a study file."""
    for position, name in enumerate(file.featured):
        if name not in file.scenarios:
            message = f"'{name}' is featured, but not among the scenarios. Add it to both."
            line = _entry_line(toml, "featured", position)
            yield ScenarioError(message, path=toml.path, line=line)
    yield from _unknown(toml, "output", file.outputs, variables)
    yield from _wrong_groups(toml, file, words)
    yield from wrong_sweeps(toml, file.sweeps, file.scenarios, words)


def _wrong_groups(toml: TomlFile, file: StudyFile, words: Vocabulary) -> Iterator[ScenarioError]:
    for name, members in file.groups.items():
        for region in members:
            if region not in words.regions:
                mend = did_you_mean(region, words.regions)
                message = f"group '{name}': unknown region '{region}'. {mend}"
                line = toml.line_of(("groups", name))
                yield ScenarioError(message, path=toml.path, line=line)


def study_errors(
    path: Path, words: Vocabulary, variables: Collection[str], scenarios: Path
) -> list[SimdynError]:
    """Return everything wrong with a study file that is valid TOML.

    Parameters
    ----------
    words : that scenario files may use
    variables : of the model
    scenarios : the folder of the scenario files
    """
    toml = read_toml(path, ScenarioError)
    if wrong := toml.errors(StudyFile, ScenarioError):
        return wrong
    file = toml.parse(StudyFile, ScenarioError)
    found = {scenario.stem: scenario for scenario in scenario_files(scenarios, path)}
    named = [found[name] for name in file.scenarios if name in found]
    return [
        *_unknown(toml, "region", file.regions, words.regions),
        *_unknown(toml, "scenario", file.scenarios, found),
        *same_titles(_readable(named)),
        *_wrong_plan(toml, file, words, variables),
    ]


def _readable(paths: Iterable[Path]) -> dict[Path, ScenarioFile]:
    """Return the scenario files that have the form of one."""
    files: dict[Path, ScenarioFile] = {}
    for path in paths:
        with suppress(ScenarioError):
            files[path] = read_toml(path, ScenarioError).parse(ScenarioFile, ScenarioError)
    return files


def _unknown(
    toml: TomlFile, what: str, names: Iterable[str], known: Iterable[str]
) -> Iterator[ScenarioError]:
    known = list(known)
    for position, name in enumerate(names):
        if name not in known:
            message = f"unknown {what} '{name}'. {did_you_mean(name, known)}"
            line = _entry_line(toml, f"{what}s", position)
            yield ScenarioError(message, path=toml.path, line=line)


def _entry_line(toml: TomlFile, name: str, position: int) -> int | None:
    return toml.line_of((name, position))
