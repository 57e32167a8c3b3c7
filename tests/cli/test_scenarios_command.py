"""simdyn scenarios: lists, shows and writes; never outside the folder, never with a traceback."""

import json
import re

import pytest

from simdyn.cli.main import main
from simdyn.project import Project

Captured = pytest.CaptureFixture[str]


def _run(project: Project, captured: Captured, *arguments: str) -> tuple[int, str, str]:
    code = main(["scenarios", *arguments, "--project", str(project.root)])
    out, err = captured.readouterr()
    return code, out, err


def test_the_list_names_every_scenario(project: Project, capsys: Captured) -> None:
    code, out, err = _run(project, capsys)
    assert (code, err) == (0, "")
    rows = {line.split()[0]: line for line in out.splitlines()[1:-2]}
    assert rows.keys() == {p.stem for p in project.scenarios.glob("*.toml")} - {"study"}
    assert "plan " in rows["combined"]
    assert "shuangcheng 9" in rows["plan"]


def test_the_list_as_data(project: Project, capsys: Captured) -> None:
    _, out, _ = _run(project, capsys, "--json")
    rows = {row["name"]: row for row in json.loads(out)["scenarios"]}
    assert rows["combined"]["extends"] == "plan"
    assert rows["shock"]["n_lever"]["daoli"] == 2
    assert rows["baseline"]["n_lever"] == {}


def test_faulty_files_are_named_beside_the_sound_ones(project: Project, capsys: Captured) -> None:
    (project.scenarios / "bad.toml").write_text("a = = 1", encoding="utf-8")
    (project.scenarios / "nul.toml").write_text('name = "nul"', encoding="utf-8")
    (project.scenarios / "folder.toml").mkdir()
    code, out, err = _run(project, capsys)
    assert code == 1
    assert "Plan as written" in out
    lines = err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("error: ") for line in lines)
    assert "bad.toml:1: not valid TOML" in lines[0]


def test_show_gives_sources_and_where_a_lever_is_set(project: Project, capsys: Captured) -> None:
    _, out, _ = _run(project, capsys, "show", "combined", "--region", "shuangcheng", "--json")
    levers = json.loads(out)["regions"]["shuangcheng"]["levers"]
    assert levers["market investment"]["set_in"] == "plan"
    assert levers["migration"]["set_in"] == "combined"
    assert all(entry["source"] for entry in levers.values())
    code, out, _ = _run(project, capsys, "show", "combined", "--zh")
    assert code == 0
    assert "市场投资" in out
    assert "综合情景" in out
    assert "规划所述各项内容同时实施" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "plna"),
        ("show", "../plan"),
        ("show", "plan", "--region", "songbie"),
        ("show", "x" * 300),
        ("new", "mine", "--extends", "plna"),
        ("new", "mine", "--extends", "../../etc/passwd"),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(
    project: Project, capsys: Captured, arguments: tuple[str, ...]
) -> None:
    code, out, err = _run(project, capsys, *arguments)
    assert (code, out) == (1, "")
    assert re.fullmatch(r"error: .*(Did you mean|Known).*\n", err)
    assert not (project.scenarios / "mine.toml").exists()


def test_a_new_scenario_is_valid_with_every_lever_taken_up(
    project: Project, capsys: Captured
) -> None:
    assert _run(project, capsys, "new", "mine", "--extends", "plan")[0] == 0
    path = project.scenarios / "mine.toml"
    assert main(["check", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    taken_up = re.sub(r'^# (["\[])', r"\1", text, flags=re.MULTILINE)
    path.write_text(taken_up, encoding="utf-8")
    capsys.readouterr()
    code, out, err = _run(project, capsys, "show", "mine", "--region", "daoli", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)["regions"]["daoli"]
    assert len(found["levers"]) == 21
    assert found["uncertainties"].keys() == {"birth rate"}


HOSTILE = (
    "../x",
    "..",
    "/x",
    "a/b",
    "=HYPERLINK(1)",
    "<script>",
    "x" * 300,
    "情景",
    "CON",
    "con",
    "nul",
    "nul.toml",
    "a b",
    "",
    "x\n",
    "study",
    "plan",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_write_nothing(project: Project, capsys: Captured, name: str) -> None:
    before = {p: p.stat().st_mtime_ns for p in project.root.parent.rglob("*")}
    code, out, err = _run(project, capsys, "new", name)
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert {p: p.stat().st_mtime_ns for p in project.root.parent.rglob("*")} == before


def test_a_new_scenario_does_not_follow_a_link(project: Project, capsys: Captured) -> None:
    target = project.root / "elsewhere.toml"
    (project.scenarios / "mine.toml").symlink_to(target)
    assert _run(project, capsys, "new", "mine")[0] == 1
    assert not target.exists()


def test_a_folder_full_of_faults_is_given_up(project: Project, capsys: Captured) -> None:
    for n in range(1100):
        (project.scenarios / f"z{n}.toml").write_text('extends = "nowhere"', encoding="utf-8")
    code, _, err = _run(project, capsys)
    assert code == 1
    assert len(err.splitlines()) == 21
    assert "more. See simdyn check" in err
