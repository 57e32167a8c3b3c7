"""The workbook holds the numbers of the tables, its links lead to evidence, names stay text."""

import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from simdyn.answers.case import case_of
from simdyn.cli.progress import Silence
from simdyn.export.cells import Link, Marked
from simdyn.export.opening import open_source
from simdyn.export.workbook import open_book
from simdyn.project import Project
from simdyn.report.answers import levers_of
from simdyn.report.kept import kept_sensitivity
from simdyn.report.page import content_of
from simdyn.report.words.language import ENGLISH, Language
from simdyn.report.workbook import WORKBOOK, write_workbook
from simdyn.report.workbook.layout import Column, Topic, Words, add_sheet, points
from simdyn.report.workbook.topics import topics_of
from simdyn.report.write import study_tables
from simdyn.sensitivity.regional import Sensitivity, plan_of
from simdyn.study import Results, read_study, run_study

EVIL = ('=HYPERLINK("http://x")', "+1", "@SUM(A1)", "\t=1", "http://x", "<b>&</b>", "＝1")
BAND = ("p10", "p50", "p90")


@pytest.fixture(scope="module")
def folder(studied: Project) -> Path:
    return studied.outputs / "northeast"


@pytest.fixture(scope="module")
def results(studied: Project) -> Results:
    return run_study(read_study(studied, studied.scenarios / "study.toml"), Silence())


@pytest.fixture(scope="module")
def sensitivity(results: Results) -> Sensitivity:
    return kept_sensitivity(case_of(results), plan_of(results.study), Silence())


@pytest.fixture(scope="module")
def tables(results: Results, sensitivity: Sensitivity) -> Mapping[str, pd.DataFrame]:
    return study_tables(results, content_of(results, sensitivity, ENGLISH))


def _open(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # openpyxl warns of what it cannot read
        return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(folder: Path) -> Workbook:
    return _open(folder / WORKBOOK)


def _rows(book: Workbook, sheet: str, header: int = 1) -> list[tuple]:
    return list(book[sheet].iter_rows(min_row=header + 1, values_only=True))


def _same(found: object, expected: object) -> None:
    np.testing.assert_allclose(np.array(found, float), np.array(expected, float), rtol=1e-14)


def test_a_sheet_a_topic_under_a_header_that_stays(book: Workbook, folder: Path) -> None:
    assert book.sheetnames == [
        "About", "Headlines", "Growth by period", "Growth accounting", "Convergence",
        "Inequality (Theil)", "Catching up", "Differences", "What measures add", "Targets",
        "What targets take", "Paths", "Sensitivity", "Fit", "Out of sample", "Parameters",
        "Scenarios", "Evidence", "Sources",
    ]  # fmt: skip
    for sheet in book.worksheets[1:]:
        assert re.fullmatch(r"[B-H][23]", sheet.freeze_panes)
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
    assert (folder / WORKBOOK).stat().st_size < 5_000_000


def test_numbers_are_those_of_the_tables(book: Workbook, folder: Path) -> None:
    def table(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / f"{name}.csv")

    _same([row[5:8] for row in _rows(book, "Headlines")], table("headlines")[list(BAND)])
    accounts = table("growth_accounts")[["mean", *BAND, "above", "above_low", "above_high"]]
    _same([row[7:14] for row in _rows(book, "Growth accounting")], accounts)
    targets = table("targets")
    chances = ["probability", "probability_low", "probability_high", "aim", *BAND]
    _same([row[4:11] for row in _rows(book, "Targets")], targets[chances])
    fit = table("fit")[["reported", "model", "z", "p5", "p50", "p95"]]
    _same([row[4:10] for row in _rows(book, "Fit", 2)], fit)
    parameters = table("parameters")[["prior_p5", "prior_p50", "prior_p95", "best_fit"]]
    _same([row[5:9] for row in _rows(book, "Parameters", 2)], parameters)
    theil = table("theil")[list(BAND)]
    _same([row[7:10] for row in _rows(book, "Inequality (Theil)", 2)], theil)


def test_paths_have_a_column_a_year(book: Workbook, tables: Mapping[str, pd.DataFrame]) -> None:
    header, *rows = book["Paths"].iter_rows(values_only=True)
    assert header[6:] == tuple(range(2015, 2036))
    bands = tables["bands"]
    assert 21 * len(rows) == 3 * len(bands)
    own = bands[(bands.region == "songbei") & (bands.scenario == "plan")]
    own = own[own.variable == "Debt"]
    head = ("Songbei", "fitted", "Plan as written", "Government debt")
    _same([row[6:] for row in rows if row[:4] == head], own[list(BAND)].T)


def test_growth_by_period_is_that_of_the_headlines(
    book: Workbook, tables: Mapping[str, pd.DataFrame]
) -> None:
    sheet = book["Growth by period"]
    assert [sheet["F1"].value, sheet["I1"].value] == ["2016-2020", "2021-2025"]
    told = tables["headlines"]
    own = told[(told.region == "qiqihar") & (told.scenario == "baseline")]
    own = own[own.headline.str.startswith("GDP growth")]
    head = ("Qiqihar", "fitted", "Trend without new policy", "Gross domestic product")
    (found,) = [row[5:] for row in _rows(book, "Growth by period", 2) if row[:4] == head]
    np.testing.assert_allclose(np.reshape(found, (3, 3)), own[list(BAND)], rtol=1e-12)


def test_differences_are_paired(book: Workbook, results: Results) -> None:
    sets = [results.draws("songbei", name).values["GDP"][-1] for name in ("plan", "baseline")]
    apart = np.percentile(sets[0] - sets[1], (10, 50, 90))
    (found,) = [
        row[10:13]
        for row in _rows(book, "Differences", 2)
        if row[0] == "Songbei" and row[4] == "GDP" and row[6] == 2035
    ]
    np.testing.assert_allclose(found, apart, rtol=1e-12)


def test_the_largest_inputs_come_first(book: Workbook, folder: Path) -> None:
    table = pd.read_csv(folder / "sensitivity" / "sobol.csv")
    own = table[(table.region == "songbei") & (table.indicator == "GDP") & (table.year == 2035)]
    expected = own.sort_values("total", ascending=False).head(5)
    rows = [
        row
        for row in _rows(book, "Sensitivity", 2)
        if row[1] == "Songbei" and row[3] == "GDP" and row[4] == 2035
    ]
    assert [row[6] for row in rows] == expected["input"].tolist()
    _same([row[8:11] for row in rows], expected[["total", "total_low", "total_high"]])


def test_a_figure_leads_to_its_evidence_and_that_to_its_source(book: Workbook) -> None:
    n_link = 0
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink):
            assert cell.hyperlink.target is None
            place = re.fullmatch(r"'(.+)'!A(\d+)", cell.hyperlink.location)
            assert place is not None
            aim = book[place[1]][f"A{place[2]}"].value
            if place[2] != "1":
                assert str(cell.value).startswith(aim)
            n_link += 1
    assert n_link > len(_rows(book, "Evidence"))
    for (cell,) in book["Fit"].iter_rows(min_row=3, min_col=17, max_col=17):
        assert cell.hyperlink.location.startswith("'Evidence'!")


def test_every_figure_and_source_is_there_as_printed(book: Workbook, results: Results) -> None:
    facts = list(results.study.facts)
    rows = _rows(book, "Evidence")
    assert [(row[0], row[5] or "", row[14] or "") for row in rows] == [
        (fact.id, fact.printed, fact.section) for fact in facts
    ]
    assert [row[0] for row in _rows(book, "Sources")] == list(results.study.facts.sources)


def test_kinds_of_evidence_have_their_colour_and_their_word(book: Workbook) -> None:
    looks = {
        (cell.value, cell.fill.fgColor.rgb)
        for name, column in (("Fit", "N"), ("Parameters", "O"), ("Scenarios", "H"))
        for cell in book[name][column][2:]
        if cell.value
    }
    assert {word for word, _ in looks} == {"document", "public statistic", "prior", "assumption"}
    assert len(looks) == len({colour for _, colour in looks}) == 4


def test_scenarios_say_what_they_set_and_why(book: Workbook, results: Results) -> None:
    rows = _rows(book, "Scenarios")
    table = levers_of(results.study, ENGLISH)
    plan = table[(table["scenario"] == "plan") & (table["region"] == table["part"])]
    expected = plan[["part", "setting", "source"]].to_numpy().tolist()
    names = {region.name: key for key, region in results.study.regions.items()}
    told = [[names[row[2]], row[4], row[8]] for row in rows if row[0] == "plan"]
    assert expected
    assert [row for row in expected if row not in told] == []
    assert len(told) == len({(row[2], row[3]) for row in rows if row[0] == "plan"})
    assert [row[0] for row in rows].count("baseline") == 1


def test_the_same_results_give_the_same_bytes(
    folder: Path,
    results: Results,
    sensitivity: Sensitivity,
    tables: Mapping[str, pd.DataFrame],
    tmp_path: Path,
) -> None:
    path = write_workbook(results, sensitivity, tables, tmp_path)
    assert path.read_bytes() == (folder / WORKBOOK).read_bytes()


def test_chinese_has_the_same_numbers(
    book: Workbook,
    results: Results,
    sensitivity: Sensitivity,
    tables: Mapping[str, pd.DataFrame],
    tmp_path: Path,
) -> None:
    path = write_workbook(results, sensitivity, tables, tmp_path, Language.ZH)
    assert path.name == "report.zh.xlsx"
    chinese = _open(path)
    assert chinese.sheetnames[1] == "主要指标"
    assert chinese["主要指标"]["A2"].value == "双城区"
    for one, other in zip(book, chinese, strict=True):
        assert one.dimensions == other.dimensions
        for cells in zip(one.iter_rows(), other.iter_rows(), strict=True):
            for cell, its in zip(*cells, strict=True):
                assert cell.data_type == its.data_type
                if cell.data_type == "n":
                    assert cell.value == its.value


def test_a_topic_of_nothing_has_no_sheet(
    results: Results, sensitivity: Sensitivity, tables: Mapping[str, pd.DataFrame]
) -> None:
    few = {k: v for k, v in tables.items() if k not in {"sigma", "sigma_change", "beta", "theil"}}
    few["fit"] = tables["fit"].head(0)
    silent = replace(sensitivity, tables={})
    found = topics_of(results, silent, few, Words(Language.EN, results.study))
    left_out = {"convergence", "theil", "fit", "sensitivity"}
    assert not left_out & {topic.name for topic in found}
    assert {"headlines", "parameters", "evidence"} <= {topic.name for topic in found}


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_names_run_nothing(
    evil: str, results: Results, tmp_path: Path, called: Callable
) -> None:
    study = called(evil)
    columns = [Column("region", "region"), Column("a"), Column("unit"), *points("", "0.0")]
    columns = [replace(column, header=column.header or "note", group=evil) for column in columns]
    rows = [{"region": "songbei", "a": Marked(evil, "prior"), "unit": Link(evil, "'Fit'!A1")}]
    about = open_source(results.study.project.runs / "northeast").about
    with open_book(tmp_path / "x.xlsx", about) as opened:
        add_sheet(opened, Topic("fit", columns, rows), Words(Language.EN, study))
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        for name in archive.namelist():
            text = archive.read(name)
            assert b"<f>" not in text
            assert b'TargetMode="External"' not in text
    cells = [cell for row in _open(tmp_path / "x.xlsx")["Fit"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert sum(str(cell.value).strip() == evil.strip() for cell in cells) >= 4


def test_no_number_is_an_empty_cell_and_no_end_a_sign(results: Results) -> None:
    words = Words(Language.EN, results.study)
    column = Column("value")
    assert words.cell(column, float("nan")) is None
    assert words.cell(column, "") is None
    assert words.cell(column, float("inf")) == "∞"
    assert words.cell(column, np.int64(3)) == 3.0
