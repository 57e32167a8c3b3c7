"""The table of levers with their ranges."""

import math

import pytest

from simdyn.answers.ranges import LeverRange, lever_ranges, range_of
from simdyn.errors import RunError
from simdyn.project import Project
from simdyn.scenarios import SHOCK_SETTINGS, read_levers

KNOWN = {"tax": LeverRange("tax", "share", -0.5, 0.5)}


def test_the_limits_of_the_table_are_the_ranges(project: Project) -> None:
    ranges, levers = lever_ranges(project), read_levers(project.levers)
    tax = levers["tax"]
    assert ranges["tax"] == LeverRange("tax", tax.unit, tax.low, tax.high)
    assert ranges.keys() == levers.keys() - {*SHOCK_SETTINGS}


def test_ends_that_are_given_come_before_those_of_the_table() -> None:
    assert range_of(KNOWN, "tax", None, 0.2) == LeverRange("tax", "share", -0.5, 0.2)
    assert range_of({}, "tax", 0.0, 1.0) == LeverRange("tax", "", 0.0, 1.0)
    with pytest.raises(RunError, match="Pass --low and --high"):
        range_of({}, "tax", None, 1.0)
    with pytest.raises(RunError, match="Did you mean 'tax'"):
        range_of(KNOWN, "taxes", None, 1.0)
    with pytest.raises(RunError, match=r"0\.6 to 0\.5 is empty"):
        range_of(KNOWN, "tax", 0.6, None)
    for low in (math.nan, -math.inf):
        with pytest.raises(RunError, match="has no end"):
            range_of(KNOWN, "tax", low, None)
