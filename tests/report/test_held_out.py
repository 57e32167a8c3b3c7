"""Figures that the fit did not see: which are points of charts, what is said, what is drawn."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text

from simdyn.calibrate.ahead import Trial
from simdyn.calibrate.foretell import MODEL, NO_SHOCK
from simdyn.calibrate.leaving_out import By
from simdyn.calibrate.rivals import AVERAGE, LAST, PLAN, REFERENCE
from simdyn.calibrate.scores import BACKTEST_COLUMNS, POINTS, backtest_scores
from simdyn.report.figures.backtests import MISSED, MOST, backtest_pictures
from simdyn.report.figures.drawing import draw
from simdyn.report.held_out import findings
from simdyn.report.words.language import Language, labels_of
from simdyn.study import Study

ENGLISH, CHINESE = (labels_of(language) for language in Language)


def _row(trial: Trial, method: str, figure: str, reported: float, **more: object) -> dict:
    """A figure of which 10 is expected, with a standard deviation of 2."""
    points = dict(zip(POINTS, (6.7, 7.4, 8.7, 10, 11.3, 12.6, 13.3), strict=True))
    return {
        "test": trial.value, "method": method, "region": "songbei", "figure": figure,
        "operator": "level", "variable": "population", "through": "", "start": 2020, "end": 2020,
        "unit": "percent a year", "reported": reported, "mean": 10.0, "sd": 2.0,
        **{f"p{point}": value for point, value in points.items()},
        "in_50": abs(reported - 10) < 1.3, "in_80": abs(reported - 10) < 2.6,
        "in_90": abs(reported - 10) < 3.3,
        "error_percent": abs(reported - 10), "crps_percent": abs(reported - 10) / 2, **more,
    }  # fmt: skip


@pytest.fixture
def table() -> pd.DataFrame:
    rows = [
        _row(Trial.SHOCK, MODEL, "population 2020", 11),
        _row(Trial.SHOCK, MODEL, "growth 2020", 12, operator="growth"),
        _row(Trial.SHOCK, MODEL, "industry 2020", 9, through="above-scale share"),
        _row(Trial.SHOCK, NO_SHOCK, "population 2020", 11),
        _row(Trial.SHOCK, LAST, "population 2020", 11, mean=11.0, crps_percent=0.1),
        _row(Trial.LATE, MODEL, "GDP 2021", 60),
        _row(Trial.ONE, MODEL, "population 2020", 11),
    ]
    return pd.DataFrame(rows).reindex(columns=BACKTEST_COLUMNS)


def test_a_rival_that_wins_is_named_in_both_languages(table: pd.DataFrame) -> None:
    scores = backtest_scores(table)
    english, chinese = (findings(scores, labels) for labels in (ENGLISH, CHINESE))
    assert len(english) == len(chinese)
    assert any(f"{LAST} wins by score" in sentence for sentence in english)
    assert any("按评分沿用上年增速最优" in sentence for sentence in chinese)
    assert any("hold 0 of 1 figures" in sentence for sentence in english)
    assert any("包含1项数据中的0项" in sentence for sentence in chinese)


@pytest.mark.parametrize("english", [*Trial, MODEL, NO_SHOCK, LAST, AVERAGE, PLAN, REFERENCE, *By])
def test_what_backtests_name_has_a_chinese_word(english: str) -> None:
    assert CHINESE.term(english) != english


def _drawn(study: Study, table: pd.DataFrame) -> list[tuple[str, Figure | None]]:
    pictures = backtest_pictures(study, {"backtest": table}, ENGLISH)
    return [(picture.name, draw(picture, Language.EN)) for picture in pictures]


def test_what_is_far_off_is_drawn_as_missed_at_the_edge(
    study: Study,
    table: pd.DataFrame,
    written: Callable[[Figure], Sequence[Text]],
) -> None:
    pictures = dict(_drawn(study, table))
    assert list(pictures) == ["backtests", "leave_one_out"]
    texts = [text.get_text() for text in written(pictures["backtests"])]
    assert "60 | 10 [6.7, 13.3] percent a year" in texts
    assert "Songbei: GDP 2021" in texts
    late = pictures["backtests"].axes[1]
    points = [line for line in late.lines if line.get_marker() in {"o", "<", ">"}]
    assert [line.get_marker() for line in points] == [">"]
    assert to_rgba(points[0].get_markeredgecolor()) == to_rgba(MISSED)
    assert late.get_xlim()[1] == points[0].get_xdata()[0] == MOST
    first = pictures["backtests"].axes[0]
    dots = [line for line in first.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in dots] == [0.5, 1.0, -0.5]
    assert all(line.get_markerfacecolor() == "white" for line in dots)


def test_a_study_without_figures_has_no_picture(study: Study) -> None:
    assert not list(backtest_pictures(study, {}, ENGLISH))


def test_lines_do_not_touch(
    study: Study, table: pd.DataFrame, written: Callable[[Figure], Sequence[Text]]
) -> None:
    many = pd.concat([table.iloc[:1].assign(figure=f"figure {n}") for n in range(60)])
    ((_, figure),) = _drawn(study, many)
    names = [text for text in written(figure) if text.get_text().startswith("Songbei: figure")]
    assert len(names) == 60
    tops = np.array([text.get_window_extent().y1 for text in names])
    bottoms = np.array([text.get_window_extent().y0 for text in names])
    assert (bottoms[:-1] > tops[1:]).all()
