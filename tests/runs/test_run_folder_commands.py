"""status, verify and digest say what a folder of runs holds, for people and programs."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from made_up import MadeUp, Silent, chunk_files, flip, manifest

from simdyn.cli import main as cli
from simdyn.runs.digest import digest
from simdyn.runs.execute import run_blocks
from simdyn.runs.opening import open_store


class Done(NamedTuple):
    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def simdyn(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    def run(*arguments: str) -> Done:
        return Done(cli.main(list(arguments)), *capsys.readouterr())

    return run


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of runs of a project, entered; it holds `first` and the newer `second`."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "regional_growth.mdl").write_text("")
    home = tmp_path / "outputs" / "runs"
    for age, (name, bad) in enumerate((("second", ("plan",)), ("first", ()))):
        with open_store(home / name, manifest()) as store:
            run_blocks(store, MadeUp(bad=bad), Silent())
        for path in (home / name).iterdir():
            os.utime(path, (2e9 - age, 2e9 - age))
    (home / "notes").mkdir()
    monkeypatch.chdir(tmp_path)
    return home


def test_status_is_of_the_newest_batch(simdyn: Command, runs: Path) -> None:
    done = simdyn("status")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "outputs/runs/second: partial"
    assert lines[1] == "blocks   18 of 24 stored, 0.0 MB"
    assert lines[2] == "members  60 of 80 stored, 0 of them failed"
    assert lines[3] == "study    study, seed 1"
    assert "input    aaaaaaaaaaaa  model.mdl" in lines
    assert lines[-1] == "failed   block 17: planted."


def test_status_for_programs(simdyn: Command, runs: Path) -> None:
    data = json.loads(simdyn("status", str(runs / "first"), "--json").out)
    assert data["state"] == "complete"
    assert data["n_block"] == data["n_stored"] == 24
    assert data["manifest"]["layout"]["regions"] == ["qiqihar", "双城区"]


def test_verify_is_one_line_a_finding_and_code_1(simdyn: Command, runs: Path) -> None:
    first = runs / "first"
    assert simdyn("verify", str(first)) == (0, "outputs/runs/first: as it was written.\n", "")
    flip(chunk_files(first)[0], 9)
    chunk_files(first)[1].unlink()
    done = simdyn("-q", "verify", str(first))
    assert (done.code, done.err) == (1, "")
    assert len(done.out.splitlines()) == 2
    assert done.out.startswith(
        "outputs/runs/first/values.zarr/values/0.0.0.0.0: does not hold what was written"
    )
    data = json.loads(simdyn("verify", str(first), "--json").out)
    assert [Path(each["path"]).name for each in data["findings"]] == ["0.0.0.0.0", "0.0.1.0.0"]


def test_digest_is_a_line(simdyn: Command, runs: Path) -> None:
    first = runs / "first"
    assert simdyn("digest", str(first)).out == digest(first) + "\n"
    assert json.loads(simdyn("digest", str(first), "--json").out)["digest"] == digest(first)
    done = simdyn("digest")
    assert done.code == 1
    assert done.err == (
        "error: outputs/runs/second: is not complete: run it to its end with --resume.\n"
    )


@pytest.mark.parametrize("command", ["status", "verify", "digest"])
def test_no_results_are_an_error_of_one_line(
    simdyn: Command, runs: Path, tmp_path: Path, command: str
) -> None:
    done = simdyn(command, str(tmp_path / "models"))
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: models: no results of runs here: there is no manifest.json.\n"
    (tmp_path / "outputs").rename(tmp_path / "elsewhere")
    done = simdyn(command)
    assert done.err == "error: outputs/runs: no results of runs here. Start with: simdyn run\n"
