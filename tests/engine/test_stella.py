"""Stella's own ways: what PySD cannot read or run, with truths worked out by hand."""

from pathlib import Path

import pytest

from simdyn.engine.model import Model, load
from simdyn.errors import ModelError

XMILE = """<xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <sim_specs><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs>
  <dimensions><dim name="Home Region"><elem name="North"/><elem name="South"/></dim></dimensions>
  <model><variables>
    <aux name="x"><dimensions><dim name="Home Region"/></dimensions>
      <element subscript="North"><eqn>1</eqn></element>
      <element subscript="South"><eqn>5</eqn></element></aux>
    {more}
  </variables></model>
</xmile>
"""

STOCK = """<stock name="People"><dimensions><dim name="Home Region"/></dimensions>
  <element subscript="North"><eqn>100</eqn></element>
  <element subscript="South"><eqn>{south}</eqn></element><inflow>x</inflow></stock>"""


def model(tmp_path: Path, more: str) -> Model:
    path = tmp_path / "model.stmx"
    path.write_text(XMILE.replace("{more}", more))
    return load(path)


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("SUM(x[*])", 6),
        ("MEAN(x[*]) + MAX(x[*])", 8),
        ("STDDEV(x[*]) * 2 ^ 0.5", 4),
        ("SIZE(x[*]) + SIZE(Home_Region)", 4),
        ("SUM(x)", 6),
        ("x[South] - x[north]", 4),
        ("STARTTIME + STOPTIME + DT", 4.5),
        ("PI * 0 + LOG10(1000)", 3),
        ("ROUND(2.5) + ROUND(-1.2)", 2),
        ("SINWAVE(2, 4) + COSWAVE(3, 4)", 3),
        ("PREVIOUS(TIME, 7)", 7),
        ("GAMMA_LN(3)", 0.6931471805599453),
        ("MIN(2, INF)", 2),
    ],
)
def test_functions(tmp_path: Path, equation: str, expected: float) -> None:
    run = model(tmp_path, f'<aux name="y"><eqn>{equation}</eqn></aux>').run()
    assert run["y"].iloc[0] == pytest.approx(expected)


def test_previous_value(tmp_path: Path) -> None:
    run = model(tmp_path, '<aux name="y"><eqn>PREVIOUS(TIME, 7)</eqn></aux>').run()
    assert run["y"].tolist() == [7, *(n / 2 for n in range(8))]


def test_start_by_element_of_a_stock(tmp_path: Path) -> None:
    built = model(tmp_path, STOCK.replace("{south}", "x[South] * 2"))
    assert built.run()["People[North]"].tolist()[:2] == [100, 100.5]
    assert built.run()["People[South]"].tolist()[:2] == [10, 12.5]
    assert not any("start" in name for name in built.variables.index)
    assert built.run({"People[South]": 3})["People[South]"].iloc[0] == 3


def test_equation_at_the_start(tmp_path: Path) -> None:
    aux = '<aux name="y"><eqn>s * 2</eqn><init_eqn>7</init_eqn></aux>'
    run = model(tmp_path, aux + '<stock name="s"><eqn>y</eqn></stock>').run()
    assert run["s"].iloc[0] == 7
    assert run["y"].iloc[0] == 14


def test_stock_that_may_not_be_negative(tmp_path: Path) -> None:
    stock = '<stock name="s"><eqn>1</eqn><outflow>out</outflow><non_negative/></stock>'
    run = model(tmp_path, stock + '<flow name="out"><eqn>0.7</eqn></flow>').run()
    assert run["s"].tolist()[:5] == pytest.approx([1, 0.65, 0.3, 0, 0])
    assert run["s"].iloc[-1] == 0


def test_prefix_that_is_not_declared(tmp_path: Path) -> None:
    path = tmp_path / "model.xmile"
    text = XMILE.replace("{more}", "").replace("<model>", '<isee:prefs show="1"/><model>')
    path.write_text(text)
    assert load(path).run()["x[North]"].iloc[0] == 1


def test_graphical_function_of_an_element_is_refused(tmp_path: Path) -> None:
    gf = '<element subscript="North"><eqn>1</eqn><gf><ypts>1,2</ypts></gf></element>'
    with pytest.raises(ModelError, match="'y': a graphical function of one element"):
        model(tmp_path, f'<aux name="y">{gf}</aux>')


def test_dimension_of_a_size(tmp_path: Path) -> None:
    path = tmp_path / "model.xmile"
    text = XMILE.replace("<dimensions>", '<dimensions><dim name="Age" size="3"/>', 1)
    age = '<aux name="a"><dimensions><dim name="Age"/></dimensions><eqn>Age * 2</eqn></aux>'
    path.write_text(text.replace("{more}", age + '<aux name="y"><eqn>a[2] + SUM(a[*])</eqn></aux>'))
    assert load(path).run(variables=["a[3]", "y"]).iloc[0].tolist() == [6, 16]
