"""The project's own study on draws of the prior: a case without a calibration."""

from pathlib import Path

import pytest
from planted_runs import prior_case

from simdyn.answers.case import Case
from simdyn.project import Project
from simdyn.study import Study, read_study


@pytest.fixture(scope="session")
def study(root: Path) -> Study:
    project = Project(root)
    whole = read_study(project, project.scenarios / "study.toml")
    return whole.choosing(scenarios=["baseline", "plan"])


@pytest.fixture(scope="session")
def case(study: Study) -> Case:
    """Some of the draws give no sound run."""
    return prior_case(study, 110)
