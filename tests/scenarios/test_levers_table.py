"""The table of levers, the model and the how-to agree; a course can take a policy's place."""

import re
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pysd
import pytest

from simdyn.engine.model import Model
from simdyn.errors import ScenarioError
from simdyn.project import Project
from simdyn.scenarios import (
    SHOCK_SETTINGS,
    LeverEntry,
    constant_of,
    lever_names,
    policy_of,
    read_levers,
)
from simdyn.scenarios.levers import UNITS

Edit = Callable[[str, str, str], None]


def _constants(model: Model) -> dict[str, str | None]:
    rows = model.variables
    return {str(n): str(rows["unit"][n]) for n in rows.index if rows["kind"][n] == "constant"}


def test_every_lever_stands_in_the_table(root: Path, growth_model: Model) -> None:
    levers = read_levers(Project(root).levers, _constants(growth_model))
    assert levers.keys() == lever_names(_constants(growth_model))
    assert all(lever.admits(0) for name, lever in levers.items() if name != "second shock year")


def test_every_lever_acts_through_its_policy(root: Path, growth_model: Model) -> None:
    units = growth_model.variables["unit"]
    text = (root / "models" / "regional_growth.mdl").read_text(encoding="utf-8")
    for name in lever_names(_constants(growth_model)) - set(SHOCK_SETTINGS):
        assert units[policy_of(name)] == units[constant_of(name)]
        assert len(re.findall(rf"\b{name} lever\b", text)) == 2, name


def test_the_how_to_gives_units_and_limits_of_the_table(root: Path) -> None:
    text = (root / "docs" / "how-to.md").read_text(encoding="utf-8")
    for lever in read_levers(Project(root).levers).values():
        assert f"| `{lever.lever}` | {lever.unit} | {lever.low:g} to {lever.high:g} |" in text


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        ("\ntax,", "\ntaxes,", "levers.csv:7: unknown lever 'taxes'. Did you mean 'tax'?"),
        ("\ntax,", "\nbirths,", "levers.csv:12: 'births' stands twice"),
        (
            "share,policy,-0.3,0.3,Relative",
            "a year,policy,-0.3,0.3,Relative",
            "'tax' is in 'share', not 'a year'",
        ),
        ("-0.3,0.3,Relative", "0.3,-0.3,Relative", "'low' must lie below 'high'"),
        ("policy,-0.3", "outsid,-0.3", "'policy' or 'outside'"),
        ("-0.3,0.3,Relative", "-0.3,inf,Relative", "where a number belongs"),
    ],
)
def test_wrong_rows(
    project: Project, edit: Edit, growth_model: Model, old: str, new: str, mend: str
) -> None:
    edit("models/levers.csv", old, new)
    with pytest.raises(ScenarioError) as caught:
        read_levers(project.levers, _constants(growth_model))
    assert mend in str(caught.value)


def test_a_lever_without_a_row_is_named(project: Project, growth_model: Model) -> None:
    rows = project.levers.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(row for row in rows if not row.startswith("tax,"))
    project.levers.write_text(kept, encoding="utf-8")
    with pytest.raises(ScenarioError, match="no row for the lever 'tax' of the model"):
        read_levers(project.levers, _constants(growth_model))


def test_units_of_the_table_are_those_of_levers(growth_model: Model) -> None:
    units = {
        _constants(growth_model)[constant_of(n)] for n in lever_names(_constants(growth_model))
    }
    assert units == UNITS.keys()


def test_a_course_in_the_place_of_a_policy_does_what_the_lever_does(
    growth_path: Path, tmp_path: Path
) -> None:
    """PySD as oracle: the model's own ramp, set as a course over the years."""
    entry = LeverEntry.model_validate(
        {"ramp": {"from": 2021, "to": 2025, "value": 0.3}, "source": "assumption"}
    )
    assert entry.course is not None
    times, values = list(entry.course.times), list(entry.course.values)
    course = pd.Series([0.0, *values, values[-1]], index=[2015.0, *times, 2036.0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pysd.read_vensim(str(shutil.copy(growth_path, tmp_path)))
        names = ["GDP", "Debt", "population"]
        by_lever = model.run({"market investment lever": 0.3}, return_columns=names)
        by_course = model.run(
            {"market investment lever": 0, "market investment policy": course},
            return_columns=names,
        )
    np.testing.assert_allclose(by_course.to_numpy(), by_lever.to_numpy(), rtol=1e-12)
