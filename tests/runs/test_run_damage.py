"""Whatever happens to a file is found, named and mended; wrong bytes are never read."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made_up import MadeUp, Make, Silent, chunk_files, flip, manifest, messages

from simdyn.errors import RunError
from simdyn.runs.digest import digest
from simdyn.runs.execute import run_blocks
from simdyn.runs.opening import Mode, open_store
from simdyn.runs.results import open_results
from simdyn.runs.verify import verify


def delete_chunk(folder: Path) -> str:
    chunk_files(folder)[3].unlink()
    return f"{chunk_files(folder)[0].parent}/0.1.0.0.0: is missing"


def cut_chunk(folder: Path) -> str:
    path = chunk_files(folder)[3]
    path.write_bytes(path.read_bytes()[:-8])
    return f"{path}: has 376 bytes where 384 were written"


def flip_chunk(folder: Path) -> str:
    path = chunk_files(folder)[5]
    flip(path, 17)
    return f"{path}: does not hold what was written"


def swap_chunks(folder: Path) -> str:
    one, _, other, *_ = chunk_files(folder)
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    return f"{one}: does not hold what was written"


def old_chunk_of_another_batch(folder: Path) -> str:
    path = chunk_files(folder)[-1]
    path.write_bytes(np.zeros(48).tobytes())
    return f"{path}: does not hold what was written"


def flip_journal(folder: Path) -> str:
    flip(folder / "journal.jsonl", 700)
    return f"{folder}/journal.jsonl:3: is torn or was edited"


def tear_journal(folder: Path) -> str:
    path = folder / "journal.jsonl"
    path.write_bytes(path.read_bytes()[:-30])
    return f"{folder}/journal.jsonl:24: is torn or was edited"


def cut_journal_at_a_line(folder: Path) -> str:
    path = folder / "journal.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    return f"{path}: is not what it was when the batch ended"


def delete_journal(folder: Path) -> str:
    (folder / "journal.jsonl").unlink()
    return f"{folder}/journal.jsonl: is missing"


def edit_metadata(folder: Path) -> str:
    path = folder / "values.zarr" / "values" / "zarr.json"
    path.write_text(path.read_text().replace("float64", "int64"))
    return f"{path}: is not what the manifest says"


def edit_coordinate(folder: Path) -> str:
    path = folder / "values.zarr" / "year" / "0"
    flip(path, 0)
    return f"{path}: is not what the manifest says"


DAMAGES = [
    delete_chunk,
    cut_chunk,
    flip_chunk,
    swap_chunks,
    old_chunk_of_another_batch,
    flip_journal,
    tear_journal,
    cut_journal_at_a_line,
    delete_journal,
    edit_metadata,
    edit_coordinate,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_refused_and_mended(batch: Make, damage: Callable[[Path], str]) -> None:
    folder = batch()
    before = digest(folder)
    assert verify(folder) == []
    expected = damage(folder)
    assert expected in messages(verify(folder))
    with pytest.raises(RunError):
        digest(folder)
    with pytest.raises(RunError):
        open_results(folder).dataset()["values"].load()
    with open_store(folder, manifest(), Mode.RESUME) as store:
        run_blocks(store, MadeUp(), Silent())
    assert verify(folder) == []
    assert digest(folder) == before


def test_only_what_is_damaged_is_run_again_and_named(batch: Make, tmp_path: Path) -> None:
    folder = batch()
    flip_chunk(folder)
    with open_store(folder, manifest()) as store:
        assert "does not hold what was written" in messages(store.found.damaged)
        run_blocks(store, MadeUp(log=tmp_path / "log"), Silent())
    assert (tmp_path / "log").read_text() == f"{(0, 1, 8, 1, 2)}\n"


def test_an_edited_manifest_is_found_and_refused(batch: Make) -> None:
    folder = batch()
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"seed": 1', '"seed": 2'))
    assert "manifest.json: is damaged or was edited" in messages(verify(folder))
    for mode in (Mode.GO_ON, Mode.RESUME):
        with pytest.raises(RunError, match=r"Run again with --fresh"):
            open_store(folder, manifest(seed=2), mode)
    for read in (open_results, digest):
        with pytest.raises(RunError, match=r"is damaged or was edited"):
            read(folder)
    open_store(folder, manifest(seed=2), Mode.FRESH).close()


@pytest.mark.parametrize("place", [0, 1, 3, 30, 200, -2])
def test_a_flipped_manifest_is_never_believed(batch: Make, place: int) -> None:
    folder = batch()
    flip(folder / "manifest.json", place)
    with pytest.raises(RunError):
        open_results(folder)
    with pytest.raises(RunError):
        open_store(folder, manifest())


def test_alien_files_among_the_values_are_found_and_left(batch: Make) -> None:
    folder = batch()
    for name in ("values/7.0.0.0.0", "values/notes.txt", "other/zarr.json"):
        path = folder / "values.zarr" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("alien")
    found = messages(verify(folder))
    assert found.count("does not belong to this batch") == 3
    assert len(verify(folder)) == 3


def test_a_line_of_another_journal_is_noticed(batch: Make) -> None:
    folder, other = batch(), batch("other")
    lines = (other / "journal.jsonl").read_text().splitlines(keepends=True)
    with (folder / "journal.jsonl").open("a") as journal:
        journal.write(lines[0])
    started = [json.loads((f / "manifest.json").read_text())["digest"] for f in (folder, other)]
    if started[0] != started[1]:
        assert "journal.jsonl:25: is torn or was edited" in messages(verify(folder))
    assert "is not what it was when the batch ended" in messages(verify(folder))


def test_chunks_whose_lines_are_lost_are_found(batch: Make) -> None:
    folder = batch()
    (folder / "end.json").unlink()
    path = folder / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    assert verify(folder) == [], "a process that is killed leaves one such chunk"
    path.write_bytes(b"".join(lines[:-2]))
    assert messages(verify(folder)).count("has no line in the journal") == 2


def test_wrong_bytes_are_refused_when_first_read(batch: Make) -> None:
    folder = batch()
    results = open_results(folder)
    flip(folder / "values.zarr" / "values" / "0.1.1.0.0", 3)
    results.years("qiqihar", "baseline")
    with pytest.raises(RunError, match=r"0\.1\.1\.0\.0: does not hold what was written"):
        results.years("qiqihar", "plan")


def test_a_folder_without_results_is_no_batch(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent, tmp_path / "code", ignore=shutil.ignore_patterns("__*"))
    for read in (verify, digest, open_results):
        for folder in (tmp_path / "nothing", tmp_path / "code"):
            with pytest.raises(RunError, match=r"no results of runs here"):
                read(folder)
