"""Wrong entries are refused at their file, line and column, with the mend."""

from pathlib import Path

import pytest
from pydantic import Field

from simdyn.errors import FactError, ScenarioError
from simdyn.records import Number, Record, read_table, read_toml


class Inner(Record):
    strength: Number
    source: str


class Outer(Record):
    name: str
    names: tuple[str, ...] = ()
    inner: dict[str, Inner] = Field(default_factory=dict)
    listed: tuple[Inner, ...] = ()


class Row(Record):
    name: str
    amount: float
    note: str = ""


GOOD = '''# comment
name = "x"
names = [
  "first",
  "second",
]

[inner."a b"]
strength = 1
source = """
name = 3
"""

[inner.c]
strength = 0.5
source = "s"

[[listed]]
strength = 1
source = "s"

[[listed]]
strength = 2
source = "t"
'''


def _toml(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read_and_its_lines_known(tmp_path: Path) -> None:
    file = read_toml(_toml(tmp_path, GOOD), ScenarioError)
    record = file.parse(Outer, ScenarioError)
    assert record.inner["a b"].strength == 1
    assert file.line_of(("names", 1)) == 5
    assert file.line_of(("inner", "a b", "source")) == 10
    assert file.line_of(("inner", "c", "strength")) == 15
    assert file.line_of(("listed", 1, "strength")) == 23
    assert file.line_of(("listed", 0, "nothing")) == 18


@pytest.mark.parametrize(
    ("old", "new", "line", "mend"),
    [
        ("strength = 0.5", 'strength = "much"', 15, "'much' where a number belongs"),
        ("strength = 0.5", "strength = true", 15, "where a number belongs"),
        ("strength = 0.5", "strength = nan", 15, "where a number belongs"),
        ("strength = 0.5", "strenght = 0.5", 15, "'strenght'. Did you mean 'strength'?"),
        (
            "strength = 2",
            "strength = 2\nsorce = 1",
            24,
            "unknown entry 'sorce'. Did you mean 'source'?",
        ),
        ("strength = 0.5", "strength = much", 15, "not valid TOML"),
        ('name = "x"', "", None, "'name' is missing"),
        ('name = "x"', 'name = "a\u2028b"\nsorce = 1', 3, "unknown entry 'sorce'"),
        ('name = "x"', "name = " + "9" * 5000, None, "beyond all measure"),
        ('name = "x"', "name = " + "[" * 5000, None, "beyond all measure"),
    ],
)
def test_a_wrong_toml_entry_names_its_line(
    tmp_path: Path, old: str, new: str, line: int | None, mend: str
) -> None:
    path = _toml(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        read_toml(path, ScenarioError).parse(Outer, ScenarioError)
    assert caught.value.line == line
    assert mend in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "column", "mend"),
    [
        ("name,amount\na,1\nb,much\n", 3, "2 'amount'", "where a number belongs"),
        ("name,amount\na,1\n\n\nb,1,2\n", 5, None, "3 cells where the header has 2"),
        ("name,amuont\n", 1, "2", "Did you mean 'amount'?"),
        ("name\n", 1, None, "the column 'amount' is missing"),
        ('name,amount,note\na,1,"two\nlines"\nb,,\n', 4, "2 'amount'", "'amount' is missing"),
        ('name,amount\n"a,1\n', 2, None, "not valid CSV"),
        ("", 1, None, "is missing"),
    ],
)
def test_a_wrong_csv_row_names_line_and_column(
    tmp_path: Path, text: str, line: int, column: str | None, mend: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FactError) as caught:
        read_table(path, Row, FactError)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert mend in str(caught.value)


def test_missing_and_badly_encoded_files(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        read_toml(tmp_path / "absent.toml", ScenarioError)
    (tmp_path / "gbk.toml").write_bytes('name = "双城"'.encode("gbk"))
    with pytest.raises(ScenarioError, match="not UTF-8"):
        read_toml(tmp_path / "gbk.toml", ScenarioError)
    (tmp_path / "bom.toml").write_bytes('name = "双城"'.encode("utf-8-sig"))
    assert read_toml(tmp_path / "bom.toml", ScenarioError).data == {"name": "双城"}
