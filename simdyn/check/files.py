"""Check files by their names: models, scenarios, studies, regions, priors, facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from simdyn.check.finding import Finding, from_error, in_order
from simdyn.check.model import check_model
from simdyn.check.project import check_project
from simdyn.compile.read import SUFFIXES
from simdyn.errors import FactError, RunError, ScenarioError, SimdynError
from simdyn.facts.reader import FILES
from simdyn.facts.records import Unit
from simdyn.facts.rows import read_rows
from simdyn.project import Project, find_project
from simdyn.records import Record, read_table, read_toml
from simdyn.regions import Discrepancy, Observation, Prior, Reading, RegionFile
from simdyn.scenarios import Lever, ScenarioFile, is_study
from simdyn.study import StudyFile

_TABLES: dict[str, type[Record]] = {
    "priors.csv": Prior,
    "discrepancy.csv": Discrepancy,
    "observations.csv": Observation,
    "targets.csv": Reading,
    "units.csv": Unit,
    "levers.csv": Lever,
}


def check_files(paths: Iterable[Path]) -> list[Finding]:
    """Return everything wrong with files, file by file; a folder stands for its project."""
    files = _Files()
    return in_order(finding for path in paths for finding in files.check(path))


class _Files:
    """Checks files; each project among them is checked once."""

    def __init__(self) -> None:
        self.projects: dict[Path, list[Finding]] = {}

    def check(self, path: Path) -> list[Finding]:
        """Return what is wrong with one file or project; never raises for what it holds."""
        try:
            if path.is_dir():
                return self.project(find_project(path))
            if path.suffix.lower() in SUFFIXES:
                return check_model(path)
            return self.other(path)
        except SimdynError as error:
            return [from_error(error, "file", path)]

    def other(self, path: Path) -> list[Finding]:
        """Check a file that refers to a model: within its project if it is part of one."""
        project = _project_of(path)
        if project is not None and _belongs(path, project):
            found = self.project(project)
            return [replace(f, path=path) for f in found if f.path.resolve() == path.resolve()]
        reader = _BY_SUFFIX.get(path.suffix.lower())
        if reader is None:
            known = ", ".join(sorted({*SUFFIXES, *_BY_SUFFIX}))
            raise SimdynError(f"not a file that simdyn reads. Expected one of: {known}.", path=path)
        return reader(path)

    def project(self, project: Project) -> list[Finding]:
        """Check a project, once."""
        if project.root not in self.projects:
            self.projects[project.root] = check_project(project)
        return self.projects[project.root]


def _project_of(path: Path) -> Project | None:
    try:
        return find_project(path.absolute().parent)
    except RunError:
        return None


def _belongs(path: Path, project: Project) -> bool:
    """Return whether the readers of a project find a file where it stands."""
    folder = path.resolve().parent
    shared = (project.priors.name, project.discrepancy.name, project.levers.name)
    homes = {project.scenarios: (".toml",), project.facts: ("",), project.priors.parent: shared}
    inside = any(
        folder == home.resolve() and path.name.endswith(end) for home, end in homes.items()
    )
    return path.exists() and (inside or folder.parent == project.regions.resolve())


def _check_toml(path: Path) -> list[Finding]:
    """Check a TOML file that stands alone, so that its names are not known."""
    toml = read_toml(path, ScenarioError)
    record: type[Record] = ScenarioFile
    if path.name == "region.toml":
        record = RegionFile
    elif is_study(toml):
        record = StudyFile
    return [from_error(error, "file", path) for error in toml.errors(record, ScenarioError)]


def _check_csv(path: Path) -> list[Finding]:
    """Check a table that stands alone, by its name."""
    errors: list[SimdynError] = []
    if path.name in _TABLES:
        read_table(path, _TABLES[path.name], FactError, errors.append)
    elif path.name in FILES.values():
        errors += [row for row in read_rows(path) if isinstance(row, FactError)]
    else:
        known = ", ".join(sorted({*_TABLES, *FILES.values()}))
        raise FactError(f"not a table that simdyn reads. Known: {known}.", path=path)
    return [from_error(error, "file", path) for error in errors]


_BY_SUFFIX: dict[str, Callable[[Path], list[Finding]]] = {".toml": _check_toml, ".csv": _check_csv}
