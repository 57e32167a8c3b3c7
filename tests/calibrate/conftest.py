import numpy as np
import pytest
from small_region import FIXED, OBSERVATIONS, PLANTED, PRIORS, make_region

from simdyn.calibrate.problem import Problem
from simdyn.engine.model import Model


@pytest.fixture(scope="session")
def problem(growth_model: Model) -> Problem:
    """Return figures that the planted parameters give."""
    region = make_region("test", PRIORS, OBSERVATIONS)
    blank = Problem(region, growth_model, FIXED, np.zeros(3))
    return Problem(region, growth_model, FIXED, blank.answers(PLANTED[:, None])[:, 0])
