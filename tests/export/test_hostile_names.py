"""Hostile names reach no path outside the folder, no formula and no markup."""

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from simdyn.export import Format, Source, What, choose, export
from simdyn.export.safe import file_names, guarded

NAMES = (
    *("../x", "..", ".", "/etc/passwd", "a\\b", "C:\\x", "CON", "nul", "con.txt", "a", "A"),
    *('=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "'=1"),
    *("<script>alert(1)</script>", "&amp;", "x" * 300, "松" * 300, "松北区", "a,b", 'a"b', "a\nb"),
    *("x.", "x ", "*", "a|b", "%2e%2e", "_x0041_", "-rf"),
)


def test_file_names_are_safe_and_differ_on_every_system() -> None:
    names = file_names(NAMES)
    assert list(names) == list(NAMES)
    assert len({name.casefold() for name in names.values()}) == len(NAMES)
    for name in names.values():
        assert name.replace("-", "").replace("_", "").isalnum()
        assert name[0] not in "-."
        assert len(name.encode()) < 200
        assert name.split(".")[0].casefold() not in {"con", "nul"}


def test_plain_names_stay_as_they_are() -> None:
    assert file_names(["hachang_zone", "plan-2", "松北区"]) == {
        "hachang_zone": "hachang_zone",
        "plan-2": "plan-2",
        "松北区": "松北区",
    }


def test_a_name_that_looks_like_the_safe_form_of_another_is_told_apart() -> None:
    crafted = file_names(["A"])["A"]
    names = file_names([crafted, "A"])
    assert names[crafted] == crafted
    assert names["A"] != crafted


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("form", Format)
def test_nothing_lands_outside(
    named: Callable[..., Source], form: Format, what: What, tmp_path: Path
) -> None:
    if what is What.DRAWS and form in {Format.EXCEL, Format.IAMC}:
        return
    source = named(NAMES)
    out = tmp_path / "outer" / "out"
    choice = choose(source, variables=["GDP"])
    export(source, choice, form, what, out)
    assert [p.name for p in tmp_path.iterdir()] == ["outer"]
    assert [p.name for p in (tmp_path / "outer").iterdir()] == ["out"]
    assert not [p for p in out.rglob(".*") if p.is_file()]


def test_parquet_keeps_the_true_names(named: Callable[..., Source], tmp_path: Path) -> None:
    source = named(NAMES, NAMES[:3])
    choice = choose(source, variables=["GDP"])
    (path,) = export(source, choice, Format.PARQUET, What.BANDS, tmp_path).paths
    (folder,) = export(source, choice, Format.PARQUET, What.DRAWS, tmp_path).paths
    for table in (pd.read_parquet(path), pd.read_parquet(folder)):
        assert set(table["region"]) == set(NAMES)
        assert set(table["scenario"]) == set(NAMES[:3])


@pytest.mark.parametrize("form", [Format.CSV, Format.IAMC])
def test_no_cell_of_a_csv_is_a_formula(
    named: Callable[..., Source], form: Format, tmp_path: Path
) -> None:
    source = named(NAMES, NAMES)
    path = export(source, choose(source, variables=["GDP"]), form, What.BANDS, tmp_path).paths[0]
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    column = "region" if form is Format.CSV else "Region"
    assert {row[column] for row in rows} == {guarded(name) for name in NAMES}
    texts = [row[key] for row in rows for key in list(row)[:4]]
    assert not [text for text in texts if text.lstrip()[:1] in tuple("=+-@＝＋－＠")]


def test_no_cell_of_a_workbook_is_a_formula_or_link(
    named: Callable[..., Source], tmp_path: Path
) -> None:
    source = named(NAMES, NAMES[11:20])
    choice = choose(source, variables=["GDP"])
    for form, at in ((Format.EXCEL, 0), (Format.IAMC, 1)):
        path = export(source, choice, form, What.BANDS, tmp_path).paths[at]
        with zipfile.ZipFile(path) as archive:
            sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
            for sheet in sheets:
                xml = archive.read(sheet)
                assert b"<f>" not in xml
                assert b"hyperlink" not in xml
                assert b"<script" not in xml
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type in {"s", "n"}
                    if isinstance(cell.value, str) and cell.value[:1] in tuple("=+-@"):
                        assert cell.quotePrefix
    regions = openpyxl.load_workbook(tmp_path / "results.xlsx")["Regions"]
    found = {str(row[0]) for row in regions.iter_rows(min_row=2, values_only=True)}
    # Excel reads _x005F_ as a line, so that what follows it is no code; openpyxl leaves it.
    assert {name.replace("_x005F_", "_") for name in found} == set(NAMES)
