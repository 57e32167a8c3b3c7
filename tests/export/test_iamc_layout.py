"""The IAMC layout obeys the rules by which pyam reads a file, and reads back equal."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simdyn.export import Format, Source, What, choose, export
from simdyn.export.iamc_names import IAMC_NAMES, NOMINAL, REAL
from simdyn.names import CONSTANT, CURRENT, EXTENSIVE, RATIOS, Quantity

INDEX = ["model", "scenario", "region", "variable", "unit"]


@pytest.fixture
def table(source: Source, tmp_path: Path) -> pd.DataFrame:
    paths = export(source, choose(source), Format.IAMC, What.BANDS, tmp_path).paths
    return pd.read_csv(paths[0]).rename(columns=str.lower)


def test_the_table_is_what_pyam_asks_for(table: pd.DataFrame) -> None:
    assert list(table.columns) == [*INDEX, *map(str, range(2015, 2036))]
    assert table["model"].unique().tolist() == ["simdyn 0.1.0"]
    assert not table[INDEX].duplicated().any()
    assert not table[INDEX].isna().any(axis=None)
    assert all(kind == float for kind in table.dtypes.iloc[5:])  # noqa: E721
    assert len(table[["variable", "unit"]].drop_duplicates()) == table["variable"].nunique()
    assert not table["variable"].str.contains(r"\*").any()


def test_percentiles_are_the_last_level_of_a_name(table: pd.DataFrame) -> None:
    levels = table["variable"].str.rsplit("|", n=1)
    assert set(levels.str[-1]) == {f"{point}th Percentile" for point in ("10.0", "50.0", "90.0")}
    assert set(levels.str[0]) == {iamc.name for iamc in IAMC_NAMES.values()}


def test_values_read_back_equal_in_iamc_units(source: Source, table: pd.DataFrame) -> None:
    years = source.runs.years("daoli", "plan")
    median = np.percentile(years.values["population"][:, years.ok], 50, axis=1)
    row = table.query(
        "region == 'daoli' and scenario == 'plan' and variable == 'Population|50.0th Percentile'"
    )
    np.testing.assert_array_equal(row.iloc[0, 5:].to_numpy(float), 0.01 * median)


def test_the_workbook_holds_the_same_table(
    source: Source, table: pd.DataFrame, tmp_path: Path
) -> None:
    sheets = pd.read_excel(tmp_path / "iamc.xlsx", sheet_name=None, engine="openpyxl")
    data, meta = sheets["data"].rename(columns=str.lower), sheets["meta"]
    pd.testing.assert_frame_equal(data, table, rtol=1e-14)
    assert set(meta["scenario"]) == set(table["scenario"])
    assert set(meta["results_digest"]) == {source.about.digest}
    assert list(meta["title_zh"]) == ["趋势情景", "规划情景"]


def test_every_quantity_has_a_name_of_its_own() -> None:
    assert set(IAMC_NAMES) == {q.variable for q in (*EXTENSIVE, *RATIOS)}
    assert len({iamc.name for iamc in IAMC_NAMES.values()}) == len(IAMC_NAMES)


def test_the_page_lists_every_name(root: Path) -> None:
    page = (root / "docs" / "iamc.md").read_text(encoding="utf-8")
    for quantity in (*EXTENSIVE, *RATIOS):
        name, unit, scale = IAMC_NAMES[quantity.variable]
        spelled = name.replace("|", r"\|")
        row = f"| `{quantity.variable}` | {quantity.unit} | `{spelled}` | {unit} | {scale:g} |"
        assert row in page.splitlines()


SIZES = {
    CURRENT: 1e8,
    CONSTANT: 1e8,
    "10 thousand persons": 1e4,
    "10 thousand CNY, current prices": 1e4,
    REAL: 1e9,
    NOMINAL: 1e9,
    "billion CNY": 1e9,
    "million": 1e6,
    "thousand CNY/yr": 1e3,
    "%": 0.01,
}
"""What one of each unit is, in yuan, persons or as a share."""


@pytest.mark.parametrize("quantity", [*EXTENSIVE, *RATIOS], ids=lambda q: q.variable)
def test_scales_turn_one_unit_into_the_other(quantity: Quantity) -> None:
    iamc = IAMC_NAMES[quantity.variable]
    ours = SIZES.get(quantity.unit, 1.0)
    assert iamc.scale == pytest.approx(ours / SIZES[iamc.unit])
    constant = "2015" in quantity.unit
    assert ("2015" in iamc.unit) == constant
