import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from simdyn.cli import main as cli
from simdyn.facts.reader import read_facts

ROOT = Path(__file__).parents[2]
SIMDYN = [sys.executable, "-c", "from simdyn.cli.main import run; run()"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own with the real facts, entered."""
    shutil.copytree(ROOT / "models" / "facts", tmp_path / "models" / "facts")
    (tmp_path / "models" / "regional_growth.mdl").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


class Done(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def simdyn(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command line in this process, as if its output were piped."""

    def run(*arguments: str, **environment: str) -> Done:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = cli.main(list(arguments))
        return Done(code, *capsys.readouterr())

    return run


def han(text: str) -> int:
    return len(re.findall(r"[\u4e00-\u9fff]", text))


def test_overview_counts_every_region(simdyn: Command, project: Path) -> None:
    done = simdyn("facts")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Reported figures: 648" in done.stdout
    assert re.search(r"Qiqihar +齐齐哈尔市 +154 +23 ", done.stdout)
    assert re.search(r"Jilin Province +吉林省 +0 +7 ", done.stdout)


def test_region_by_chinese_name_shows_figures_gaps_and_conflicts(
    simdyn: Command, project: Path
) -> None:
    done = simdyn("facts", "双城区")
    assert (done.returncode, done.stderr) == (0, "")
    headings = ["Core economy", "Agriculture and forestry", "Sources", "Missing", "Conflicts"]
    places = [done.stdout.index(f"\n{heading}\n") for heading in headings]
    assert places == sorted(places)
    assert re.search(r"GDP +239\.8 +100 million CNY +2020 +level +unstated", done.stdout)
    assert "Not reported at all: registered population," in done.stdout
    assert "2.9 % a year over 2016-2020 compounds to 15.4 %" in done.stdout


def test_piped_output_is_plain_and_loses_nothing(simdyn: Command, project: Path) -> None:
    wide = simdyn("facts", "shuangcheng")
    narrow = simdyn("facts", "shuangcheng", COLUMNS="40")
    widest = simdyn("facts", "shuangcheng", COLUMNS="300")
    assert han(narrow.stdout) == han(wide.stdout) == han(widest.stdout) > 1000
    assert "\x1b" not in wide.stdout
    assert "…" not in narrow.stdout
    assert "§第一章一(一)经济综合实力显著增强" in widest.stdout
    assert "526.6 †" in wide.stdout


def test_bounds_and_missing_numbers_are_shown(simdyn: Command, project: Path) -> None:
    shown = simdyn("facts", "songbei", "--quantity", "gdp").stdout
    assert re.search(r"> 500 +100 million", shown)
    assert "> not stated" in shown
    assert "needs up to 14.9 % a year" in shown
    assert "Market entities" not in shown


def test_evidence_chooses_the_layer(simdyn: Command, project: Path) -> None:
    assert "526.6" not in simdyn("facts", "shuangcheng", "--evidence", "documents").stdout
    public = simdyn("facts", "shuangcheng", "--evidence", "public").stdout
    assert "526.6" in public
    assert "239.8" not in public


def test_quantity_over_all_regions(simdyn: Command, project: Path) -> None:
    shown = simdyn("facts", "--quantity", "debt").stderr
    assert shown.startswith("error: no quantity has 'debt' in its name.")
    retail = simdyn("facts", "--quantity", "retail").stdout
    assert "Daoli 道里区" in retail
    assert "Songbei" not in retail


def test_json_parses_and_is_complete(simdyn: Command, project: Path) -> None:
    overview = json.loads(simdyn("facts", "--json").stdout)
    assert sum(region["documents"] + region["public"] for region in overview) == 648
    region = json.loads(simdyn("facts", "Songbei", "--json").stdout)
    assert region["region"]["name_zh"] == "松北区"
    assert {fact["id"] for fact in region["facts"]} == {
        fact.id for fact in read_facts(project / "models" / "facts").select(region="songbei")
    }
    assert {conflict["region"] for conflict in region["conflicts"]} == {"songbei"}
    gdp = json.loads(simdyn("facts", "--quantity", "gdp", "--json").stdout)
    assert gdp[0]["unit"] == "1e8 CNY"


def test_project_is_found_from_a_folder_inside_and_by_option(
    simdyn: Command, project: Path, tmp_path: Path
) -> None:
    inside = project / "models" / "facts"
    os.chdir(inside)
    assert simdyn("facts").returncode == 0
    os.chdir("/")
    assert simdyn("facts", "--project", str(project)).returncode == 0


def test_no_project_is_an_error_of_one_line(
    simdyn: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = simdyn("facts")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Run inside the project folder or pass --project DIR." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["facts", "shuangchen"], 1, "error: unknown region 'shuangchen'. Did you mean"),
        (["facts", "a\x1b[31m\nb"], 1, "error: unknown region 'a [31m b'."),
        (["facts", "--evidence", "all"], 2, "Invalid value for '--evidence'"),
        (["fact"], 2, "No such command 'fact'"),
        (["facts", "--wide"], 2, "No such option: --wide"),
        (["facts", "a", "b"], 2, "unexpected extra argument"),
    ],
)
def test_wrong_input_ends_without_traceback(
    simdyn: Command, project: Path, arguments: list[str], code: int, message: str
) -> None:
    done = simdyn(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "╭" not in done.stderr


def test_a_wrong_row_is_an_error_of_one_line(simdyn: Command, project: Path) -> None:
    path = project / "models" / "facts" / "documents.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",239.8,", ",239·8,"), encoding="utf-8")
    done = simdyn("facts", "shuangcheng")
    assert done.returncode == 1
    assert done.stderr.startswith("error: models/facts/documents.csv:2, column 4 'value': '239·8'")
    assert done.stderr.count("\n") == 1


def test_version_and_help(simdyn: Command) -> None:
    assert re.fullmatch(r"simdyn \d+\.\d+\.\d+\n", simdyn("--version").stdout)
    shown = simdyn("facts", "--help").stdout
    assert "Show what is reported, what is missing and what conflicts." in shown
    assert "simdyn facts shuangcheng --quantity gdp" in shown
    assert simdyn().returncode == 2


def test_a_closed_pipe_is_silent(project: Path) -> None:
    with subprocess.Popen(  # noqa: S603
        [*SIMDYN, "facts", "shuangcheng", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_the_entry_point_passes_the_exit_code_on(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [*SIMDYN, "facts"], cwd=tmp_path, capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


def fail(error: BaseException) -> object:
    def raise_error(**_: object) -> None:
        raise error

    return raise_error


def test_a_bug_leaves_a_log_and_code_3(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", fail(ZeroDivisionError("planted")))
    assert cli.main([]) == 3
    shown = capsys.readouterr().err
    assert shown.startswith("error: simdyn failed (ZeroDivisionError). Please report the log: ")
    assert shown.count("\n") == 1
    log = Path(shown.strip().rpartition(": ")[2])
    assert log.parent == project / "outputs"
    text = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError: planted" in text
    assert re.search(r"^simdyn \d", text, re.MULTILINE)


def test_a_bug_outside_a_project_is_logged_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(cli, "app", fail(ValueError("planted")))
    assert cli.main([]) == 3
    assert str(tmp_path) in capsys.readouterr().err


def test_an_interrupt_is_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", fail(KeyboardInterrupt()))
    assert cli.main([]) == 130
    assert capsys.readouterr().err == "error: interrupted\n"
