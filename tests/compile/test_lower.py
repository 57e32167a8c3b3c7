"""What the compiler does not know is refused by the variable's name and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simdyn.compile.functions import BUILTINS
from simdyn.compile.lower import lower
from simdyn.compile.nodes import Binary, Constant, Reference, Stock, Time, key_of
from simdyn.compile.read import read
from simdyn.engine.model import load
from simdyn.engine.numpy_functions import FUNCTIONS
from simdyn.errors import ModelError

Write = Callable[..., Path]


def test_names_units_and_kinds(root: Path) -> None:
    variables = load(root / "tests" / "features" / "lookups.mdl").variables
    kinds = variables["kind"].to_dict()
    assert kinds["x"] == "stock"
    assert kinds["table"] == "lookup"
    assert kinds["read"] == "auxiliary"
    assert kinds["of time"] == "auxiliary"
    assert kinds["of constant"] == "constant"
    assert kinds["TIME STEP"] == "control"
    assert variables.loc["TIME STEP", "unit"] == "Year"
    assert variables.loc["x", "line"] == 2


def test_nodes_of_an_equation(write: Write) -> None:
    variables = lower(read(write("S = INTEG(k * S - Time, 5)", "k = 2"))).variables
    flow = Binary("-", Binary("*", Reference("k"), Reference("s")), Time())
    assert variables["s"].definition == Stock(flow, Constant(5.0))


@pytest.mark.parametrize("name", ["Capital Stock", "capital_stock", ' "capital  stock" '])
def test_one_name_in_many_spellings(name: str) -> None:
    assert key_of(name) == "capital_stock"


def test_every_builtin_has_an_implementation() -> None:
    assert FUNCTIONS.keys() == BUILTINS.keys()


@pytest.mark.parametrize(
    ("equation", "message"),
    [
        ("bad = SMOOTH(a, 2)", "SMOOTH or SMOOTH3 is not supported yet"),
        ("bad = DELAY3(a, 2)", "DELAY1 or DELAY3 is not supported yet"),
        ("bad = DELAY FIXED(a, 2, 1)", "DELAY FIXED is not supported yet"),
        ("bad = TREND(a, 2, 1)", "TREND is not supported yet"),
        ("bad = SAMPLE IF TRUE(a > 1, a, 2)", "SAMPLE IF TRUE is not supported yet"),
        ("bad = RANDOM NORMAL(0, 1, 0, 1, 7)", "function RANDOM NORMAL is not supported"),
        ("bad = SQRTT(a)", "function SQRTT is not supported. Did you mean 'SQRT'"),
        ("bad = tabel(a)", "function TABEL is not supported. Did you mean 'TABLE'"),
        ("bad = MAX(a)", "MAX takes 2 arguments, here 1"),
        ("bad = table(a, 2)", "table takes 1 arguments, here 2"),
        ("bad = 1 + table", "'table' is a lookup. Give it an argument"),
        ("bad = 2 * INTEG(a, 1)", "INTEG and INITIAL must stand alone"),
        ("bad = 2 * INITIAL(a)", "INTEG and INITIAL must stand alone"),
        ("bad = 1 + ACTIVE INITIAL(a, 1)", "ACTIVE INITIAL must stand alone"),
        ("bad[region] = 1", r"subscripts such as \[region\]"),
        ("bad = a[region]", r"subscripts such as \[region\]"),
        ("bad = 1, 2, 3", "ndarray is not supported"),
        ("bad = :NA:", "missing values"),
        ("bad = (-2) ^ 2", "a negative number before \\^ can be read two ways"),
        ("bad = -2 ^ 2", "a negative number before \\^ can be read two ways"),
        ("bad = IF THEN ELSE(a > 1 :AND: a < 2 :OR: a = 5, 1, 0)", "side by side"),
        ("bad((0,1),(0,2))", "two points at the same x"),
        ("bad := a", "exogenous data"),
        ("bad: x1, x2", "subscript ranges are not supported"),
        ("time = 3", "clock's own name"),
        ("bad :THE CONDITION: a > 1 :IMPLIES: a > 0", "reality checks are not supported"),
    ],
)
def test_refusals_name_variable_and_line(write: Write, equation: str, message: str) -> None:
    path = write("a = 1", "table((0,1),(1,2))", equation)
    name = "time" if equation.startswith("time") else "bad"
    with pytest.raises(ModelError, match=rf"model\.mdl:10: '{name}': .*{message}"):
        load(path)


def test_variable_defined_twice(write: Write) -> None:
    for other in ("a = 2", "A = 2", '"a" = 2'):
        with pytest.raises(ModelError, match=r"defined twice"):
            load(write("a = 1", other))


def test_missing_control(write: Write) -> None:
    path = write("a = 1")
    path.write_text(path.read_text().replace("SAVEPER", "SAVE PERIOD"))
    with pytest.raises(ModelError, match="no SAVEPER"):
        load(path)


def test_long_and_deep_equations(write: Write) -> None:
    assert load(write("a = " + "+".join(["Time"] * 200))).run()["a"].iloc[-1] == 800
    assert load(write("a = " + "+".join(["Time"] * 3000))).run()["a"].iloc[-1] == 12000
    with pytest.raises(ModelError, match="'a': its equation cannot be parsed"):
        load(write("a = " + "(" * 300 + "Time" + ")" * 300))
