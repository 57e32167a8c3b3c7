"""The workbook reads well, holds what it should, and says what it cut off."""

import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from memory_runs import MemoryRuns, about
from openpyxl.workbook import Workbook

from simdyn.export import Format, Source, What, choose, export
from simdyn.export.cells import width
from simdyn.export.excel import write_bands
from simdyn.export.workbook import MAX_TEXT
from simdyn.names import CORE, EXTENSIVE, RATIOS
from simdyn.study.words import Citation, ScenarioWords
from simdyn.years import Years


def workbook(source: Source, folder: Path) -> Workbook:
    (path,) = export(source, choose(source), Format.EXCEL, What.BANDS, folder).paths
    return openpyxl.load_workbook(path)


def test_a_sheet_a_topic_under_a_header_that_stays(source: Source, tmp_path: Path) -> None:
    book = workbook(source, tmp_path)
    assert book.sheetnames == ["About", "Growth", "Bands", "Scenarios", "Regions", "Units"]
    assert book["Growth"].freeze_panes == "C2"
    assert book["Bands"].freeze_panes == "E2"
    assert book["Bands"].auto_filter.ref == f"A1:Z{book['Bands'].max_row}"


def test_bands_are_those_of_the_results(source: Source, tmp_path: Path) -> None:
    sheet = workbook(source, tmp_path)["Bands"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[5:] == tuple(range(2015, 2036))
    assert len(rows) == 2 * 2 * (len(EXTENSIVE) + len(RATIOS)) * 3
    years = source.runs.years("songbei", "plan")
    expected = np.percentile(years.values["Debt"][:, years.ok], (10, 50, 90), axis=1)
    found = [r[5:] for r in rows if r[:3] == ("Songbei 松北区", "plan 规划情景", "Government debt")]
    np.testing.assert_allclose(np.array(found, float), expected, rtol=1e-14)


def test_growth_is_that_of_each_period(source: Source, tmp_path: Path) -> None:
    sheet = workbook(source, tmp_path)["Growth"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[4:7] == ("2016-2020\nlow (10 %)", "2016-2020\nmedian", "2016-2020\nhigh (90 %)")
    assert len(rows) == 2 * 2 * len(CORE)
    years = source.runs.years("daoli", "baseline")
    expected = np.percentile(years.growth("GDP", 2026, 2035)[years.ok], (10, 50, 90))
    (found,) = [
        row[-3:]
        for row in rows
        if row[:3] == ("Daoli * 道里区", "baseline 趋势情景", "Gross domestic product")
    ]
    np.testing.assert_allclose(np.array(found, float), expected, rtol=1e-12)


def test_numbers_have_formats_and_columns_room(source: Source, tmp_path: Path) -> None:
    book = workbook(source, tmp_path)
    formats = {row[2].value: row[5].number_format for row in book["Bands"].iter_rows(min_row=2)}
    assert formats["Government debt"] == "#,##0.0"
    assert formats["Debt relative to GDP"] == "0.0%"
    assert formats["GDP per resident"] == "0.00##"
    for sheet in book:
        for column in sheet.iter_cols():
            room = sheet.column_dimensions[column[0].column_letter].width
            texts = [cell.value for cell in column if isinstance(cell.value, str)]
            assert room >= min(60, max((width(text) for text in texts), default=0)), column[0].value


def test_chinese_takes_two_columns() -> None:
    assert width("abc") == 3
    assert width("松北区") == 6
    assert width("a\nbcd") == 3


def test_it_says_where_it_comes_from_and_when_is_left_out(source: Source, tmp_path: Path) -> None:
    book = workbook(source, tmp_path)
    told = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert told["Digest of the results"] == source.about.digest
    assert told["Newest publication read"] == "2023"
    with zipfile.ZipFile(tmp_path / "results.xlsx") as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        properties = archive.read("docProps/core.xml").decode()
    assert "1980-01-01" in properties
    assert "20" not in properties.partition("W3CDTF")[2].replace("1980", "")


def test_what_is_cut_off_is_said(source: Source, tmp_path: Path) -> None:
    _, cuts = write_bands(source, choose(source), tmp_path, max_rows=50)
    book = openpyxl.load_workbook(tmp_path / "results.xlsx")
    n_row = 2 * 2 * (len(EXTENSIVE) + len(RATIOS)) * 3
    assert book["Bands"].max_row == 50
    assert len(cuts) == 1
    assert f"Sheet Bands: {n_row - 49} rows are left out" in cuts[0]
    assert ("Cut off", cuts[0]) in list(book["About"].iter_rows(values_only=True))


def test_a_text_too_long_for_a_cell_is_marked(tmp_path: Path) -> None:
    long = ScenarioWords(name="plan", title="Plan", description="x" * 50_000)
    words = about(scenarios=(long,))
    book = workbook(Source(MemoryRuns(("songbei",), ("plan",)), words), tmp_path)
    cell = str(book["Scenarios"]["D2"].value)
    assert len(cell) == MAX_TEXT
    assert cell.endswith("…")


def test_sources_are_listed(tmp_path: Path) -> None:
    cited = Citation(id="plan-2022", title="规划", title_en="Plan", published="2022-08-04")
    words = about(sources=(cited,))
    book = workbook(Source(MemoryRuns(("songbei",), ("plan",)), words), tmp_path)
    assert book["Sources"]["C2"].value == "规划"


@pytest.mark.parametrize("form", [Format.EXCEL, Format.IAMC])
def test_years_without_a_draw_are_empty_cells(
    form: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = MemoryRuns(("songbei",), ("plan",))
    years = runs.years("songbei", "plan")
    only = Years(2015, years.values, np.zeros_like(years.ok))
    monkeypatch.setattr(MemoryRuns, "years", lambda *_: only)
    failed = Source(runs, about())
    export(failed, choose(failed), form, What.BANDS, tmp_path)
    sheet = "Bands" if form is Format.EXCEL else "data"
    name = "results.xlsx" if form is Format.EXCEL else "iamc.xlsx"
    rows = openpyxl.load_workbook(tmp_path / name)[sheet].iter_rows(min_row=2, values_only=True)
    assert {row[5:] for row in rows} == {(None,) * 21}
