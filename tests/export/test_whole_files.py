"""Files appear whole or not at all, and what went wrong is said in one line with its mend."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simdyn.errors import RunError
from simdyn.export import Format, Source, What, choose, export
from simdyn.export.whole import whole_file, whole_folder
from simdyn.years import Years

WAYS = [
    *((form, What.BANDS) for form in Format),
    (Format.CSV, What.DRAWS),
    (Format.PARQUET, What.DRAWS),
]


class Breaking:
    """Results whose last region and scenario cannot be read."""

    def __init__(self, source: Source) -> None:
        self.regions, self.scenarios = source.runs.regions, source.runs.scenarios
        self._runs = source.runs

    def years(self, region: str, scenario: str) -> Years:
        if (region, scenario) == (self.regions[-1], self.scenarios[-1]):
            raise RunError("chunk 7 is damaged. Run `simdyn verify`.")
        return self._runs.years(region, scenario)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(("form", "what"), WAYS)
def test_a_failure_leaves_the_old_files(
    source: Source, form: Format, what: What, tmp_path: Path
) -> None:
    choice = choose(source, variables=["GDP"])
    export(source, choice, form, what, tmp_path)
    before = contents(tmp_path)
    with pytest.raises(RunError, match="chunk 7"):
        export(Source(Breaking(source), source.about), choose(source), form, what, tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(("form", "what"), WAYS)
def test_the_same_results_give_the_same_bytes(
    source: Source, form: Format, what: What, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        export(source, choose(source), form, what, tmp_path / name)
    export(source, choose(source), form, what, tmp_path / "first")
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path) -> None:
    """The system stops each file of the child at 20 kB, as a full disk would."""
    code = """
import resource, sys
from pathlib import Path
from memory_runs import MemoryRuns, about
from simdyn.errors import RunError
from simdyn.export import Format, Source, What, choose, export

source = Source(MemoryRuns(("songbei",), ("plan",)), about())
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for form, what in [*((f, What.BANDS) for f in Format), ("csv", "draws"), ("parquet", "draws")]:
    try:
        export(source, choose(source), Format(form), What(what), Path(sys.argv[1]))
    except RunError as error:
        print(error)
"""
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    child = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = child.stdout.splitlines()
    assert len(lines) == len(WAYS), child.stdout
    assert all("cannot be written: File too large. Free space" in line for line in lines), lines
    assert contents(tmp_path) == {}


def test_no_room_on_the_disk_is_said_before_anything_is_written(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(RunError, match=r"about 6\.\d+ MB as csv, and 1 kB are free"):
        export(source, choose(source), Format.CSV, What.DRAWS, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("form", "what"), WAYS)
def test_a_file_in_the_place_of_the_folder(
    source: Source, form: Format, what: What, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(RunError, match=r"out.*A file stands where a folder should be"):
        export(source, choose(source), form, what, tmp_path / "out")
    assert contents(tmp_path) == {"out": b"mine"}


def test_a_folder_of_others_is_not_replaced(source: Source, tmp_path: Path) -> None:
    (tmp_path / "draws").mkdir()
    (tmp_path / "draws" / "notes.txt").write_text("mine")
    with pytest.raises(RunError, match=r"holds no _about\.json, so it is not ours"):
        export(source, choose(source), Format.PARQUET, What.DRAWS, tmp_path)
    assert contents(tmp_path) == {"draws/notes.txt": b"mine"}


def test_draws_left_from_another_choice_are_gone(source: Source, tmp_path: Path) -> None:
    export(source, choose(source), Format.PARQUET, What.DRAWS, tmp_path)
    export(source, choose(source, ["daoli"]), Format.PARQUET, What.DRAWS, tmp_path)
    assert [p.name for p in (tmp_path / "draws").iterdir() if p.is_dir()] == ["daoli"]


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    def interrupted(path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "a.csv") as partial:
        interrupted(partial)
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "b", "m") as partial:
        interrupted(partial / "half")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_export_left_is_no_hindrance(source: Source, tmp_path: Path) -> None:
    (tmp_path / ".draws.partial").mkdir()
    (tmp_path / ".draws.partial" / "half.parquet").write_text("half")
    (tmp_path / ".bands.csv.partial").write_text("half")
    export(source, choose(source), Format.PARQUET, What.DRAWS, tmp_path)
    export(source, choose(source), Format.CSV, What.BANDS, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["about.json", "bands.csv", "draws"]
