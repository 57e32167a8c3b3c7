"""Changes of indicators are told in percent, or in percentage points of rates and shares."""

import pandas as pd
import pytest

from simdyn.report.page.charts.scenario import change_of, contributions, differences
from simdyn.report.tables import POINTS
from simdyn.report.words.language import ENGLISH, Language, labels_of

ROWS = [
    ("GDP growth 2026-2035", "percent a year", "percentage points a year", 1.0),
    ("debt ratio", "share of GDP", "percentage points of GDP", 100.0),
    ("GDP", "100 million CNY, 2015 prices", "percent", None),
]


def _row(indicator: str, unit: str) -> dict[str, object]:
    row: dict[str, object] = {"region": "north", "scenario": "plan", "indicator": indicator}
    row |= {"unit": unit, "year": 2035}
    row |= {f"difference_{p}": 0.01 * n for n, p in enumerate(POINTS)}
    return row | {f"percent_{p}": 7.0 + n for n, p in enumerate(POINTS)}


@pytest.mark.parametrize(("indicator", "unit", "told", "factor"), ROWS)
def test_units_of_changes(indicator: str, unit: str, told: str, factor: float | None) -> None:
    found, band = change_of(_row(indicator, unit))
    assert found == told
    expected = [7, 8, 9] if factor is None else [0, factor * 0.01, factor * 0.02]
    assert band == pytest.approx(expected)


@pytest.mark.parametrize("language", Language)
def test_a_period_in_a_name_has_no_other_year(language: Language) -> None:
    table = pd.DataFrame([_row(indicator, unit) for indicator, unit, _, _ in ROWS])
    found = differences(table, labels_of(language))
    assert "2035" in found["GDP"]["dated"]
    assert found["GDP growth 2026-2035"]["dated"] == found["GDP growth 2026-2035"]["title"]
    assert "2026-2035" in found["GDP growth 2026-2035"]["dated"]


def test_what_levers_add_to_shares_is_in_percentage_points() -> None:
    row = {"scenario": "plan", "indicator": "debt ratio", "unit": "share of GDP", "year": 2035}
    row |= {"region": "north", "part": "total", "setting": "", "mean": 0.02}
    row |= dict(zip(POINTS, (0.01, 0.02, 0.03), strict=True))
    found = contributions(pd.DataFrame([row]), ENGLISH)["plan"]["debt ratio"]
    assert found["unit"] == "percentage points of GDP"
    (part,) = found["regions"]["north"]
    assert part["band"] == pytest.approx([1, 2, 3])
    assert part["mean"] == pytest.approx(2)
