from collections.abc import Callable
from pathlib import Path

import pytest

import simdyn
from simdyn.engine.model import Model, load

CONTROLS = {"INITIAL TIME": "0", "FINAL TIME": "4", "TIME STEP": "0.5", "SAVEPER": "1"}
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
