import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "models" / "facts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's facts that a test may spoil."""
    return Path(shutil.copytree(FACTS, tmp_path / "facts"))
