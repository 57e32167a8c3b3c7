"""One digest of the content, however it was cut, ordered, computed or interrupted."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import LAYOUT, MadeUp, Make, Silent, manifest

from simdyn.errors import RunError
from simdyn.runs.digest import digest
from simdyn.runs.execute import run_blocks
from simdyn.runs.layout import BlockResult, Layout
from simdyn.runs.opening import open_store

SCRIPT = """
import sys
from pathlib import Path
from made_up import Make, MadeUp, Silent, manifest
from simdyn.runs.digest import digest
from simdyn.runs.execute import run_blocks
from simdyn.runs.opening import open_store
with open_store(Path(sys.argv[1]), manifest()) as store:
    run_blocks(store, MadeUp(), Silent())
print(digest(Path(sys.argv[1])))
"""


@settings(max_examples=25, deadline=None)
@given(
    st.permutations(LAYOUT.regions),
    st.permutations(LAYOUT.scenarios),
    st.permutations(LAYOUT.variables),
    st.integers(1, 50),
    st.integers(1, 4),
)
def test_neither_order_nor_cut_nor_threads_change_it(
    tmp_path_factory: pytest.TempPathFactory, regions, scenarios, variables, size, threads
) -> None:
    layout = Layout(tuple(regions), tuple(scenarios), 10, tuple(variables), LAYOUT.years, size)
    found = [
        _digest_of(tmp_path_factory.mktemp("runs"), each, threads) for each in (LAYOUT, layout)
    ]
    assert found[0] == found[1]


def _digest_of(folder: Path, layout: Layout, threads: int) -> str:
    with open_store(folder / "batch", manifest(layout)) as store:
        run_blocks(store, MadeUp(layout), Silent(), threads=threads)
    return digest(folder / "batch")


def test_any_change_of_content_changes_it(batch: Make, tmp_path: Path) -> None:
    class OneBit(MadeUp):
        def __call__(self, block):
            result = super().__call__(block)
            if block == next(self.layout.blocks()):
                result.values[0, 2, 1, 3] = np.nextafter(result.values[0, 2, 1, 3], np.inf)
            return BlockResult(result.values)

    with open_store(tmp_path / "one bit", manifest()) as store:
        run_blocks(store, OneBit(), Silent())
    renamed = replace(LAYOUT, scenarios=("baseline", "plan", "../etc", "feed"))
    later = replace(LAYOUT, years=(2016, 2017, 2018, 2019))
    folders = [batch(), tmp_path / "one bit", batch("renamed", renamed), batch("later", later)]
    found = sorted(map(digest, folders))
    assert all(one != other for one, other in pairwise(found))


@pytest.mark.parametrize("environment", [
    {"PYTHONHASHSEED": "1", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
])  # fmt: skip
def test_neither_hash_seed_nor_locale_change_it(
    batch: Make, tmp_path: Path, environment: dict[str, str]
) -> None:
    done = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-c",
            SCRIPT,
            tmp_path / "other",
        ],
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest(batch())


def test_an_incomplete_batch_has_none(batch: Make) -> None:
    folder = batch(bad=("plan",))
    with pytest.raises(RunError, match=r"is not complete: run it to its end with --resume"):
        digest(folder)
