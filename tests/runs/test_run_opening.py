"""A folder is begun, taken up or replaced by one writer; what is not ours is not touched."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_up import LAYOUT, MadeUp, Make, Silent, manifest

from simdyn.errors import RunError
from simdyn.runs.digest import digest
from simdyn.runs.execute import run_blocks
from simdyn.runs.layout import Layout
from simdyn.runs.opening import Mode, open_store
from simdyn.runs.status import State, status
from simdyn.runs.store import Opened, RunStore
from simdyn.runs.verify import verify

NOBODY = 65534


def half_run(folder: Path) -> RunStore:
    """Open a batch and store the first half of its blocks."""
    store = open_store(folder, manifest())
    for block in store.missing()[:12]:
        store.commit(block, MadeUp()(block), 0.1)
    return store


def contents(folder: Path) -> dict[Path, tuple[bytes, float]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_an_unfinished_batch_goes_on_where_it_was(tmp_path: Path, batch: Make) -> None:
    folder = tmp_path / "half"
    half_run(folder).close()
    assert status(folder).state is State.UNFINISHED
    assert verify(folder) == []
    with open_store(folder, manifest()) as store:
        assert store.found.opened is Opened.RESUMED
        assert len(store.missing()) == 12
        run_blocks(store, MadeUp(log=tmp_path / "log"), Silent())
    assert len((tmp_path / "log").read_text().splitlines()) == 12
    assert status(folder).state is State.COMPLETE
    assert digest(folder) == digest(batch())


def test_a_complete_batch_is_not_written_to(batch: Make, tmp_path: Path) -> None:
    folder = batch()
    before = contents(folder)
    with open_store(folder, manifest()) as store:
        ran = run_blocks(store, MadeUp(log=tmp_path / "log"), Silent())
    assert (ran.n_block, ran.failed) == (0, {})
    assert not (tmp_path / "log").exists()
    assert contents(folder) == before


CHANGES = [
    ({"seed": 2}, "seed: 1 before, 2 now"),
    ({"study": "other"}, "study: study before, other now"),
    ({"inputs": {"model.mdl": "b" * 64}}, "model.mdl has changed"),
    ({"inputs": {}}, "model.mdl is gone"),
    ({"inputs": {"model.mdl": "a" * 64, "plan.toml": "c"}}, "plan.toml is new"),
    ({"versions": {"simdyn": "0.2.0"}}, "version of simdyn: 0.1.0 before, 0.2.0 now"),
    ({"sums": {"zone": ("qiqihar", "双城区")}}, "sum zone is new"),
    ({"layout": replace(LAYOUT, n_draw=11)}, "draws: 10 before, 11 now"),
    ({"layout": replace(LAYOUT, regions=("qiqihar",))}, "region 双城区 is gone"),
    ({"layout": replace(LAYOUT, scenarios=(*LAYOUT.scenarios, "x"))}, "scenario x is new"),
    ({"layout": replace(LAYOUT, years=(2015, 2016))}, "years: 2015-2018 before, 2015-2016 now"),
    ({"layout": replace(LAYOUT, variables=LAYOUT.variables[::-1])}, "order of the variables"),
]


@pytest.mark.parametrize(("change", "named"), CHANGES)
def test_changed_inputs_are_named_by_resume_and_replaced_by_default(
    batch: Make, change: dict[str, object], named: str
) -> None:
    folder, changed = batch(), manifest(**change)  # type: ignore[arg-type]
    before = contents(folder)
    with pytest.raises(RunError, match=f"made from other inputs: {named}. Run without --resume"):
        open_store(folder, changed, Mode.RESUME)
    assert contents(folder) == before
    with open_store(folder, changed) as store:
        assert store.found.opened is Opened.REPLACED
        assert store.found.changed == (named,)
        assert len(store.missing()) == len(list(changed.layout.blocks()))
        run_blocks(store, MadeUp(changed.layout), Silent())
    assert verify(folder) == []


def test_notes_and_the_size_of_blocks_may_differ(tmp_path: Path, batch: Make) -> None:
    half_run(tmp_path / "half").close()
    other = manifest(replace(LAYOUT, block_members=7), notes={"command": "simdyn run"})
    with open_store(tmp_path / "half", other, Mode.RESUME) as store:
        assert store.layout == LAYOUT
        run_blocks(store, MadeUp(), Silent())
    assert digest(tmp_path / "half") == digest(batch())


def test_fresh_starts_anew(batch: Make) -> None:
    folder = batch()
    with open_store(folder, manifest(), Mode.FRESH) as store:
        assert store.found.opened is Opened.REPLACED
        assert len(store.missing()) == 24
    assert status(folder).n_stored == 0
    assert verify(folder) == []


def test_resume_needs_something_to_resume(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"nothing to resume here. Run without --resume"):
        open_store(tmp_path / "none", manifest(), Mode.RESUME)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("mode", Mode)
def test_a_folder_that_is_not_ours_is_never_touched(tmp_path: Path, mode: Mode) -> None:
    for name in ("notes.txt", "manifest.json", "values.zarr"):
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        (folder / name).write_text('{"results": "of another program"}')
        before = contents(folder)
        with pytest.raises(RunError, match=r"holds other files than results of runs"):
            open_store(folder, manifest(), mode)
        assert contents(folder) == before


def test_files_of_others_survive_a_replacement(batch: Make) -> None:
    folder = batch()
    (folder / "my notes.txt").write_text("keep")
    open_store(folder, manifest(seed=2)).close()
    assert (folder / "my notes.txt").read_text() == "keep"


@pytest.mark.parametrize("left", [[".lock"], [".lock", "manifest.json.part"]])
def test_what_a_killed_beginning_left_is_no_hindrance(tmp_path: Path, left: list[str]) -> None:
    folder = tmp_path / "batch"
    folder.mkdir()
    for name in left:
        (folder / name).write_text("")
    with open_store(folder, manifest()) as store:
        assert store.found.opened is Opened.NEW


def test_a_beginning_killed_after_the_manifest_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    open_store(folder, manifest()).close()
    (folder / "values.zarr" / "zarr.json").unlink()
    (folder / "journal.jsonl").unlink()
    assert verify(folder) == []
    with open_store(folder, manifest()) as store:
        assert store.found.damaged == ()
        run_blocks(store, MadeUp(), Silent())
    assert verify(folder) == []


def test_a_file_where_the_folder_belongs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"is a file where a folder belongs"):
        open_store(tmp_path / "file", manifest())
    with pytest.raises(RunError, match=r"Choose another folder|choose another folder"):
        open_store(tmp_path / "file" / "inside", manifest())


# One writer


def test_a_second_writer_is_refused_by_name(tmp_path: Path) -> None:
    with half_run(tmp_path / "batch"):
        assert status(tmp_path / "batch").state is State.RUNNING
        code = (
            "import sys; from pathlib import Path; from made_up import manifest\n"
            "from simdyn.runs.opening import open_store\n"
            "open_store(Path(sys.argv[1]), manifest())"
        )
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", code, tmp_path / "batch"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert f"{tmp_path / 'batch'}: another simdyn writes to this folder" in done.stderr
        with pytest.raises(RunError, match=r"another simdyn writes to this folder"):
            open_store(tmp_path / "batch", manifest(), Mode.FRESH)
    with open_store(tmp_path / "batch", manifest()) as store:
        assert len(store.missing()) == 12


def test_a_refused_opening_leaves_no_lock(batch: Make) -> None:
    folder = batch()
    with pytest.raises(RunError, match=r"made from other inputs"):
        open_store(folder, manifest(seed=2), Mode.RESUME)
    assert status(folder).state is State.COMPLETE
    open_store(folder, manifest()).close()


# Folders that may not be written to


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder that this process may read but not write to."""
    if not hasattr(os, "geteuid"):
        pytest.skip("rights are those of Unix")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        (folder / "mine").mkdir()
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            if is_root:
                os.seteuid(0)
            folder.chmod(0o755)


def test_a_read_only_folder_is_refused_with_the_mend(as_nobody: Path) -> None:
    with pytest.raises(RunError, match=r"Permission denied. Choose a folder that you may write to"):
        open_store(as_nobody / "batch", manifest())


def test_results_are_read_by_who_may_not_write(batch: Make) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "batch"
        with open_store(folder, manifest()) as store:
            run_blocks(store, MadeUp(), Silent())
        Path(home).chmod(0o755)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            os.seteuid(NOBODY)
        try:
            assert verify(folder) == []
            assert status(folder).state is State.COMPLETE
            found = digest(folder)
        finally:
            if hasattr(os, "geteuid") and os.getuid() == 0:
                os.seteuid(0)
    assert found == digest(batch())


def test_an_empty_layout_of_one_member_works(tmp_path: Path) -> None:
    layout = Layout(("a",), ("s",), 1, ("x",), (2020,))
    with open_store(tmp_path / "one", manifest(layout)) as store:
        run_blocks(store, MadeUp(layout), Silent())
    assert status(tmp_path / "one").n_member == 1
