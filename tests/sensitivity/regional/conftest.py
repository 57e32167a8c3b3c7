"""Regions of the project's own study on draws of the prior: no calibration is needed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from planted_runs import prior_case

from simdyn.answers.case import Case
from simdyn.calibrate.calibration import Calibrated
from simdyn.project import Project
from simdyn.sensitivity.regional.space import SHARES
from simdyn.study import Study, read_study


@pytest.fixture(scope="session")
def real_study(root: Path) -> Study:
    project = Project(root)
    whole = read_study(project, project.scenarios / "study.toml")
    return whole.choosing(regions=["qiqihar", "hachang_zone"], scenarios=["baseline", "plan"])


@pytest.fixture(scope="session")
def real_case(real_study: Study) -> Case:
    """600 draws of the prior, in which sectors leave industry a share: all sound, as in fits."""
    case = prior_case(real_study, 600)
    return replace(case, calibrated={key: _possible(one) for key, one in case.calibrated.items()})


def _possible(one: Calibrated) -> Calibrated:
    draws = one.draws.copy()
    for place, prior in enumerate(one.problem.region.priors):
        if prior.parameter in SHARES:
            draws[place] = -np.abs(draws[place])
    return replace(one, draws=draws)
