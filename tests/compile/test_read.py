"""A model file is read whole or refused with its path and a mend, and can do nothing else."""

import re
from collections.abc import Callable
from pathlib import Path

import pysd.translators
import pytest

from simdyn.compile import parsers
from simdyn.compile.literal import literal
from simdyn.engine.model import load
from simdyn.errors import ModelError

Write = Callable[..., Path]

XMILE = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <sim_specs{method}><start>0</start><stop>4</stop><dt reciprocal="true">2</dt></sim_specs>
  <model><variables>
    <stock name="Head count"><eqn>100</eqn><inflow>births</inflow><outflow>deaths</outflow></stock>
    <flow name="births"><eqn>Head_count * birth_rate</eqn></flow>
    <flow name="deaths"><eqn>Head_count / 50</eqn></flow>
    <aux name="birth rate"><eqn>TIME</eqn>
      <gf><xscale min="0" max="4"/><ypts>0.05,0.04,0.02</ypts></gf></aux>
    {more}
  </variables></model>
</xmile>
"""


def xmile(tmp_path: Path, method: str = "", more: str = "") -> Path:
    path = tmp_path / "model.xmile"
    path.write_text(XMILE.format(method=method, more=more), encoding="utf-8")
    return path


def growth(root: Path) -> str:
    return (root / "tests" / "features" / "growth.mdl").read_text(encoding="utf-8")


def save(tmp_path: Path, content: bytes, name: str = "model.mdl") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["missing.mdl", "missing.xmile", "missing.stmx"])
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match=rf"{name}: no such file"):
        load(tmp_path / name)


def test_unknown_kind_of_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"not a model file.*\.mdl"):
        load(tmp_path / "model.txt")


def test_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.mdl").mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        load(tmp_path / "folder.mdl")


@pytest.mark.parametrize(
    ("encoding", "header"),
    [("utf-8", "{UTF-8}"), ("utf-8-sig", "{UTF-8}"), ("utf-16", "{UTF-16}"), ("gbk", "{GBK}")],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_declared_encodings_read_alike(
    tmp_path: Path, root: Path, encoding: str, header: str, newline: str
) -> None:
    path = root / "tests" / "features" / "chinese_names.mdl"
    text = path.read_text(encoding="utf-8").replace("{UTF-8}", header).replace("\n", newline)
    copy = load(save(tmp_path, text.encode(encoding)))
    original = load(path)
    assert copy.variables.equals(original.variables)
    assert copy.run().equals(original.run())
    assert copy.variables.loc["人口", "documentation"] == '人口 of 一个地区, "so-called'


def test_undeclared_gbk_is_refused_at_its_line(tmp_path: Path, root: Path) -> None:
    text = growth(root).replace("growth rate", "增长率").replace("{UTF-8}\n", "")
    with pytest.raises(ModelError, match=r"model\.mdl:1: not utf-8 text\. Save it as UTF-8"):
        load(save(tmp_path, text.encode("gbk")))


def test_unknown_encoding_is_named(tmp_path: Path, root: Path) -> None:
    text = growth(root).replace("UTF-8", "rot13")
    with pytest.raises(ModelError, match="unknown encoding 'rot13'"):
        load(save(tmp_path, text.encode()))


@pytest.mark.parametrize("content", [b"\0\1\2", b"\x7fELF\0", "a = 1~~|".encode("utf-16-le")])
def test_binary_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ModelError, match="not a text file"):
        load(save(tmp_path, content))


def test_file_cut_anywhere_is_refused(tmp_path: Path, root: Path) -> None:
    whole = growth(root).split("\\\\\\---///")[0]
    for end in range(0, len(whole.rstrip()) - 1, 7):
        with pytest.raises(ModelError):
            load(save(tmp_path, whole[:end].encode()))


def test_cut_equation_is_named_by_its_line(tmp_path: Path, root: Path) -> None:
    text = growth(root)
    with pytest.raises(ModelError, match=r"model\.mdl:6: an equation without.*cut short"):
        load(save(tmp_path, text[: text.index("0.03")].encode()))


def test_broken_entry_does_not_swallow_the_rest(tmp_path: Path, root: Path) -> None:
    text = growth(root).replace("start = 100\n\t~\tDmnl\n\t~\t\t|", "start = 100 |")
    with pytest.raises(ModelError, match=r"model\.mdl:10: an equation without"):
        load(save(tmp_path, text.encode()))


def test_equation_that_cannot_be_parsed_is_named(write: Write) -> None:
    with pytest.raises(
        ModelError, match=r"model\.mdl:6: 'wrong one': its equation cannot be parsed"
    ):
        load(write("fine = 1", "wrong\tone = 2 * (3 + ", "later = 4"))


def test_continued_lines_and_names(write: Write) -> None:
    path = write("a long \\\n\tname = 2 + \\\n\t\t3", "other = a long name")
    assert load(path).run()["other"].iloc[0] == 5
    assert load(path).variables.loc["a long name", "line"] == 2


HOSTILE = "__import__('pathlib').Path(r'{marker}').write_text('x')"


@pytest.mark.parametrize(
    "equation",
    [
        "table([{code}, (0,0)-(1,1)],(0,0),(1,1))",
        "table([(0,0)-(1,1), {code}],(0,0),(1,1))",
        "a = WITH LOOKUP(1, ([{code}],(0,0),(1,1)))",
        "a = {code}",
        "a = MAX(1, '{code}')",
        "a = 1 -> {code}",
    ],
)
def test_model_file_cannot_run_code(write: Write, tmp_path: Path, equation: str) -> None:
    marker = tmp_path / "marker"
    path = write(equation.format(code=HOSTILE.format(marker=marker)))
    with pytest.raises(ModelError):
        load(path)
    assert not marker.exists()


def test_every_eval_of_the_parsers_is_shadowed() -> None:
    folder = Path(pysd.translators.__file__).parent
    users = {p.stem for p in folder.rglob("*.py") if re.search(r"\b(eval|exec)\(", p.read_text())}
    shadowed = {"vensim_element", "xmile_element"}
    assert users <= shadowed
    assert vars(parsers.vensim_element)["eval"] is literal
    assert vars(parsers.xmile_element)["eval"] is literal


@pytest.mark.parametrize(
    "text", ["1 * 2", "open('x')", "[1 for _ in ()]", "1 if 1 else 2", "True.x"]
)
def test_only_literals_are_evaluated(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        literal(text)
    assert literal("[(0, -1.5), (1e2, +.5)]") == ((0, -1.5), (100, 0.5))
    assert literal("1 - 2 + .5") == -0.5


def test_macro_writes_nothing(tmp_path: Path, root: Path) -> None:
    macro = ":MACRO: precious(a)\nprecious = a * 2\n\t~\tDmnl\n\t~\t\t|\n:END OF MACRO:\n"
    text = growth(root).replace("{UTF-8}\n", "{UTF-8}\n" + macro)
    text = text.replace("growth rate = 0.03", "growth rate = precious(0.015)")
    precious = save(tmp_path, b"irreplaceable", "precious.py")
    path = save(tmp_path, text.encode())
    assert load(path).run()["growth rate"].iloc[0] == 0.03
    assert sorted(tmp_path.iterdir()) == [path, precious]
    assert precious.read_bytes() == b"irreplaceable"


def test_macro_may_stand_anywhere_and_keeps_lines(write: Write) -> None:
    path = write("first = TWICE(2) + THRICE(1)", "second = 4")
    text = path.read_text()
    macros = [
        f":MACRO: {name}(x)\n{name} = x * {n}\n\t~\tDmnl\n\t~\t\t|\n:END OF MACRO:\n"
        for name, n in (("TWICE", 2), ("THRICE", 3))
    ]
    path.write_text(text.replace("second", f"{macros[0]}second") + "")
    path.write_text(path.read_text().replace("INITIAL TIME", f"{macros[1]}INITIAL TIME"))
    model = load(path)
    assert model.run()["first"].iloc[0] == 7
    assert model.variables.loc["second", "line"] == 11
    assert "x" not in model.variables.index


def test_cut_macro_is_named_by_its_line(write: Write) -> None:
    path = write("a = 1")
    macro = ":MACRO: M(x)\nM = x * 2\n:END OF MACRO:\n"
    path.write_text(path.read_text().replace("a = 1", macro + "a = 1"))
    with pytest.raises(ModelError, match=r"model\.mdl:3: an equation without"):
        load(path)


def test_reading_writes_nothing_beside_the_model(write: Write) -> None:
    path = write("a = 1")
    load(path).run()
    assert list(path.parent.iterdir()) == [path]


def test_xmile_runs(tmp_path: Path) -> None:
    model = load(xmile(tmp_path))
    population, expected = 100.0, []
    for step in range(9):
        expected.append(population)
        rate = 0.05 - 0.0025 * step if step <= 4 else 0.04 - 0.005 * (step - 4)
        population += 0.5 * population * (rate - 1 / 50)
    assert model.run(save="step")["Head count"].tolist() == pytest.approx(expected, rel=1e-12)
    assert model.variables.loc["births", "line"] == 6


@pytest.mark.parametrize(
    ("method", "more", "message"),
    [
        (' method="gear"', "", "integrates by 'gear'"),
        ("", '<module name="sector"/>', "xmile:10: 'sector': a module is not supported"),
        ("", '<aux name="a"><eqn>1 +</eqn></aux>', "xmile:10: 'a': its equation cannot be parsed"),
        ("", '<aux name="a"/>', "'a': its equation cannot be parsed"),
        ("", "<aux", "not well-formed XML"),
        (
            "",
            '<gf name="g"><xpts>1,2</xpts><ypts>1,2,3</ypts></gf>',
            "'g': its graph has 2 xpts and 3 ypts",
        ),
    ],
)
def test_xmile_refusals(tmp_path: Path, method: str, more: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        load(xmile(tmp_path, method, more))


def test_xmile_views_are_not_taken_for_variables(tmp_path: Path) -> None:
    path = xmile(tmp_path)
    view = '</variables><views><?pi?><view><stock name="Head count"/></view></views>'
    path.write_text(path.read_text().replace("</variables>", view))
    assert load(path).variables.loc["Head count", "line"] == 5


def test_xmile_entities_are_refused(tmp_path: Path) -> None:
    text = XMILE.format(method="", more="").split("\n", 1)
    doctype = '<!DOCTYPE xmile [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n'
    path = save(tmp_path, (text[0] + "\n" + doctype + text[1]).encode(), "model.xmile")
    with pytest.raises(ModelError, match="DOCTYPE"):
        load(path)


@pytest.mark.parametrize("content", [b"", b"<xmile/>", b"not xml", b"<a xmlns='b'/>"])
def test_xmile_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ModelError):
        load(save(tmp_path, content, "model.stmx"))
