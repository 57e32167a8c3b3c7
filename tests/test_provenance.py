"""Code that cannot change a result does not make results be found anew."""

import subprocess
import sys

import pytest

from simdyn.calibrate import store
from simdyn.study import batch

LOADED = (
    "import sys, {0}; print(*{{m.split('.')[1] for m in sys.modules if m.startswith('simdyn.')}})"
)


@pytest.mark.parametrize(
    ("module", "unused"),
    [("simdyn.calibrate.store", store.UNUSED), ("simdyn.study.batch", batch.UNUSED)],
)
def test_what_is_left_out_of_the_code_is_not_used(module: str, unused: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", LOADED.format(module)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603
    assert not set(loaded) & set(unused)
