"""The table of levers with their ranges."""

import pytest

from simdyn.answers.ranges import LeverRange, lever_ranges, range_of
from simdyn.errors import RunError, ScenarioError
from simdyn.project import Project

KNOWN = {"tax": LeverRange("tax", "share", -0.5, 0.5)}


def _write(project: Project, *rows: str) -> None:
    text = "\n".join(("lever,unit,low,high,source", *rows)) + "\n"
    project.model.with_name("levers.csv").write_text(text, encoding="utf-8")


def test_rows_are_read_in_order(project: Project) -> None:
    _write(project, "tax,share,-0.5,0.5,assumption", "births,share,-0.3,0.3,assumption")
    assert list(lever_ranges(project)) == ["tax", "births"]
    assert lever_ranges(project)["tax"] == KNOWN["tax"]


def test_a_wrong_row_is_named_by_line(project: Project) -> None:
    _write(project, "tax,share,0.5,-0.5,assumption")
    with pytest.raises(ScenarioError, match=r"levers.csv:2.*low is not below high"):
        lever_ranges(project)


def test_ends_that_are_given_come_before_those_of_the_table() -> None:
    assert range_of(KNOWN, "tax", None, 0.2) == LeverRange("tax", "share", -0.5, 0.2)
    assert range_of({}, "tax", 0.0, 1.0) == LeverRange("tax", "", 0.0, 1.0)
    with pytest.raises(RunError, match="Pass --low and --high"):
        range_of({}, "tax", None, 1.0)
    with pytest.raises(RunError, match="Did you mean 'tax'"):
        range_of(KNOWN, "taxes", None, 1.0)
    with pytest.raises(RunError, match=r"0\.6 to 0\.5 is empty"):
        range_of(KNOWN, "tax", 0.6, None)
