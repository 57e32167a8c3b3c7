"""Sweeps: designs over levers, and what is refused of them."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from simdyn.errors import ScenarioError
from simdyn.project import Project
from simdyn.scenarios import Sweep, SweepFile, make_sweep
from simdyn.study import Study, read_study

GRID = """
base = "plan"
design = "grid"
[levers.all]
"market investment" = { values = [0.0, 0.3, 0.6] }
[levers.songbei]
"bond issue" = { low = 0.0, high = 0.02, steps = 2 }
"market investment" = { values = [0.1, 0.2] }
"""
RANDOM = """
base = "plan"
size = 64
[levers.all]
"market investment" = { low = -0.2, high = 0.6 }
"migration" = { low = 0.0, high = 0.01 }
"""


@pytest.fixture(scope="module")
def study(root: Path) -> Study:
    project = Project(root)
    return read_study(project, project.scenarios / "study.toml")


def sweep_of(study: Study, text: str, seed: int = 1) -> Sweep:
    file = SweepFile.model_validate(tomllib.loads(text))
    base = next(scenario for scenario in study.scenarios if scenario.name == file.base)
    return make_sweep("turn", file, base, np.random.default_rng(seed))


def test_a_grid_holds_every_combination_once(study: Study) -> None:
    sweep = sweep_of(study, GRID)
    assert sweep.values.shape == (12, 3)
    assert len({tuple(row) for row in sweep.values}) == 12
    assert list(sweep.table().columns) == [
        "market investment (all)",
        "bond issue (songbei)",
        "market investment (songbei)",
    ]
    names = [variant.name for variant in sweep.variants()]
    assert names[0] == "turn-01"
    assert len(set(names)) == 12


def test_a_variant_is_its_base_with_levers_turned(study: Study) -> None:
    variant = sweep_of(study, GRID).variants()[-1]
    plan = next(scenario for scenario in study.scenarios if scenario.name == "plan")
    turned = {"market investment lever": 0.2, "bond issue lever": 0.02}
    assert variant.settings("songbei") == {**plan.settings("songbei"), **turned}
    only = {"market investment lever": 0.6}
    assert variant.settings("qiqihar") == {**plan.settings("qiqihar"), **only}
    assert variant.changes("songbei") == plan.changes("songbei")


def test_a_lever_that_is_swept_leaves_the_course_of_its_base(
    study: Study, edit_plan: Callable[[str], Study]
) -> None:
    changed = edit_plan('"market investment" = { path = { 2022 = 0.1, 2025 = 0.45 }, source')
    plan = changed.scenarios[1]
    assert "market investment policy" in plan.courses("songbei")
    variant = sweep_of(changed, GRID).variants()[0]
    assert variant.courses("songbei") == {}
    assert variant.settings("songbei")["market investment lever"] == 0.1


@pytest.fixture
def edit_plan(project: Project, edit: Callable[[str, str, str], None]) -> Callable[[str], Study]:
    def change(line: str) -> Study:
        edit("scenarios/plan.toml", '"market investment" = { value = 0.45, source', line)
        return read_study(project, project.scenarios / "study.toml")

    return change


@pytest.mark.parametrize("design", ["latin hypercube", "sobol"])
def test_random_designs_fill_each_range_evenly(study: Study, design: str) -> None:
    text = f'design = "{design}"\n{RANDOM}'
    values = sweep_of(study, text).values
    for column, (low, high) in zip(values.T, [(-0.2, 0.6), (0.0, 0.01)], strict=True):
        counts, _ = np.histogram(column, 64, (low, high))
        assert (counts == 1).all()
    assert (sweep_of(study, text).values == values).all()
    assert (sweep_of(study, text, seed=2).values != values).any()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("size = 64", "size = 60"), "power of 2, such as 64"),
        (("size = 64", ""), "needs a size"),
        (("low = 0.0, high = 0.01", "values = [0.1]"), "needs low and high"),
        (("low = 0.0, high = 0.01", "low = 0.1, high = 0.01"), "low must be less than high"),
        (("low = 0.0, high = 0.01", "low = 0.0"), "either values, or low and high"),
        (("low = 0.0", "low = nan"), "finite number"),
    ],
)
def test_designs_that_cannot_be_made_are_refused(change: tuple[str, str], said: str) -> None:
    text = f'design = "sobol"\n{RANDOM}'.replace(*change)
    with pytest.raises(ValidationError, match=said):
        SweepFile.model_validate(tomllib.loads(text))


def test_a_list_needs_as_many_of_each_and_a_grid_has_an_end() -> None:
    text = GRID.replace('"grid"', '"list"')
    with pytest.raises(ValidationError, match="as many values of each"):
        SweepFile.model_validate(tomllib.loads(text))
    huge = GRID.replace("steps = 2", "steps = 10000").replace("0.3, 0.6", "0.3, " * 100)
    with pytest.raises(ValidationError, match="2,020,000 variants; at most 1,000,000"):
        SweepFile.model_validate(tomllib.loads(huge))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"plan"', '"plann"'), r"study.toml:\d+: unknown scenario 'plann'. Did you mean 'plan'"),
        (("levers.songbei", "levers.sonbei"), "unknown region 'sonbei'. Did you mean 'songbei'"),
        (("levers.songbei", "levers.hachang_zone"), "unknown region 'hachang_zone'"),
        (('"bond issue"', '"bond isue"'), r"study.toml:\d+: unknown lever 'bond isue'. Did you"),
        (("high = 0.02", "high = 2.0"), r"study.toml:\d+: 'bond issue' goes from 0 to 2, beyond"),
    ],
)
def test_a_sweep_of_a_study_is_checked_by_line(
    project: Project, change: tuple[str, str], said: str
) -> None:
    path = project.scenarios / "study.toml"
    sweep = GRID.replace("[levers", "[sweeps.turn.levers").replace(*change)
    path.write_text(path.read_text(encoding="utf-8") + f"\n[sweeps.turn]{sweep}", encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        read_study(project, path)
