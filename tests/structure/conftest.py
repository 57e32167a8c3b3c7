from collections.abc import Callable
from pathlib import Path

import pytest
from structure_words import Read

from simdyn.engine.model import Model
from simdyn.structure import Structure, read_structure


@pytest.fixture
def read(write: Callable[..., Path]) -> Read:
    """Return the structure of a model of some equations."""
    return lambda *equations, **controls: read_structure(write(*equations, **controls))


@pytest.fixture(scope="session")
def growth(growth_model: Model) -> Structure:
    return read_structure(growth_model)
