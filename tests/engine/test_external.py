"""External data: read from the model's folder and files of the run, and from nowhere else."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from simdyn.engine.model import Model, load
from simdyn.errors import ModelError, RunError

Build = Callable[..., Model]
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def book(tmp_path: Path) -> Path:
    """A workbook: years and two series in columns A to C, and the same in rows 12 to 14."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Data"
    for row in [("year", "a", "b"), (0, 1, 10), (2, 3, None), (4, 5, 50)]:
        sheet.append(row)
    for row, values in ((12, (0, 2, 4)), (13, (1, 3, 5)), (14, (10, 30, 50))):
        for column, value in enumerate(values, start=2):
            sheet.cell(row, column, value)
    sheet["F1"], sheet["G1"] = "North", "South"
    sheet["H1"] = "=1+1"
    for name, cells in {"years": "$A$2:$A$4", "series_a": "$B$2:$B$4", "one": "$B$3"}.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=f"Data!{cells}")
    path = tmp_path / "data.xlsx"
    workbook.save(path)
    (tmp_path / "table.csv").write_text("t,x,y\n0,1,2\n4,3,6\n")
    return path


def test_constants(model: Build) -> None:
    built = model(
        "D: a, b",
        "E: (e1-e3)",
        "one = GET XLS CONSTANTS('data.xlsx', 'Data', 'B3')",
        "named = GET DIRECT CONSTANTS('data.xlsx', 'data', 'one')",
        "row[D] = GET DIRECT CONSTANTS('data.xlsx', 'Data', 'B2')",
        "column[D] = GET DIRECT CONSTANTS('data.xlsx', 'Data', 'B2*')",
        "table[D, E] = GET DIRECT CONSTANTS('data.xlsx', 'Data', 'B13')",
        "turned[E, D] = GET DIRECT CONSTANTS('data.xlsx', 'Data', 'B13*')",
        "text = GET DIRECT CONSTANTS('table.csv', ',', 'C3')",
        "indirect = GET DIRECT CONSTANTS('?data', 'Data', 'C4')",
    )
    names = ["one", "named", "row", "column", "table", "turned", "text", "indirect"]
    expected = [3, 3, 1, 10, 1, 3, 1, 3, 5, 10, 30, 50, 1, 10, 3, 30, 5, 50, 6, 50]
    assert built.run(variables=names).iloc[0].tolist() == expected
    assert built.variables.loc["row", "kind"] == "constant"


def test_data_and_lookups(model: Build) -> None:
    built = model(
        "D: a, b",
        "down[D] := GET XLS DATA('data.xlsx', 'Data', 'A', 'B2')",
        "across[D] := GET DIRECT DATA('data.xlsx', 'Data', '12', 'B13')",
        "named := GET DIRECT DATA('data.xlsx', 'Data', 'years', 'series_a')",
        "held:HOLD BACKWARD: := GET DIRECT DATA('data.xlsx', 'Data', 'A', 'B2')",
        "ahead:LOOK FORWARD: := GET DIRECT DATA('data.xlsx', 'Data', 'A', 'B2')",
        "raw:RAW: := GET DIRECT DATA('data.xlsx', 'Data', 'A', 'B2')",
        "read(GET DIRECT LOOKUPS('table.csv', ',', 'A', 'B2'))",
        "looked up = read(2)",
    )
    run = built.run()
    assert run["down[a]"].tolist() == [1, 2, 3, 4, 5]
    assert run["down[b]"].tolist() == [10, 20, 30, 40, 50]
    assert run["across[b]"].tolist() == [10, 20, 30, 40, 50]
    assert run["named"].tolist() == [1, 2, 3, 4, 5]
    assert run["held"].tolist() == [1, 1, 3, 3, 5]
    assert run["ahead"].tolist() == [1, 3, 3, 5, 5]
    np.testing.assert_equal(run["raw"].tolist(), [1, np.nan, 3, np.nan, 5])
    assert run["looked up"].tolist() == [2] * 5
    assert built.variables.loc["down", "kind"] == "data"
    assert built.run({"down[a]": 7})["down[a]"].tolist() == [7] * 5


def test_subscripts(model: Build) -> None:
    built = model(
        "D: GET XLS SUBSCRIPT('data.xlsx', 'Data', 'F1', 'G1', 'to ')",
        "x[D] = D",
        "y = x[to South]",
    )
    assert built.run(variables=["x", "y"]).iloc[0].to_dict() == {
        "x[to North]": 1,
        "x[to South]": 2,
        "y": 2,
    }


def test_formula_is_not_evaluated(write: Write) -> None:
    built = load(write("x = GET DIRECT CONSTANTS('data.xlsx', 'Data', 'H1')"))
    assert np.isnan(built.run()["x"]).all()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("../outside.csv", "lies outside the model's folder"),
        ("/etc/passwd", "lies outside the model's folder"),
        ("C:/data.csv", "lies outside the model's folder"),
        ("..\\\\outside.csv", "lies outside the model's folder"),
        ("sub/../../outside.csv", "lies outside the model's folder"),
        ("link.csv", "reached through a link"),
        ("linked/data.csv", "reached through a link"),
        ("?link", "reached through a link"),
        ("missing.csv", "is not in the model's folder"),
        ("?missing", "is no file of the model's folder"),
        ("model.mdl", "is no .xlsx, .csv or .tab file"),
        ("broken.xlsx", "cannot be read as a workbook"),
        ("latin.csv", "is not UTF-8 text"),
    ],
)
def test_other_files_are_refused(write: Write, tmp_path: Path, file: str, message: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "outside.csv").write_text("t,x\n0,1\n")
    (inside / "link.csv").symlink_to(tmp_path / "outside.csv")
    (inside / "linked").symlink_to(tmp_path)
    (inside / "broken.xlsx").write_bytes(b"PK not a workbook")
    (inside / "latin.csv").write_bytes(b"t,\xe9\n0,1\n")
    path = write(f"x = GET DIRECT CONSTANTS('{file}', ',', 'B2')")
    moved = inside / "model.mdl"
    path.rename(moved)
    with pytest.raises(ModelError, match=rf"model\.mdl:2: 'x': .*{message}"):
        load(moved)


@pytest.mark.parametrize(
    ("equation", "message"),
    [
        (
            "x = GET XLS CONSTANTS('data.xlsx', 'Lost', 'B2')",
            "has no sheet 'Lost'. Its sheets: Data",
        ),
        ("x = GET XLS CONSTANTS('data.xlsx', 'Data', 'lost')", "no cell or named range 'lost'"),
        ("x := GET XLS DATA('data.xlsx', 'Data', 'H', 'H20')", "has no numbers at 'H' and 'H20'"),
    ],
)
def test_missing_parts_are_named(write: Write, equation: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        load(write(equation))


DATA = "time,x,y[a],y[B],other\n0,1,10,20,0\n4,5,50,60,0\n"


def test_data_files_of_a_run(model: Build, tmp_path: Path) -> None:
    built = model("D: A, B", "x:INTERPOLATE:", "y[D]:RAW:", "z = x * 2")
    file = tmp_path / "run.csv"
    file.write_text(DATA)
    run = built.run(data_files=[file])
    assert run["z"].tolist() == [2, 4, 6, 8, 10]
    np.testing.assert_equal(run["y[A]"].tolist(), [10, np.nan, np.nan, np.nan, 50])
    turned = tmp_path / "turned.tab"
    rows = [line.split(",") for line in DATA.split()]
    turned.write_text("\n".join("\t".join(row) for row in zip(*rows, strict=True)))
    assert built.run(data_files=[turned]).equals(run)
    assert built.ensemble({}, ["z"], data_files=[file])["z"].values[0].tolist() == [2, 4, 6, 8, 10]
    assert built.run({"x": 3}, ["z"])["z"].tolist() == [6] * 5
    with pytest.raises(ModelError, match="'x' is data that no file gave"):
        built.run(variables=["z"])
    with pytest.raises(RunError, match="data files are"):
        built.run(data_files=[tmp_path / "data.xlsx"])
    with pytest.raises(RunError, match="cannot be read"):
        built.run(data_files=[tmp_path / "none.csv"])
