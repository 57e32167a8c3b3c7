"""What Vensim and XMILE allow and PySD's grammars do not is read by its meaning."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simdyn.engine.model import Model, load
from simdyn.errors import ModelError

Build = Callable[..., Model]


def now(model: Model, *names: str) -> list[float]:
    """Return values at time 2."""
    return model.run(variables=names).loc[2.0].tolist()


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("x = 1 {one, two (2} + Time", 3),
        ("x = 1\\\n+Time", 3),
        ("x = IF THEN ELSE(Time > 1 :and: :Not: Time > 2, 7, 8)", 7),
        ("x = IF THEN ELSE(Time = 2 :OR: Time > 5 :AND: Time > 9, 7, 8)", 7),
        ("x = IF THEN ELSE(Time > 9 :AND: Time > 5 :OR: :NOT: Time = 1 :AND: Time > 1, 7, 8)", 7),
        ("x = IF THEN ELSE((Time = 2 :OR: Time > 5) :AND: Time > 9, 7, 8)", 8),
        ("x = with  lookup(Time, ((0,0),(4,8)))", 4),
    ],
)
def test_vensim_spellings(model: Build, equation: str, expected: float) -> None:
    assert now(model(equation), "x") == [expected]


def test_names_keep_what_elsewhere_is_a_comment(model: Build) -> None:
    assert now(model('"a {b} :and: \\" c" = 3', 'x = "a {b} :and: \\" c" * 2'), "x") == [6]


def test_lookup_of_all_x_and_then_all_y(model: Build) -> None:
    built = model("table(0, 1, 3, 10, 20, -5.5)", "a = table(Time)", "b = table(-1) + table(1)")
    assert now(built, "a", "b") == [7.25, 30]


def test_words_between_colons_in_any_case(model: Build) -> None:
    built = model(
        "D: a, b", "x[D] :except: [a] = 1", "x[a] = :na:", "y = IF THEN ELSE(x[a]=:NA:,1,0)"
    )
    assert now(built, "x[b]", "y") == [1, 1]


def test_macro_in_small_letters(model: Build, write: Callable[..., Path]) -> None:
    path = write("x = TWICE(Time)")
    macro = ":macro: TWICE(a)\nTWICE = a * 2 {twice}\n\t~\tDmnl\n\t~\t\t|\n:end of macro:\n"
    path.write_text(path.read_text().replace("{UTF-8}\n", "{UTF-8}\n" + macro))
    assert now(load(path), "x") == [4]


def test_data_without_a_keyword(model: Build, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("Time,seen\n0,1\n4,5\n")
    run = model("seen", "x = seen * 2").run(data_files=[tmp_path / "data.csv"])
    assert run.loc[2.0, "x"] == 6


def test_western_text_without_a_declaration(write: Callable[..., Path]) -> None:
    path = write("größe = 2", "x = größe * Time")
    text = path.read_text(encoding="utf-8").replace("{UTF-8}\n", "")
    path.write_bytes(text.encode("cp1252"))
    assert now(load(path), "größe", "x") == [2, 4]


XMILE = """<xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>
  <model><variables>
    <gf name="g h"><xpts>0,4</xpts><ypts>0,8</ypts></gf>
    <aux name="bare"><gf><xpts>0,4</xpts><ypts>0,12</ypts></gf></aux>
    <aux name="t"><eqn>TIME</eqn></aux>
    <aux name="x"><eqn>{}</eqn></aux>
  </variables></model>
</xmile>
"""


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("1 {one} + t", 3),
        ("if t=1 then 5 else if t=2 then 6 else 7", 6),
        ("If t=2 Then If t=1 Then 5 Else 6 Else 7", 6),
        ("MAX(IF t=1 THEN 5 ELSE 6, IF t=1 THEN 8 ELSE 4) + 1", 7),
        ("2 * (IF t=2 THEN 3 ELSE 4) + IF NOT t=2 OR t&gt;1 AND t&lt;3 THEN 10 ELSE 20", 16),
        ("1 + t MOD 4 * 3", 7),
        ("1 + 3 * 7 MOD 4 / 2 - -5 mod 3", 3.5),
        ("MOD(t + 5, 4) * 2", 6),
        ("LOOKUP(g_h, t) + bare(t)", 10),
        ('LOOKUP("g h", t)', 4),
    ],
)
def test_xmile_spellings(tmp_path: Path, equation: str, expected: float) -> None:
    path = tmp_path / "model.xmile"
    path.write_text(XMILE.format(equation))
    assert now(load(path), "x") == [expected]


@pytest.mark.parametrize("nested", ["(", "IF THEN ELSE(Time > 2, 0, ", "-("])
def test_deeply_nested_equations(model: Build, nested: str) -> None:
    built = model("x = " + nested * 100 + "5" + ")" * 100)
    assert now(built, "x") == [5]


def test_mistaken_size_is_refused(write: Callable[..., Path]) -> None:
    path = write("D: (d1-d2000)", "E: (e1-e2000)", "x[D, E] = 1")
    with pytest.raises(ModelError, match="'x': 4000000 elements are too many"):
        load(path)
