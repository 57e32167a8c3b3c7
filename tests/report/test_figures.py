"""Pictures of a study in both languages: complete, legible, true to the numbers, the same bytes."""

import csv
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from legible import check_legible
from made_up_results import N_DRAW, results, shares, tables
from matplotlib.figure import Figure
from matplotlib.font_manager import get_font
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from simdyn.report.figures import draw_figures, pictures
from simdyn.report.figures.drawing import CHINESE_FONT, Picture, draw, save
from simdyn.report.figures.sensitivity.parts import Asked
from simdyn.report.words.language import Language, labels_of
from simdyn.report.words.text import columns, wrapped
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

Written = Callable[[Figure], Sequence[Text]]
ZH = labels_of(Language.ZH)


@pytest.fixture(scope="module")
def figures(study: Study) -> dict[str, dict[str, Figure]]:
    """All pictures but those of sensitivity, by language and name."""
    none = Sensitivity(None, (), study.reference, study.policy, {})  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return {
            language: dict(draw_figures(results(study), none, labels_of(language), tables(study)))
            for language in Language
        }


@pytest.mark.parametrize("language", Language)
def test_every_text_is_drawn_whole_and_apart(
    figures: dict[str, dict[str, Figure]], written: Written, language: Language
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # such as for a letter that no font has
        for name, figure in figures[language].items():
            check_legible(name, written(figure), figure)


def test_both_languages_have_the_same_pictures(
    figures: dict[str, dict[str, Figure]], study: Study
) -> None:
    english, chinese = (list(figures[language]) for language in Language)
    assert english == chinese
    assert {f"paths_{key}" for key in study.file.regions} < set(english)
    new = {"growth_accounts", "sigma", "beta", "theil", "differences", "targets", "fit"}
    assert new | {"sector_shares"} < set(english)


def test_chinese_pictures_have_no_english_left(
    figures: dict[str, dict[str, Figure]], written: Written
) -> None:
    allowed = {"GDP"}
    for name, figure in figures[Language.ZH].items():
        for text in written(figure):
            words = "".join(c if c.isascii() and c.isalpha() else " " for c in text.get_text())
            assert {word for word in words.split() if len(word) > 1} <= allowed, (name, words)


def test_the_font_has_every_letter_of_the_chinese_words_and_of_gb_2312() -> None:
    has = get_font(CHINESE_FONT).get_charmap()
    texts = "".join([*ZH.words.values(), *ZH.terms.values()])
    assert not {letter for letter in texts if ord(letter) not in has and letter != "\n"}
    rows = [bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    hanzi = "".join(pair.decode("gb2312", "ignore") for pair in rows)
    assert len(hanzi) == 6763
    assert not {letter for letter in hanzi if ord(letter) not in has}


def test_the_same_picture_has_the_same_bytes_whatever_the_style(
    study: Study, tmp_path: Path
) -> None:
    none = Sensitivity(None, (), study.reference, study.policy, {})  # type: ignore[arg-type]
    found = []
    for folder, style in (("one", {}), ("two", {"font.size": 20, "figure.dpi": 50})):
        (tmp_path / folder).mkdir()
        picture = next(
            p for p in pictures(results(study), none, ZH, tables(study)) if p.name == "sigma"
        )
        with mpl.rc_context(style):
            figure = draw(picture, Language.ZH)
            assert figure is not None
            save(figure, tmp_path / folder, "sigma")
        found.append({p.name: p.read_bytes() for p in (tmp_path / folder).iterdir()})
    assert found[0] == found[1]
    assert b"<text" not in found[0]["sigma.svg"]
    assert b"dc:date" not in found[0]["sigma.svg"]


def test_accounts_add_up_and_a_period_that_is_alike_is_drawn_once(
    figures: dict[str, dict[str, Figure]], study: Study
) -> None:
    panels = figures[Language.EN]["growth_accounts"].axes
    n = len(study.featured)
    assert [axes.axison for axes in panels[:n]] == [True] + [False] * (n - 1)
    bars = [patch for patch in panels[0].patches if isinstance(patch, Rectangle)]
    assert min(bar.get_x() + min(bar.get_width(), 0) for bar in bars) == -1
    assert max(bar.get_x() + bar.get_width() for bar in bars) == 4


def test_differences_are_paired(figures: dict[str, dict[str, Figure]], study: Study) -> None:
    axes = figures[Language.EN]["differences"].axes[0]
    made = results(study)
    last = [
        made.draws(study.file.regions[0], s.name).values["population"][-1]
        for s in (study.reference, study.featured[1])
    ]
    assert len(last[0]) == N_DRAW
    expected = np.median(100 * (last[1] / last[0] - 1))
    assert np.asarray(axes.lines[0].get_ydata())[-1] == pytest.approx(expected)


def test_reported_levels_targets_and_shares_are_marked(
    figures: dict[str, dict[str, Figure]], study: Study
) -> None:
    drawn = figures[Language.EN]
    nominal = next(a for a in drawn["paths_songbei"].axes if "current" in a.get_title(loc="left"))
    marks = {
        line.get_marker(): (float(np.asarray(line.get_xdata())[0]),
                            float(np.asarray(line.get_ydata())[0]))
        for line in nominal.lines if line.get_marker() != "None"
    }  # fmt: skip
    assert marks == {"o": (2020, 500), "_": (2025, 1000)}
    songbei = drawn["sector_shares"].axes[0]
    dots = [line for line in songbei.lines if line.get_marker() == "o"]
    assert len(dots) == len(shares(study, "songbei"))


def test_a_band_that_leaves_the_fit_has_an_arrow(figures: dict[str, dict[str, Figure]]) -> None:
    axes = figures[Language.EN]["fit"].axes[0]
    n_row = len(axes.get_yticks())
    assert sum(line.get_marker() == ">" for line in axes.lines) == n_row
    assert not any(line.get_marker() == "<" for line in axes.lines)


def test_every_prior_and_lever_has_a_chinese_name(study: Study, root: Path) -> None:
    names = {prior.parameter for region in study.regions.values() for prior in region.priors}
    assert names
    assert not {name for name in names if ZH.term(name) == name}
    with (root / "models" / "levers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            shock = row["lever"].startswith("second shock")
            name = row["lever"] + ("" if shock else " lever")
            assert ZH.term(name) == row["title_zh"]


def test_an_input_of_a_part_has_the_name_of_its_region(study: Study) -> None:
    none = Sensitivity(None, (), study.reference, study.policy, {})  # type: ignore[arg-type]
    asked = Asked(study, none, ZH)
    assert asked.input("birth rate, Shuangcheng") == "出生率（双城区）"
    assert asked.input("one, two") == "one, two"


def test_chinese_lines_are_filled_and_keep_every_letter() -> None:
    text = "同一次抽样两次运行之差（2015年价），中位数与中间80%区间：两侧共有的不确定性相互抵消。"
    lines = wrapped(text, 20).split("\n")
    assert "".join(lines) == text
    assert all(columns(line) <= 22 for line in lines)
    assert not any(line[0] in "，。：）" for line in lines)
    assert wrapped("双城区齐齐哈尔市", 6, 1) == "双城…"


def test_a_picture_without_results_is_none() -> None:
    assert draw(Picture("none", lambda: None), Language.EN) is None
