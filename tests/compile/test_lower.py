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
        ("bad = SQRTT(a)", "function SQRTT is not supported. Did you mean 'SQRT'"),
        ("bad = tabel(a)", "function TABEL is not supported. Did you mean 'TABLE'"),
        ("bad = MAX(a)", "MAX takes 2 arguments, here 1"),
        ("bad = table(a, 2)", "table takes 1 arguments, here 2"),
        ("bad = 1 + table", "'table' is a lookup. Give it an argument"),
        ("bad[region] = 1", r"\[region\] is neither a subscript range nor an element"),
        ("bad = a[region]", "'a' has 0 subscripts, here 1"),
        ("bad = 1, 2, 3", "its left side has 1 elements, its right side 3 numbers"),
        ("bad = DELAY N(a, 2, 1, 0)", "the order of a delay must be 1 to 1000, here 0"),
        ("bad = DELAY N(a, 2, 1, TABLE(a))", "the order of a delay must be a number or a constant"),
        ("bad = ACTIVE INITIAL(a)", "ACTIVE INITIAL takes 2 arguments, here 1"),
        ("bad = GET TIME VALUE(2, 0, 1)", "GET TIME VALUE knows units of Time only"),
        ("bad = LOOKUP FORWARD(a, 1)", "LOOKUP FORWARD takes a lookup first"),
        ("bad = GET XLS CONSTANTS('no.xlsx', 'A', 'B2')", "'no.xlsx' is not in the model's folder"),
        ("bad = VECTOR SORT ORDER(a, 1)", "needs a variable with 1 subscripts or more"),
        ("bad((0,1),(0,2))", "two points at the same x"),
        ("time = 3", "clock's own name"),
    ],
)
def test_refusals_name_variable_and_line(write: Write, equation: str, message: str) -> None:
    path = write("a = 1", "table((0,1),(1,2))", equation, "S = INTEG(TABLE(a), 1)")
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
