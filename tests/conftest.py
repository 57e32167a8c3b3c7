import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import simdyn
from simdyn.cli.main import main
from simdyn.engine.model import Model, load
from simdyn.facts.collection import Facts
from simdyn.facts.reader import read_facts
from simdyn.project import Project

CONTROLS = {"INITIAL TIME": "0", "FINAL TIME": "4", "TIME STEP": "0.5", "SAVEPER": "1"}
SMALL_STUDY = """name = "northeast"
title = "A small study"
regions = ["shuangcheng", "songbei", "qiqihar"]
scenarios = ["baseline", "plan"]
draws = 6
posterior = 40
starts = 1
seed = 1
sensitivity = { questions = ["levers"], runs = 3000, trajectories = 2 }
"""
SKETCH = "\\\\\\---/// Sketch information\n"
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def growth_path() -> Path:
    return ROOT / "models" / "regional_growth.mdl"


@pytest.fixture(scope="session")
def growth_model(growth_path: Path) -> Model:
    return simdyn.load(growth_path)


@pytest.fixture(scope="session")
def facts() -> Facts:
    """The project's own facts."""
    return read_facts(ROOT / "models" / "facts")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the project that a test may spoil."""
    for folder in ("models", "scenarios"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return Project(tmp_path)


@pytest.fixture(scope="session")
def project_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """Copy the project with this text as its study file."""

    def copy(study: str) -> Project:
        home = tmp_path_factory.mktemp("project")
        for folder in ("models", "scenarios"):
            shutil.copytree(ROOT / folder, home / folder)
        (home / "scenarios" / "study.toml").write_text(study, encoding="utf-8")
        return Project(home)

    return copy


@pytest.fixture(scope="session")
def studied(project_with: Callable[[str], Project]) -> Project:
    """A copy of the project whose small study has been run, without pictures; not to be changed."""
    home = project_with(SMALL_STUDY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simdyn.report.write.save_all", lambda *_: None)
        assert main(["--quiet", "study", "--project", str(home.root)]) == 0
    return home


@pytest.fixture
def edit(project: Project) -> Callable[[str, str, str], None]:
    """Replace text in a file of the copy, which must hold it."""

    def replace(name: str, old: str, new: str) -> None:
        path = project.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a model of some equations; keywords such as TIME_STEP replace the controls."""

    def write_model(*equations: str, **controls: str) -> Path:
        named = {key.replace("_", " "): value for key, value in controls.items()}
        lines = [f"{name} = {value}" for name, value in {**CONTROLS, **named}.items()]
        path = tmp_path / "model.mdl"
        entries = "".join(f"{line}\n\t~\tDmnl\n\t~\t\t|\n\n" for line in [*equations, *lines])
        path.write_text("{UTF-8}\n" + entries + SKETCH, encoding="utf-8")
        return path

    return write_model


@pytest.fixture
def model(write: Callable[..., Path]) -> Callable[..., Model]:
    return lambda *equations, **controls: load(write(*equations, **controls))
