from pathlib import Path

import pytest

import simdyn
from simdyn.engine.model import Model

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
