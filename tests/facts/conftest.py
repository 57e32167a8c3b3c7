import shutil
from pathlib import Path

import pytest

from simdyn.facts.collection import Facts
from simdyn.facts.reader import read_facts

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "models" / "facts"


@pytest.fixture(scope="session")
def facts() -> Facts:
    """The project's own facts."""
    return read_facts(FACTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's facts that a test may spoil."""
    return Path(shutil.copytree(FACTS, tmp_path / "facts"))
