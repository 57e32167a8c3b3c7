from pathlib import Path

import pytest
from made_up import LAYOUT, MadeUp, Make, Silent, manifest

from simdyn.runs.execute import run_blocks
from simdyn.runs.layout import Layout
from simdyn.runs.opening import open_store


@pytest.fixture
def batch(tmp_path: Path) -> Make:
    """Run a made-up batch to its end in a folder of this name."""

    def make(
        name: str = "batch", layout: Layout = LAYOUT, threads: int = 2, **made: object
    ) -> Path:
        with open_store(tmp_path / name, manifest(layout)) as store:
            run_blocks(store, MadeUp(layout, **made), Silent(), threads=threads)  # type: ignore[arg-type]
        return tmp_path / name

    return make
