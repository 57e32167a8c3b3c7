from pathlib import Path

import pytest
from planted_rows import HEADER, line, write

from simdyn.errors import FactError
from simdyn.facts.reader import check_facts, read_facts
from simdyn.facts.rows import COLUMNS


def only_error(folder: Path) -> FactError:
    errors = check_facts(folder)
    assert len(errors) == 1, [str(error) for error in errors]
    return errors[0]


SHARE = {"kind": "share", "unit": "percent"}
GROWTH = {"kind": "growth_yoy", "unit": "percent"}
BAD_CELLS = [
    ("region", {"region": "sonbei"}, "Did you mean 'songbei'? A new region goes into regions.toml"),
    ("quantity", {"quantity": "Gross product"}, "lower-case words joined by underscores"),
    ("kind", {"kind": "levle"}, "Did you mean 'level'?"),
    ("value", {"value": "about 500"}, "Write the figure as printed"),
    ("value", {"value": "nan"}, "is not a plain number"),
    ("value", {"value": "inf"}, "is not a plain number"),
    ("value", {"value": "5e2"}, "powers of ten belong in the unit"),
    ("value", {"value": '"1,234.5"'}, "Write '1234.5', without thousands separators."),
    ("value", {"value": '"3,5"'}, "Write '3.5', with a point."),
    ("value", {"value": "５００"}, "Write '500'."),
    ("value", {"value": "10%"}, "Write '10' and the unit 'percent'."),
    ("value", {"value": ""}, "Only kind 'bound' may leave it out"),
    ("bound", {"kind": "bound", "value": "", "bound": "eq"}, "must be ge, gt, le or lt"),
    ("unit", {"unit": "1e8 RMB"}, "A new unit goes into units.csv."),
    ("bound", {"bound": "more"}, "unknown bound 'more'. Known: approx, eq, ge, gt, le, lt."),
    ("role", {"role": "observd"}, "Did you mean 'observed'?"),
    ("price_basis", {"price_basis": "nomnal"}, "Did you mean 'nominal'?"),
    ("vintage", {"vintage": "pre-2018"}, "Did you mean 'pre-2018-census'?"),
    ("document", {"document": "songbei-report-2021"}, "Did you mean 'songbei-work-report-2021'?"),
    ("document", {"document": ""}, "Write the id of a source in sources.toml."),
    ("document", {"document": "daoli-13fyp-2016"}, "Move the row to public.csv."),
    ("section", {"section": ""}, "Write where in the document the figure is printed."),
    ("confidence", {"confidence": "hgh"}, "Did you mean 'high'?"),
    ("start", {"start": "2020年"}, "Write '2020'."),
    ("start", {"start": "20"}, "Write a year, half-year or quarter"),
    ("end", {"end": "2020q3"}, "Write '2020Q3'."),
    ("end", {"end": "2020Q5"}, "Write a year, half-year or quarter"),
    ("start", {"start": "2021"}, "starts 2021 after its end 2020. Exchange start and end."),
    ("end", {"end": ""}, "Write '2020' again for a single period."),
    ("start", {**GROWTH, "start": ""}, "'growth_yoy' needs both start and end."),
    ("end", {**GROWTH, "start": "2019"}, "growth in one year"),
    ("start", {"kind": "growth_total", "unit": "percent"}, "Write the base year."),
    ("value", {**GROWTH, "value": "-100.1"}, "nothing falls by more than 100."),
    ("unit", {"kind": "growth_yoy"}, "is in percent, not '1e8 CNY'"),
    ("unit", {"kind": "share"}, "a share is in percent"),
    ("value", {**SHARE, "value": "100.5"}, "end the quantity in _completion or _ratio"),
    ("value", {**SHARE, "value": "-1"}, "is impossible: below 0"),
    ("value", {"quantity": "population", "unit": "persons", "value": "-5"}, "Drop the sign."),
    ("role", {"kind": "target_level"}, "Write 'target', or the kind without target_."),
]


@pytest.mark.parametrize(("column", "changes", "mend"), BAD_CELLS)
def test_a_bad_cell_is_refused_by_file_line_column_and_mend(
    folder: Path, column: str, changes: dict[str, str], mend: str
) -> None:
    write(folder, line(start="2019", end="2019"), line(**changes))
    error = only_error(folder)
    assert Path(str(error.path)).name == "documents.csv"
    assert error.line == 3
    assert error.column == f"{COLUMNS.index(column) + 1} '{column}'"
    assert mend in str(error)


ADMISSIBLE = [
    {"kind": "bound", "value": ""},
    {**SHARE, "value": "125.7", "quantity": "provincial_100_projects_completion"},
    {"kind": "target_share", "unit": "percentage points", "value": "-1", "role": "target"},
    {**GROWTH, "value": "-100"},
    {**GROWTH, "value": "300"},
    {"quantity": "budget_balance", "value": "-2.5"},
    {"quantity": "net_migration", "unit": "persons", "value": "-900"},
    {"start": "", "end": ""},
    {"start": "", "kind": "cumulative"},
    {"start": "2019H1", "end": "2019H1"},
    {"kind": "growth_total", "unit": "1e4 bags", "start": "2015", "value": "1170"},
]


@pytest.mark.parametrize("changes", ADMISSIBLE)
def test_an_unusual_row_is_accepted(folder: Path, changes: dict[str, str]) -> None:
    write(folder, line(**changes))
    assert len(read_facts(folder)) == 1


def test_a_duplicate_names_both_lines(folder: Path) -> None:
    write(folder, line(), line(start="2019", end="2019"), line(value="501"))
    error = only_error(folder)
    assert error.line == 4
    assert "the same figure as line 2" in str(error)
    assert "Delete one" in str(error)


def test_bounds_of_one_document_that_exclude_each_other_are_refused(folder: Path) -> None:
    write(folder, line(bound="gt"), line(bound="lt", value="400"))
    error = only_error(folder)
    assert error.line == 3
    assert "gdp cannot be <400 and, as line 2 says, >500. Mend" in str(error)


def test_another_document_with_the_same_figure_is_no_error(folder: Path) -> None:
    write(folder, line(), line(document="shuangcheng-14fyp-2022", value="510"))
    assert list(read_facts(folder).by_id) == [
        "songbei.gdp.level.2020",
        "songbei.gdp.level.2020@shuangcheng-14fyp-2022",
    ]


def test_a_range_of_one_document_has_two_ids(folder: Path) -> None:
    write(folder, line(bound="ge"), line(bound="le", value="600"), line(bound="lt", value="700"))
    assert list(read_facts(folder).by_id) == [
        "songbei.gdp.level.2020",
        "songbei.gdp.level.2020@songbei-work-report-2021",
        "songbei.gdp.level.2020@songbei-work-report-2021:lt",
    ]


@pytest.mark.parametrize(
    ("header", "mend"),
    [
        (HEADER.replace("value", "vlaue"), "unknown column. Did you mean 'value'?"),
        (HEADER.replace(",note", ""), "missing column 'note'"),
        (HEADER + ",extra", "column 16 'extra': unknown column."),
        (HEADER + ",note", "the column stands twice"),
        (HEADER.replace("start,end", "end,start"), "columns in another order"),
    ],
)
def test_a_wrong_header_is_refused_with_its_mend(folder: Path, header: str, mend: str) -> None:
    (folder / "documents.csv").write_text(header + "\n" + line() + "\n", encoding="utf-8")
    error = check_facts(folder)[0]
    assert error.line == 1
    assert mend in str(error)


def test_a_row_with_a_missing_cell_is_refused(folder: Path) -> None:
    write(folder, line(), "songbei,gdp,level")
    error = only_error(folder)
    assert error.line == 3
    assert "3 cells where the header has 15" in str(error)


def test_lines_are_those_an_editor_shows_after_quoted_line_breaks(folder: Path) -> None:
    write(folder, line(note='"one\ntwo\nthree"'), "", line(region="nowhere"))
    assert only_error(folder).line == 6


def test_an_unclosed_quote_is_reported_where_it_opens(folder: Path) -> None:
    write(folder, line(), line(note='"open', start="2019", end="2019"), line())
    error = only_error(folder)
    assert error.line == 3
    assert "Close each quotation mark" in str(error)


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        (b"", "the file is empty. Its first line must be: region,"),
        (HEADER.encode("utf-16"), "Save the file as UTF-8"),
        ("区".encode("gbk"), "Save the file as UTF-8"),
        (f"{HEADER}\n{line()}\n\0\n".encode(), "NUL byte"),
    ],
)
def test_a_file_that_is_no_text_table_is_refused(folder: Path, data: bytes, mend: str) -> None:
    (folder / "documents.csv").write_bytes(data)
    assert mend in str(check_facts(folder)[0])


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(folder: Path) -> None:
    text = f"{HEADER}\r\n{line()}\r\n"
    write(folder)
    (folder / "documents.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_facts(folder)["songbei.gdp.level.2020"].line == 2


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "public.csv").unlink()
    with pytest.raises(FactError, match=r"public\.csv: no such file"):
        read_facts(folder)


def test_all_errors_are_found_and_the_first_counts_the_rest(folder: Path) -> None:
    write(folder, line(kind="levle", unit="RMB"), line(value="x"), line(start="2021"))
    errors = check_facts(folder)
    assert [error.line for error in errors] == [2, 2, 3, 4]
    with pytest.raises(FactError, match=r"levle.*\(and 3 more errors in the facts\)"):
        read_facts(folder)


def test_paths_in_errors_are_relative_to_the_current_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, line(kind="levle"))
    monkeypatch.chdir(folder.parent)
    assert str(only_error(folder)).startswith("facts/documents.csv:2, column 3 'kind': ")


def test_a_hostile_value_stays_on_one_line(folder: Path) -> None:
    write(folder, line(region='"a\nb"'))
    assert "\n" not in str(only_error(folder))


REGISTERS = [
    ("units.csv", "percent,percent,share,percent,1", "percent,percent,share,percent,x", "number"),
    ("units.csv", "km,kilometres,length,km,1\n", "km,km,length,km,1\n" * 2, "stands twice"),
    ("regions.toml", 'role = "study"', 'role = "studied"', "'role' is 'studied'. Write one of"),
    ("regions.toml", 'part_of = "hachang_zone"', 'part_of = "hachang"', "'hachang_zone'"),
    ("sources.toml", 'issuer = "齐齐哈尔市人民政府"', "", "'issuer' is missing. Add it."),
    ("sources.toml", "covers =", "cover =", "Did you mean 'covers'?"),
]


@pytest.mark.parametrize(("name", "old", "new", "mend"), REGISTERS)
def test_a_wrong_register_is_refused_with_its_mend(
    folder: Path, name: str, old: str, new: str, mend: str
) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    error = only_error(folder)
    assert Path(str(error.path)).name == name
    assert mend in str(error)
