from pathlib import Path

import pytest

from simdyn.errors import RunError
from simdyn.project import MODEL, find_project


def make_project(root: Path) -> Path:
    (root / MODEL).parent.mkdir(parents=True)
    (root / MODEL).write_text("", encoding="utf-8")
    return root


def test_the_project_is_found_from_any_folder_inside(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project")
    inside = root / "models" / "facts"
    inside.mkdir()
    found = find_project(inside)
    assert found == find_project(root)
    assert found.facts == inside
    assert found.model == root / "models" / "regional_growth.mdl"
    assert found.priors == root / "models" / "priors.csv"
    assert {p.parent for p in (found.scenarios, found.outputs)} == {root}


def test_the_innermost_project_wins(tmp_path: Path) -> None:
    make_project(tmp_path / "outer")
    inner = make_project(tmp_path / "outer" / "inner")
    assert find_project(inner / "models").root == inner


def test_the_current_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_project(tmp_path / "here"))
    assert find_project().root == tmp_path / "here"


def test_no_project_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="pass --project DIR"):
        find_project(tmp_path)


def test_a_misspelt_folder_is_not_looked_for_above(tmp_path: Path) -> None:
    root = make_project(tmp_path)
    with pytest.raises(RunError, match="modles: no such folder"):
        find_project(root / "modles")
