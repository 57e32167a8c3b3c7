"""Broken and hostile files give findings, never tracebacks; a project is checked as a whole."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from check_words import Write

from simdyn.check import Severity, check_files, check_model, check_project
from simdyn.cli.main import main
from simdyn.project import Project

DEEP = "(" * 5000 + "1" + ")" * 5000
LONG = "n" * 300


def _mdl(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


CONTENTS = {
    "empty.mdl": b"",
    "binary.mdl": bytes(range(256)) * 10,
    "nul.mdl": b"\0\1\2",
    "gbk.mdl": _mdl("{UTF-8}\n增长 = 1 ~~|", "gbk"),
    "garbage.mdl": b"lorem | ipsum ~ dolor ~~ | = = ~~| x",
    "macro.mdl": b":MACRO: m(a)\nm=a ~~|\n:END OF MACRO:\nb = m(1) ~~|",
    "deep.mdl": _mdl(f"a = {DEEP} ~~|"),
    "deep_unit.mdl": _mdl(f"a = 1 ~ {DEEP} ~|"),
    "long.mdl": _mdl(f"{LONG} = 1 + x ~~|"),
    "bad.xmile": b"<xml",
    "empty.xmile": b"",
    "nul.stmx": b"\0\xff",
    "bad.toml": b"\xff\xfe\0",
    "syntax.toml": b"a = = 1",
    "empty.toml": b"",
    "priors.csv": b'"a',
    "targets.csv": b"\xff",
    "documents.csv": b"",
    "observations.csv": b"",
    "other.csv": b"a,b",
    "other.txt": b"",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_broken_files_give_findings(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(CONTENTS[name])
    findings = check_files([path])
    assert any(found.severity is Severity.ERROR for found in findings)
    for found in findings:
        assert found.path == path
        assert str(found).isprintable()
        json.dumps(found.as_data()).encode()


def test_missing_file(tmp_path: Path) -> None:
    for name in ("no.mdl", "no.toml", "priors.csv"):
        (found,) = check_files([tmp_path / name])
        assert "no such file" in found.cause


def test_a_file_cut_anywhere_is_an_error(tmp_path: Path, growth_path: Path) -> None:
    whole = growth_path.read_bytes().split(b"\\\\\\---///")[0].rstrip()
    for end in range(1000, len(whole) - 1, len(whole) // 7):
        path = tmp_path / "cut.mdl"
        path.write_bytes(whole[:end])
        assert any(found.severity is Severity.ERROR for found in check_model(path))


def test_one_deep_equation_does_not_hide_the_rest(write: Write) -> None:
    findings = check_model(write(f"a = {DEEP}", "b = lost", f"{LONG} = 1 + lost", "人口 = 失去"))
    assert [(found.check, found.line) for found in findings] == [
        ("syntax", 2),
        ("undefined", 7),
        ("undefined", 12),
        ("undefined", 17),
    ]
    assert findings[-1].variable == "人口"


def test_declared_gbk_is_read(write: Write) -> None:
    path = write("增长 = 1 + 失去")
    path.write_bytes(path.read_text(encoding="utf-8").replace("{UTF-8}", "{GBK}").encode("gbk"))
    (found,) = check_model(path)
    assert str(found).startswith(f"{path}:2: '增长': uses '失去', which is not defined.")


def test_long_sums_and_chains(write: Write) -> None:
    chain = [f"v{i} = v{i + 1} + 1" for i in range(1200)]
    assert check_model(write(*chain, "v1200 = S", "S = INTEG(-v0 / T, 1)", "T = 9 ~ Year")) == []
    assert check_model(write("a = " + " + ".join(["Time"] * 3000) + " ~ Year")) == []


Edit = Callable[[str, str, str], None]
XMILE = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <model_units><unit name="Person"><alias>Kopf</alias></unit></model_units>
  <sim_specs time_units="Year"><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs>
  <!-- a comment
  of two lines -->
  <model><variables>
    <aux name="broken"><eqn>1 +</eqn><units>Person</units></aux>
    <module name="sector"/>
    <aux name="a"><doc>d</doc><eqn>lost + broken</eqn><units>Person</units></aux>
    <aux name="b"><doc>d</doc><eqn>2</eqn><units>Kopf</units></aux>
    <aux name="c"><doc>d</doc><eqn>a + b</eqn><units>Person</units></aux>
    <aux name="d"><doc>d</doc><eqn>a + b</eqn><units>Widget</units></aux>
  </variables></model>
</xmile>
"""


def test_xmile_faults_are_all_found(tmp_path: Path) -> None:
    path = tmp_path / "model.xmile"
    path.write_text(XMILE, encoding="utf-8")
    found = {(f.check, f.line, f.variable) for f in check_model(path)}
    assert {
        ("syntax", 8, "broken"),
        ("syntax", 9, "sector"),
        ("undefined", 10, "a"),
        ("units", 13, "d"),
    } <= found
    assert not any(variable == "c" for _, _, variable in found)


def test_the_project_is_clean(root: Path) -> None:
    assert check_project(Project(root)) == []


def test_faults_of_all_files_of_a_project_are_found(project: Project, edit: Edit) -> None:
    edit("models/regional_growth.mdl", "birth rate * (1", "brith rate * (1")
    edit("models/facts/documents.csv", "growth", "groth")
    edit("models/priors.csv", "lognormal", "lgnormal")
    edit("models/priors.csv", ",normal,0.5", ",normal,half")
    edit("models/regions/qiqihar/region.toml", "basis =", "bases =")
    edit("models/regions/songbei/observations.csv", "gaussian", "gausian")
    edit("models/regions/songbei/targets.csv", "level", "levle")
    edit("models/discrepancy.csv", "growth,GDP", "growth,GPD")
    edit("models/levers.csv", "-0.3,0.3,Relative", "0.3,-0.3,Relative")
    edit("scenarios/combined.toml", '"plan"', '"plna"')
    edit("scenarios/plan.toml", '"migration"', '"migratoin"')
    edit("scenarios/plan.toml", '"integration"', '"integratoin"')
    edit("scenarios/study.toml", '"qiqihar"', '"qiqihra"')
    edit("scenarios/study.toml", '"plan"', '"plna"')
    findings = check_project(project)
    named = [found.path.relative_to(project.root).as_posix() for found in findings]
    assert named.count("models/regional_growth.mdl") >= 1
    assert "models/facts/documents.csv" in named
    assert named.count("models/priors.csv") == 2
    assert "models/regions/qiqihar/region.toml" in named
    assert "models/regions/songbei/observations.csv" in named
    assert "models/regions/songbei/targets.csv" in named
    assert "models/discrepancy.csv" in named
    assert named.count("models/levers.csv") == 1
    assert named.count("scenarios/combined.toml") == 1
    assert named.count("scenarios/plan.toml") >= 2
    assert named.count("scenarios/study.toml") == 3
    assert all(found.line or "is missing" in found.cause for found in findings)


def test_every_rule_of_the_readers_is_collected(project: Project, edit: Edit) -> None:
    (project.regions / "qiqihar" / "prior.csv").write_text("", encoding="utf-8")
    edit("models/regions/qiqihar/priors.csv", "yi real yuan/Year", "yuan")
    edit("models/regions/qiqihar/observations.csv", "GDP growth 2021", "GDP growth 2017-2021")
    edit("models/regions/qiqihar/targets.csv", "GDP,2022,2022", "GDP,2023,2023")
    edit("models/regions/qiqihar/targets.csv", "qiqihar.gdp.target_growth_a", "songbei.gdp.target_")
    edit("models/regions/songbei/priors.csv", "scope factor", "scope faktor")
    edit("models/regions/hachang_zone/region.toml", '"hachang_rest"', '"hachang_zone", "nowhere"')
    edit("scenarios/plan.toml", "[levers.songbei]", "[levers.hachang_zone]")
    edit("scenarios/plan.toml", 'source = "', 'source = "hearsay ')
    edit("scenarios/plan.toml", '"Plan as written"', '"Baseline"')
    edit("scenarios/baseline.toml", "title = ", 'title = "Baseline" # ')
    causes = [f"{found.cause} {found.mend}" for found in check_project(project)]
    for words in (
        "nothing reads this file",
        "'initial GDP' is in 'yi real yuan/Year' in the model",
        "'GDP growth 2017-2021' stands twice",
        "reads 2023-2023, but",
        "unknown fact 'songbei.gdp.target_",
        "uses the unknown 'scope factor'",
        "sum_of names 'hachang_zone', itself a sum",
        "sum_of names the unknown region 'nowhere'",
        "'hachang_zone' is a sum and has no levers",
        "unknown source 'hearsay",
        "has the title of 'baseline'",
    ):
        assert any(words in cause for cause in causes), words
    assert not any("measurement parameter" in cause for cause in causes)


def test_a_file_of_a_project_is_checked_within_it(project: Project, edit: Edit) -> None:
    edit("scenarios/plan.toml", '"migration"', '"migratoin"')
    edit("models/priors.csv", "lognormal", "lgnormal")
    (found,) = check_files([project.scenarios / "plan.toml"])
    assert found.mend == "Did you mean 'migration'?"
    (found,) = check_files([project.priors])
    assert "'lgnormal'" in found.cause
    edit("models/discrepancy.csv", "growth,GDP", "growth,GPD")
    (found,) = check_files([project.discrepancy])
    assert found.mend == "Did you mean 'GDP'?"
    edit("models/discrepancy.csv", "growth,GPD", "growth,GDP")
    assert check_files([project.scenarios / "baseline.toml", project.facts / "units.csv"]) == []
    assert len(check_files([project.root])) == 2


def test_a_scenario_alone_is_checked_by_its_form(project: Project, tmp_path: Path) -> None:
    lone = tmp_path / "elsewhere"
    lone.mkdir()
    text = (project.scenarios / "plan.toml").read_text(encoding="utf-8")
    (lone / "plan.toml").write_text(text.replace("title =", "titel ="), encoding="utf-8")
    findings = check_files([lone / "plan.toml"])
    assert [found.mend for found in findings] == ["Add it.", "Did you mean 'title'?"]


def test_the_command_counts_and_sets_the_exit_code(
    write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a = 1 ~ Person", "b = a + lost", "idle = 2")
    monkeypatch.chdir(path.parent)
    assert main(["check", "model.mdl"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("model.mdl:7: 'b': uses 'lost', which is not defined. ")
    assert out[-2].startswith("model.mdl:12: warning: 'idle': no equation uses this constant.")
    assert out[-1] == "2 errors, 1 warning in 1 file."
    assert main(["check", str(write("a = Time ~ Year", "idle = 2"))]) == 0
    assert capsys.readouterr().out.endswith("0 errors, 1 warning in 1 file.\n")


def test_json_says_the_same(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write("a = 1 ~ Person", "b = a + lost", "idle = 2")
    assert main(["check", "--json", str(path)]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["errors"], data["warnings"]) == (2, 1)
    assert data["findings"][0] == {
        "file": str(path),
        "line": 7,
        "column": None,
        "variable": "b",
        "severity": "error",
        "check": "undefined",
        "cause": "uses 'lost', which is not defined.",
        "mend": data["findings"][0]["mend"],
    }


def test_without_a_file_the_project_is_checked(
    project: Project, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--project", str(project.root)]) == 0
    assert capsys.readouterr().out == "No errors, no warnings.\n"
    edit("scenarios/plan.toml", '"migration"', '"migratoin"')
    edit("models/priors.csv", "lognormal", "lgnormal")
    assert main(["check", "--project", str(project.root)]) == 1
    assert capsys.readouterr().out.endswith("2 errors, 0 warnings in 2 files.\n")
