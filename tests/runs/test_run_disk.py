"""A disk that is full or refuses ends the run in one error that names the file and the mend."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_up import LAYOUT, MadeUp, Make, Silent, manifest

from simdyn.errors import RunError
from simdyn.runs import chunk_file
from simdyn.runs.digest import digest
from simdyn.runs.disk import write_all
from simdyn.runs.execute import run_blocks
from simdyn.runs.opening import open_store
from simdyn.runs.status import State, status
from simdyn.runs.verify import verify

LIMITED = """
import resource, sys
from pathlib import Path
from made_up import MadeUp, Silent, manifest
from simdyn.errors import RunError
from simdyn.runs.execute import run_blocks
from simdyn.runs.opening import open_store
with open_store(Path(sys.argv[1]), manifest()) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
    try:
        run_blocks(store, MadeUp(), Silent())
    except RunError as error:
        sys.exit(str(error))
"""


@pytest.fixture
def full_after(monkeypatch: pytest.MonkeyPatch):
    """Make a disk that has room for so many bytes."""

    def make(room: int, number: int = errno.ENOSPC) -> None:
        real = os.write

        def write(descriptor: int, content: memoryview) -> int:
            nonlocal room
            if room <= 0:
                raise OSError(number, os.strerror(number))
            n_written = real(descriptor, content[:room])
            room -= n_written
            return n_written

        monkeypatch.setattr(os, "write", write)

    return make


@pytest.mark.parametrize("room", [0, 1, 383, 384, 400, 500, 3000, 9000])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_full_disk_is_one_error_and_the_rest_is_run_when_there_is_room(
    tmp_path: Path, batch: Make, full_after, monkeypatch: pytest.MonkeyPatch, room: int, number: int
) -> None:
    folder = tmp_path / "full"
    with open_store(folder, manifest()) as store:
        full_after(room, number)
        with pytest.raises(RunError, match=r"cannot be written: .*run again") as refused:
            run_blocks(store, MadeUp(), Silent())
    monkeypatch.undo()
    assert str(folder) in str(refused.value)
    assert not (folder / "block.part").exists()
    assert status(folder).state is State.UNFINISHED
    with open_store(folder, manifest()) as store:
        run_blocks(store, MadeUp(), Silent())
    assert verify(folder) == []
    assert digest(folder) == digest(batch())


@pytest.mark.parametrize("limit", [100, 2000])
def test_the_system_s_own_refusal_is_one_error(tmp_path: Path, limit: int) -> None:
    pytest.importorskip("resource")
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", LIMITED, tmp_path / "full", str(limit)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be written: File too large. Free space there" in done.stderr
    assert status(tmp_path / "full").n_stored < len(list(LAYOUT.blocks()))
    with open_store(tmp_path / "full", manifest()) as store:
        run_blocks(store, MadeUp(), Silent())
    assert verify(tmp_path / "full") == []


def test_a_folder_that_vanishes_is_one_error(tmp_path: Path) -> None:
    with open_store(tmp_path / "batch", manifest()) as store:
        for path in (tmp_path / "batch" / "values.zarr" / "values").iterdir():
            path.unlink()
        (tmp_path / "batch" / "values.zarr" / "values").rmdir()
        with pytest.raises(RunError, match=r"values/0\.0\.\d\.0\.0: cannot be written"):
            run_blocks(store, MadeUp(), Silent())


@pytest.mark.parametrize("refusal", ["open", "write", "none"])
def test_a_file_system_without_direct_writing_stores_the_same(
    tmp_path: Path, batch: Make, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    direct = getattr(os, "O_DIRECT", 0)
    real_open, real_write = os.open, write_all

    def refuse_open(path: Path, flags: int, mode: int = 0o777) -> int:
        if direct and flags & direct:
            raise OSError(errno.EINVAL, "Invalid argument")
        return real_open(path, flags, mode)

    def refuse_pages(descriptor: int, content: memoryview) -> None:
        if len(content) % 4096 == 0:
            raise OSError(errno.EINVAL, "Invalid argument")
        real_write(descriptor, content)

    if refusal == "open":
        monkeypatch.setattr(os, "open", refuse_open)
    elif refusal == "write":
        monkeypatch.setattr(chunk_file, "write_all", refuse_pages)
    else:
        monkeypatch.setattr(chunk_file, "_DIRECT", 0)
    with open_store(tmp_path / "plain", manifest()) as store:
        run_blocks(store, MadeUp(), Silent())
    monkeypatch.undo()
    assert verify(tmp_path / "plain") == []
    assert digest(tmp_path / "plain") == digest(batch())
