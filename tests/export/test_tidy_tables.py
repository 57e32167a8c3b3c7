"""Tidy tables read back equal to the results, draw by draw and band by band."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from memory_runs import FAILED
from pyarrow import parquet

from simdyn.export import Choice, Format, Source, What, choose, export
from simdyn.export.series import bands, growth_band
from simdyn.indicators import quantities
from simdyn.names import EXTENSIVE, RATIOS, Quantity
from simdyn.years import Years

KEYS = ["region", "scenario", "variable", "year"]


def read(paths: list[Path]) -> pd.DataFrame:
    if paths[0].suffix == ".csv":
        return pd.read_csv(paths[0])
    return pd.read_parquet(paths[0])


def expected(source: Source, region: str, scenario: str) -> dict[str, np.ndarray]:
    """Values of the draws that did not fail, by variable, as the report forms them."""
    years = source.runs.years(region, scenario)
    return {name: values[:, years.ok] for name, values in quantities(years).items()}


@pytest.mark.parametrize("form", [Format.CSV, Format.PARQUET])
def test_bands_read_back_equal(source: Source, form: Format, tmp_path: Path) -> None:
    table = read(export(source, choose(source), form, What.BANDS, tmp_path).paths)
    assert len(table) == 2 * 2 * (len(EXTENSIVE) + len(RATIOS)) * 21
    assert (table["n"] == 39).all()
    for (region, scenario, variable), rows in table.groupby(KEYS[:3], observed=True):
        values = expected(source, str(region), str(scenario))[str(variable)]
        assert list(rows["year"]) == list(range(2015, 2036))
        percentiles = np.percentile(values, (10, 50, 90), axis=1)
        np.testing.assert_array_equal(rows[["p10", "p50", "p90"]].to_numpy().T, percentiles)
        np.testing.assert_allclose(rows["mean"], values.mean(axis=1), rtol=1e-14)


@pytest.mark.parametrize("form", [Format.CSV, Format.PARQUET])
def test_draws_read_back_equal(source: Source, form: Format, tmp_path: Path) -> None:
    table = read(export(source, choose(source), form, What.DRAWS, tmp_path).paths)
    assert FAILED not in set(table["draw"])
    for (region, scenario, variable), rows in table.groupby(KEYS[:3], observed=True):
        values = expected(source, str(region), str(scenario))[str(variable)]
        wide = rows.pivot_table(index="year", columns="draw", values="value")
        np.testing.assert_array_equal(wide.to_numpy(), values)


def test_units_stand_beside_their_variables(source: Source, tmp_path: Path) -> None:
    table = read(export(source, choose(source), Format.PARQUET, What.BANDS, tmp_path).paths)
    units = dict(zip(table["variable"], table["unit"], strict=True))
    assert units == {q.variable: q.unit for q in (*EXTENSIVE, *RATIOS)}


def test_parquet_is_typed_and_grouped_by_region(source: Source, tmp_path: Path) -> None:
    (path,) = export(source, choose(source), Format.PARQUET, What.BANDS, tmp_path).paths
    file = parquet.ParquetFile(path)
    types = [str(kind) for kind in file.schema_arrow.types]
    assert types[:5] == ["dictionary<values=string, indices=int32, ordered=0>"] * 4 + ["int32"]
    assert types[5:] == ["double"] * 4 + ["int32"]
    ranges = [file.metadata.row_group(i).column(0).statistics for i in range(2)]
    assert [(r.min, r.max) for r in ranges] == [("songbei", "songbei"), ("daoli", "daoli")]
    about = json.loads(file.schema_arrow.metadata[b"simdyn"])
    assert about["digest"] == source.about.digest
    assert about["newest_fact"] == "2023"


def test_draws_of_parquet_come_in_pieces(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simdyn.export.tidy.PIECE_ROWS", 100)
    choice = choose(source, variables=["GDP"])
    (folder,) = export(source, choice, Format.PARQUET, What.DRAWS, tmp_path).paths
    file = parquet.ParquetFile(folder / "songbei" / "plan.parquet")
    assert {file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)} == {78, 39}
    assert file.metadata.num_rows == 39 * 21


def test_about_says_where_a_csv_comes_from(source: Source, tmp_path: Path) -> None:
    _, path = export(source, choose(source), Format.CSV, What.BANDS, tmp_path).paths
    data = json.loads(path.read_text(encoding="utf-8"))
    assert list(data)[:7] == ["study", "digest", "seed", "simdyn", "versions", "n_draw", "title"]
    assert data["digest"] == source.about.digest
    assert data["regions"][0]["name_zh"] == "松北区"
    assert data["variables"][0]["unit"] == "10 thousand persons"


def test_a_ratio_to_nothing_does_not_count() -> None:
    ok = np.array([True, True, False])
    values = {"Debt": np.array([[1.0, 2.0, 9.0]] * 2), "nominal GDP": np.array([[0.0, 4, 9]] * 2)}
    values["nominal GDP"][1] = 0
    ratio = next(q for q in RATIOS if q.variable == "debt ratio")
    found = bands(Years(2015, values, ok), ratio)
    assert found[0].tolist() == [0.5, 0.5, 0.5, 0.5, 1]
    assert np.isnan(found[1, :4]).all()
    assert found[1, 4] == 0


def test_growth_is_that_of_a_closed_form() -> None:
    values = {"GDP": 100 * 1.05 ** np.arange(21)[:, None] * np.ones((1, 3))}
    found = growth_band(Years(2015, values, np.ones(3, bool)), "GDP", 2016, 2035)
    np.testing.assert_allclose(found, 5.0)


def test_results_with_fewer_variables_give_what_they_have(source: Source, tmp_path: Path) -> None:
    class Few:
        regions, scenarios = source.runs.regions, source.runs.scenarios

        def years(self, region: str, scenario: str) -> Years:
            years = source.runs.years(region, scenario)
            kept = {name: years.values[name] for name in ("GDP", "industry output", "Debt")}
            return Years(years.first_year, kept, years.ok)

    few = Source(Few(), source.about)
    for form in Format:
        export(few, choose(few), form, What.BANDS, tmp_path)
    names = set(pd.read_csv(tmp_path / "bands.csv")["variable"])
    assert names == {"GDP", "industry output", "Debt", "industry share"}


def test_the_python_lines_of_the_how_to_run(
    root: Path, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (root / "docs" / "how-to.md").read_text(encoding="utf-8")
    section = text.partition("## Take results elsewhere")[2].partition("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    for form, what in ((Format.CSV, What.BANDS), (Format.PARQUET, What.DRAWS)):
        export(source, choose(source), form, what, tmp_path)
    export(source, choose(source), Format.EXCEL, What.BANDS, tmp_path)
    monkeypatch.chdir(tmp_path)
    found: dict[str, pd.DataFrame] = {}
    exec(code, found)  # noqa: S102
    assert len(found["bands"]) == 2 * 2 * (len(EXTENSIVE) + len(RATIOS)) * 21
    assert set(found["draws"]["region"]) == {"songbei"}
    assert len(found["growth"]) == 2 * 2 * 5


def test_a_choice_keeps_the_order_of_the_results(source: Source) -> None:
    choice = choose(source, ["daoli", "songbei"], ["plan"], ["GDP", "population"])
    assert choice.regions == ("songbei", "daoli")
    assert choice.scenarios == ("plan",)
    assert [q.variable for q in choice.quantities] == ["population", "GDP"]
    assert isinstance(choice, Choice)
    assert all(isinstance(q, Quantity) for q in choice.quantities)
