"""Labels pushed apart, and text in lines."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdyn.report.figures.drawing import label_ends, new_figure, push_apart, save, settle
from simdyn.report.words.text import wrapped

GAP = 0.05


@given(st.lists(st.floats(0, 1), max_size=15).map(sorted))
def test_labels_are_apart_and_inside(values: list[float]) -> None:
    places = push_apart(values, GAP, 0, 1)
    assert np.all(np.diff(places) >= GAP - 1e-9)
    assert np.all((places >= -1e-9) & (places <= 1 + 1e-9))


def test_labels_that_are_apart_stay() -> None:
    np.testing.assert_allclose(push_apart([0.1, 0.3, 0.9], GAP, 0, 1), [0.1, 0.3, 0.9])


def test_two_that_meet_give_way_alike() -> None:
    np.testing.assert_allclose(push_apart([0.5, 0.5], GAP, 0, 1), [0.475, 0.525])


def test_too_many_begin_at_the_bottom() -> None:
    np.testing.assert_allclose(push_apart([0.9] * 4, 0.5, 0, 1), [0, 0.5, 1, 1.5])


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_labels_stand_at_the_ends_of_lines(scale: str) -> None:
    axes = new_figure(4, 3).subplots()
    axes.set_yscale(scale)
    axes.set_ylim(1, 100)
    label_ends(axes, [(90.0, "upper", "red"), (10.0, "lower", "blue"), (np.nan, "none", "red")])
    places = {text.get_text(): text.xy[1] for text in axes.texts}
    assert places == pytest.approx({"lower": 10, "upper": 90})


def test_text_beyond_its_lines_is_cut_and_says_so() -> None:
    assert wrapped("one two three four five", 9, 2) == "one two\nthree…"


def test_last_bits_of_a_layout_change_no_byte(tmp_path: Path) -> None:
    written = []
    for n, left in enumerate((0.1, np.nextafter(0.1, 1))):
        figure = new_figure(4, 3)
        figure.set_layout_engine(None)
        figure.add_axes((left, 0.1, 0.8, 0.7)).plot([0, 1])
        settle(figure)
        (tmp_path / str(n)).mkdir()
        save(figure, tmp_path / str(n), "picture")
        written.append([path.read_bytes() for path in sorted((tmp_path / str(n)).iterdir())])
    assert len(written[0]) == 2
    assert written[0] == written[1]
