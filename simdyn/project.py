"""Where a project keeps its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simdyn.errors import RunError

MODEL = Path("models") / "regional_growth.mdl"
"""The file that marks the root of a project."""


@dataclass(frozen=True)
class Project:
    """A folder with a model, its facts, regions, priors and scenarios.

    results, kept : where results and calibrations go, if not to the outputs of this folder
    """

    root: Path
    results: Path | None = None
    kept: Path | None = None

    @property
    def model(self) -> Path:
        """The Vensim file with the equations."""
        return self.root / MODEL

    @property
    def facts(self) -> Path:
        """The folder of reported figures."""
        return self.root / "models" / "facts"

    @property
    def regions(self) -> Path:
        """The folder with one folder a region."""
        return self.root / "models" / "regions"

    @property
    def priors(self) -> Path:
        """The table of priors that all regions share."""
        return self.root / "models" / "priors.csv"

    @property
    def discrepancy(self) -> Path:
        """The table of what single years differ from the model's paths by."""
        return self.root / "models" / "discrepancy.csv"

    @property
    def levers(self) -> Path:
        """The table of the levers that scenarios set, with their limits."""
        return self.root / "models" / "levers.csv"

    @property
    def scenarios(self) -> Path:
        """The folder with one file a scenario."""
        return self.root / "scenarios"

    @property
    def outputs(self) -> Path:
        """The folder of results."""
        return self.results or self.root / "outputs"

    @property
    def runs(self) -> Path:
        """The folder of batches of runs, one folder a study."""
        return self.outputs / "runs"

    @property
    def calibrations(self) -> Path:
        """The folder of calibrations that were found, by the hash of their inputs."""
        return self.kept or self.outputs / "calibrations"


def find_project(start: Path | None = None) -> Project:
    """Return the project that holds the folder `start`, by default the current one.

    Walks up to the first folder with models/regional_growth.mdl; raises RunError if none has it
    or if `start` is no folder.
    """
    origin = (start or Path.cwd()).absolute()
    if not origin.is_dir():
        raise RunError("no such folder. Pass --project DIR with one that exists.", path=origin)
    for folder in (origin, *origin.parents):
        if (folder / MODEL).is_file():
            return Project(folder)
    mend = "Run inside the project folder or pass --project DIR."
    raise RunError(f"no {MODEL.as_posix()} here or in any folder above. {mend}", path=origin)
