"""Ranges, mappings and left sides: what an element stands for elsewhere, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simdyn.compile.mappings import explicit_mappings
from simdyn.engine.model import Model, load
from simdyn.errors import ModelError

Build = Callable[..., Model]
Write = Callable[..., Path]


def first(model: Model, *names: str) -> list[float]:
    return model.run(variables=names).iloc[0].tolist()


def test_explicit_mappings_of_a_text() -> None:
    found = explicit_mappings(
        [
            'DimA: A1, A2 -> (DimB: SubB, B3), DimC, ("Dim D": D1, "D 2")',
            "x[DimA] = y -> z",
            "DimB: B1, B2",
            'q = "-> (DimA: A1)"',
        ]
    )
    assert found == {
        ("dima", "dimb"): ("SubB", "B3"),
        ("dima", "dim_d"): ("D1", '"D 2"'),
    }


def test_mapping_spelt_out_which_pysd_loses(model: Build) -> None:
    built = model(
        "DimA: A1, A2, A3",
        "SubA: A1, A2",
        "DimB: B1, B2 -> (DimA: SubA, A3)",
        "b[DimB] = 1, 2",
        "a[DimA] = b[DimB] * 10",
    )
    assert first(built, "a") == [10, 10, 20]


def test_several_mappings_of_one_range(model: Build) -> None:
    built = model(
        "DimA: A1, A2, A3 -> (DimB: B3, B2, B1), DimC",
        "DimB: B1, B2, B3",
        "DimC: C1, C2, C3",
        "a[DimA] = 1, 2, 3",
        "b[DimB] = a[DimA]",
        "c[DimC] = a[DimA]",
    )
    assert first(built, "b", "c") == [3, 2, 1, 1, 2, 3]


def test_mapping_goes_before_a_shared_element(model: Build) -> None:
    built = model(
        "Target: (t1-t3)",
        "next: (t2-t3) -> before",
        "before: (t1-t2) -> next",
        "x[t1] = 1",
        "x[next] = x[before] + 1",
    )
    assert first(built, "x") == [1, 2, 3]


def test_function_within_a_function_runs_over_its_own_marks(model: Build) -> None:
    built = model("D: a, b", "x[D] = 1, 2", "s = SUM(x[D!] * VMAX(x[D!]))")
    assert first(built, "s") == [6]


def test_aliases_of_one_range_on_one_left_side(model: Build) -> None:
    built = model("D: a, b", "E <-> D", "x[D] = 1, 2", "d[D, E] = x[D] - x[E]")
    assert first(built, "d") == [0, -1, 1, 0]


def test_elements_without_an_equation_are_holes(model: Build) -> None:
    built = model("D: a, b", "E: e1, e2", "x[a, e1] = 1", "x[b, e2] = 2", "y = x[b, e2]")
    result = built.ensemble({}, ["x"])
    np.testing.assert_equal(result["x"].values[0, 0], [[1, np.nan], [np.nan, 2]])
    assert built.run(variables=["x"]).columns.tolist() == ["x[a,e1]", "x[b,e2]"]


def test_numbers_of_an_array_in_order(model: Build) -> None:
    built = model("D: a, b", "E: (e1-e3)", "x[D, E] = 1, 2, 3; 4, 5, 6;", "t[E, D] = x[D, E]")
    assert first(built, "x") == [1, 2, 3, 4, 5, 6]
    assert first(built, "t") == [1, 4, 2, 5, 3, 6]


@pytest.mark.parametrize(
    ("equations", "message"),
    [
        (["D: a, b", "x[D] = 1", "x[a] = 2"], r"model\.mdl:10: 'x': 'x\[a\]' is defined twice"),
        (["D: a, b", "x[D] = 1, 2, 3"], "left side has 2 elements, its right side 3 numbers"),
        (["D: a, b", "x[D] = 1", "y = x[D]"], r"'y': subscript \[d\] stands for no element"),
        (["D: a, b", "x[D] = 1", "y = x[D!]"], r"subscript \[d!\] is marked by ! outside"),
        (["D: a, b", "x[a] = 1", "y = x[b]"], r"'y': 'x\[b\]' has no equation"),
        (["D: a, b", "x[D] = 1", "y[D] = x[D, D]"], "'x' has 1 subscripts, here 2"),
        (["D: a, b", "x[D] = 1", "y = x[c]"], r"\[c\] is neither a subscript range nor"),
        (["D: a, b -> F", "x[D] = 1"], "'D': it maps to 'f', which is no subscript range"),
        (["D: a, b -> E", "E: c", "x[D] = 1"], "'D': it maps 2 elements to 1 of 'E'"),
        (["D: a, E", "E: b, D", "x[D] = 1"], "the subscript range contains itself"),
        (["D: a, b", "x[D] = 1", "x[a, b] = 1"], "one equation has 1 subscripts and another 2"),
        (["D: a, b", "x[D] :EXCEPT: [a, b] = 1"], ":EXCEPT: needs as many subscripts"),
        (["D: a, b", "x[D] = y[D]"], "'x.a.': uses 'y', which is not defined"),
    ],
)
def test_refusals(write: Write, equations: list[str], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        load(write(*equations))


def test_line_of_each_equation(write: Write) -> None:
    path = write("D: a, b", "x[a] = 1", "x[b] = lost")
    with pytest.raises(ModelError, match=r"model\.mdl:10: 'x\[b\]' uses 'lost'"):
        load(path)


def test_macro_by_element_and_with_a_lookup(model: Build) -> None:
    built = model(
        ":MACRO: AT(x, table)\nAT = table(x) + TIME STEP$ * 0\n\t~~|\n:END OF MACRO:\nD: a, b",
        "t((0,0),(10,20))",
        "x[D] = 1, 2",
        "y[D] = AT(x[D], t) + 1",
    )
    assert first(built, "y") == [3, 5]


@pytest.mark.parametrize(
    ("body", "use", "message"),
    [
        ("M = x", "M(1, 2)", "M takes 1 arguments, here 2"),
        ("M = M2(x)", "M(1)", "function M2 is not supported"),
        ("M = M(x)", "M(1)", "macro M uses itself without end"),
        ("N = x", "M(1)", "macro M has no equation for its own name"),
    ],
)
def test_macro_refusals(write: Write, body: str, use: str, message: str) -> None:
    macro = f":MACRO: M(x)\n{body}\n\t~\t\t~\t\t|\n:END OF MACRO:\n"
    with pytest.raises(ModelError, match=message):
        load(write(macro + f"y = {use}"))


def test_elements_by_offset_and_functions_of_lookups(model: Build) -> None:
    built = model(
        "D: a, b, c",
        "x[D] = 10, 20, 30",
        "t((0,0),(1,2),(3,4))",
        "next[D] = VECTOR ELM MAP(x[a], D - 1)",
        "behind = VECTOR ELM MAP(x[b], 1)",
        "outside = VECTOR ELM MAP(x[c], 1)",
        "beyond = LOOKUP EXTRAPOLATE(t, 5)",
        "forward = LOOKUP FORWARD(t, 1.5)",
        "backward = LOOKUP BACKWARD(t, 1.5)",
        "inverse = LOOKUP INVERT(t, 3)",
    )
    found = first(built, "next", "behind", "beyond", "forward", "backward", "inverse")
    assert found == [10, 20, 30, 30, 6, 4, 2, 2]
    assert np.isnan(first(built, "outside")[0])
