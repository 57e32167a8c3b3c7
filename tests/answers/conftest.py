"""A case without a calibration: draws of the prior."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from planted_runs import PlantedRuns

from simdyn.answers.case import Case
from simdyn.calibrate.calibration import Calibrated
from simdyn.project import Project
from simdyn.study import Study, problems_of, read_study
from simdyn.years import Years

N_DRAW = 110


@dataclass(frozen=True)
class MemoryRuns:
    """Runs of the study's scenarios, made when they are asked for."""

    case: Case
    known: dict[tuple[str, str], Years] = field(default_factory=dict)

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.case.study.file.regions, *self.case.calibrated)))

    @property
    def scenarios(self) -> tuple[str, ...]:
        return tuple(scenario.name for scenario in self.case.study.scenarios)

    def years(self, region: str, scenario: str) -> Years:
        pair = region, scenario
        if pair not in self.known:
            self.known[pair] = self.case.run(region, [self.case.scenario(scenario)])
        return self.known[pair]


@pytest.fixture(scope="session")
def study(root: Path) -> Study:
    project = Project(root)
    return read_study(project, project.scenarios / "study.toml")


@pytest.fixture(scope="session")
def case(study: Study) -> Case:
    """The project's own study on draws of the prior, some of which give no sound run."""
    rng = np.random.default_rng(1)
    calibrated = {}
    for key, problem in problems_of(study).items():
        draws = rng.standard_normal((problem.n_parameter, N_DRAW))
        best = np.zeros(problem.n_parameter)
        none = np.zeros((0, problem.n_parameter))
        calibrated[key] = Calibrated(problem, best, draws, draws.T[None], none)
    without = Case(study, calibrated, PlantedRuns({}), N_DRAW)
    return replace(without, runs=MemoryRuns(without))
