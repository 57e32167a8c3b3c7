"""A case without a calibration: draws of the prior."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from planted_runs import MemoryRuns, PlantedRuns

from simdyn.answers.case import Case
from simdyn.calibrate.calibration import Calibrated
from simdyn.project import Project
from simdyn.study import Study, problems_of, read_study

N_DRAW = 110


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
