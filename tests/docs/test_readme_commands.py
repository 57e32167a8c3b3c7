"""Every command of the README's list ends well in a project of a small study.

Two take minutes whatever the study, as they fit it many times over: of these only the options are
tried. No pictures are drawn, which have tests of their own.
"""

import json
import shutil
from pathlib import Path

import pytest
from walking import commands, section

from simdyn.cli.main import main
from simdyn.project import Project

SLOW = ("--backtest", "--self-test")


@pytest.fixture(scope="module")
def home(studied: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the files that the commands name."""
    place = tmp_path_factory.mktemp("readme") / "project"
    shutil.copytree(studied.root, place)
    path = place / "scenarios" / "study.toml"
    study = path.read_text(encoding="utf-8").replace("runs = 3000", "runs = 6000")  # for pairs
    path.write_text(study, encoding="utf-8")
    own = study.replace('name = "northeast"', 'name = "mine"')
    (place / "my-study.toml").write_text(own, encoding="utf-8")
    shutil.copy(place / "models" / "regional_growth.mdl", place / "my-model.mdl")
    return place


def _listed() -> list[list[str]]:
    readme = Path(__file__).parents[2] / "README.md"
    return list(commands(section(readme.read_text(encoding="utf-8"), "Commands")))


@pytest.mark.parametrize("words", _listed(), ids=" ".join)
def test_a_command_of_the_readme_ends_well(
    words: list[str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(home)
    for module in ("write", "sensitivity_write"):
        monkeypatch.setattr(f"simdyn.report.{module}.save_all", lambda *_: None)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    if any(option in words for option in SLOW):
        words = [*words, "--help"]
    assert main(words) == 0
    captured = capsys.readouterr()
    assert captured.out.strip()
    assert "Traceback" not in captured.out + captured.err
    assert bool(opened) == ("--open" in words)


@pytest.mark.parametrize(
    "verb", ["facts", "check", "compare", "target", "scenarios", "status", "verify", "digest"]
)
def test_json_is_for_programs(
    verb: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(home)
    assert main(["-q", verb, "--json"]) == 0
    json.loads(capsys.readouterr().out)
