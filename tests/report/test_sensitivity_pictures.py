"""Each picture of sensitivity: there when its table is, with the table's numbers."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from made_up_sensitivity import YEARS, changed, sensitivity
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simdyn.report.figures.drawing import draw
from simdyn.report.figures.sensitivity import sensitivity_pictures
from simdyn.report.words.language import Language, labels_of
from simdyn.sensitivity.regional import TOLD, Question, Sensitivity
from simdyn.study import Study

ALL = {"shares", "years", "screening", "tornado", "convergence", "sources"}


def drawn(study: Study, found: Sensitivity) -> dict[str, Figure]:
    pictures = sensitivity_pictures(study, found, labels_of(Language.EN))
    figures = {picture.name: draw(picture, Language.EN) for picture in pictures}
    return {name: figure for name, figure in figures.items() if figure is not None}


def kinds(study: Study, found: Sensitivity) -> set[str]:
    return {stem.split("_")[1] for stem in drawn(study, found)}


NEEDED = {
    "shares_songbei": ("sobol", "posterior"),
    "years_songbei": ("sobol",),
    "screening_songbei": ("screening",),
    "tornado_songbei": ("tornado",),
    "convergence": ("stages", "convergence"),
    "sources": ("sources",),
}


def one(study: Study, found: Sensitivity, name: str) -> Figure:
    """One picture, drawn from the tables that it needs."""
    tables = {table: found.tables[table] for table in NEEDED[name]}
    return drawn(study, changed(found, tables))[f"sensitivity_{name}"]


def panels(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.axison]


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def ends(axes: Axes) -> set[tuple[float, float]]:
    """Left and right end of each horizontal line."""
    lines = [c for c in axes.collections if isinstance(c, LineCollection)]
    return {
        (round(float(line[0, 0]), 6), round(float(line[1, 0]), 6))
        for group in lines
        for line in group.get_segments()
        if len(line)
    }


def last_of(table: pd.DataFrame, indicator: str) -> pd.DataFrame:
    rows = table[(table["indicator"] == indicator) & (table["year"] == YEARS[-1])]
    return rows.set_index("input" if "input" in rows else "source")


def test_every_region_has_its_pictures_and_all_share_two(study: Study) -> None:
    found = sensitivity(study, ("songbei", "daoli"))
    of_region = ("shares", "years", "screening", "tornado")
    expected = [f"sensitivity_{n}_{key}" for key in found.regions for n in of_region]
    assert list(drawn(study, found)) == [
        *expected,
        "sensitivity_convergence",
        "sensitivity_sources",
    ]


@pytest.mark.parametrize(
    ("table", "lost"),
    [
        ("screening", {"screening"}),
        ("tornado", {"tornado"}),
        ("sources", {"sources"}),
        ("stages", {"convergence"}),
        ("sobol", {"years"}),
        ("posterior", set()),
        ("convergence", set()),
    ],
)
def test_without_its_table_a_picture_is_not_there(
    study: Study, answers: Sensitivity, table: str, lost: set[str]
) -> None:
    left = {name: rows for name, rows in answers.tables.items() if name != table}
    assert kinds(study, changed(answers, left)) == ALL - lost
    empty = {**left, table: answers.tables[table].iloc[:0]}
    assert kinds(study, changed(answers, empty)) == ALL - lost


@pytest.mark.parametrize("table", ["sobol", "posterior", "tornado", "stages", "sources"])
def test_a_table_alone_gives_its_picture(study: Study, answers: Sensitivity, table: str) -> None:
    alone = changed(answers, {table: answers.tables[table]})
    one = {"posterior": {"shares"}, "sobol": {"shares", "years"}, "stages": {"convergence"}}
    assert kinds(study, alone) == one.get(table, {table})


def test_no_table_gives_no_picture(study: Study, answers: Sensitivity) -> None:
    assert drawn(study, changed(answers, {})) == {}


def test_levers_alone_have_years_but_no_shares(study: Study, answers: Sensitivity) -> None:
    sobol = answers.tables["sobol"]
    levers = changed(answers, {"sobol": sobol[sobol["question"] == Question.LEVERS]})
    assert kinds(study, levers) == {"years"}


def test_shares_have_bars_and_intervals_of_the_tables(study: Study, answers: Sensitivity) -> None:
    figure = one(study, answers, "shares_songbei")
    sobol = answers.tables["sobol"]
    left = last_of(sobol[sobol["question"] == Question.PRIORS], "Debt")
    posterior = answers.tables["posterior"]
    right = last_of(posterior[posterior["method"] == "Shapley"], "Debt")
    row = 2 * TOLD.index("Debt")
    priors, after = panels(figure)[row : row + 2]
    names = [label.get_text() for label in priors.get_yticklabels()]
    assert set(names) == set(left.index) | set(right.index)
    np.testing.assert_array_equal(
        [bar.get_width() for bar in bars(priors)], left["total"].reindex(names)
    )
    np.testing.assert_array_equal(
        [bar.get_width() for bar in bars(after)], right["index"].reindex(names)
    )
    dots = next(line for line in priors.lines if line.get_marker() == "o")
    np.testing.assert_array_equal(dots.get_xdata(), left["first"].reindex(names))
    for low, high in (("total_low", "total_high"), ("first_low", "first_high")):
        wanted = zip(left[low].round(6), left[high].round(6), strict=True)
        assert set(wanted) <= ends(priors)
    assert set(zip(right["low"].round(6), right["high"].round(6), strict=True)) <= ends(after)


def test_shares_rank_by_the_first_column_and_say_where_there_is_no_index(
    study: Study, answers: Sensitivity
) -> None:
    figure = one(study, answers, "shares_songbei")
    priors, after = panels(figure)[:2]
    widths = [bar.get_width() for bar in bars(priors)]
    known = [width for width in widths if not np.isnan(width)]
    assert known == sorted(known, reverse=True)
    assert np.isnan(widths[-1])
    assert [text.get_text().strip() for text in priors.texts] == ["no index"]
    assert [text.get_text().strip() for text in after.texts] == ["no index"]
    assert str(Question.PRIORS) in priors.get_title(loc="left")
    assert str(Question.POSTERIOR) in after.get_title(loc="left")
    assert "logarithm" in priors.get_xlabel()


def test_an_outcome_that_does_not_vary_in_one_question_is_said_so(
    study: Study, answers: Sensitivity
) -> None:
    rows = answers.tables["posterior"]
    tables = {**answers.tables, "posterior": rows[rows["indicator"] != "GDP"]}
    figure = one(study, changed(answers, tables), "shares_songbei")
    assert [text.get_text() for text in panels(figure)[1].texts] == ["does not vary"]


def test_years_have_a_cell_for_every_index_and_blanks_elsewhere(
    study: Study, answers: Sensitivity
) -> None:
    figure = one(study, answers, "years_songbei")
    axes = panels(figure)[0]
    meshes = [mesh for mesh in axes.collections if isinstance(mesh, QuadMesh)]
    sobol = answers.tables["sobol"]
    sobol = sobol[sobol["indicator"] == "GDP"]
    names = [label.get_text() for label in axes.get_yticklabels()]
    questions = (Question.BOTH, Question.PRIORS, Question.LEVERS)
    for mesh, question in zip(meshes, questions, strict=True):
        rows = sobol[sobol["question"] == question]
        values = np.ma.filled(np.ma.asarray(mesh.get_array()), np.nan).reshape(-1, 6)
        own, names = names[: len(values)], names[len(values) :]
        wanted = rows.pivot_table(index="input", columns="year", values="total")
        wanted = wanted.reindex(index=own, columns=range(YEARS[0], YEARS[1] + 1))
        np.testing.assert_array_equal(values, wanted.to_numpy())
    shown = np.ma.concatenate([np.ma.asarray(mesh.get_array()).ravel() for mesh in meshes])
    assert len(bars(axes)) == np.count_nonzero(np.ma.getmaskarray(shown)) > 0
    assert all(bar.get_hatch() for bar in bars(axes))


def test_years_mark_wide_intervals_and_leave_out_what_never_matters(
    study: Study, answers: Sensitivity
) -> None:
    sobol = answers.tables["sobol"].copy()
    first = sobol["input"] == "initial GDP"
    sobol.loc[first, "total_high"] = sobol["total"] + 1
    sobol.loc[sobol["input"] == "revenue ratio", "total"] = 0.01
    tables = {**answers.tables, "sobol": sobol}
    axes = panels(one(study, changed(answers, tables), "years_songbei"))[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert "revenue ratio" not in names
    assert "initial GDP" in names
    marked = [len(np.asarray(line.get_xdata())) for line in axes.lines]
    assert sorted(marked) == [0, 0, len(YEARS)]


def test_screening_has_a_point_and_an_interval_for_every_input(
    study: Study, answers: Sensitivity
) -> None:
    axes = panels(one(study, answers, "screening_songbei"))[0]
    rows = last_of(answers.tables["screening"], "GDP")
    points = {
        (float(x), float(y))
        for line in axes.lines
        if line.get_linestyle() == "None"
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    assert points == set(zip(rows["effect"], rows["spread"], strict=True))
    assert len(ends(axes)) == len(rows)
    diagonal = next(line for line in axes.lines if line.get_linestyle() == "--")
    np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())
    markers = {line.get_marker(): line.get_color() for line in axes.lines if line is not diagonal}
    named = [text.get_text() for text in axes.texts if text.get_text()]
    assert markers["o"] != markers["^"]
    assert rows.index[0] in named


def test_tornado_goes_from_end_to_end_round_the_centre(study: Study, answers: Sensitivity) -> None:
    axes = panels(one(study, answers, "tornado_songbei"))[0]
    rows = last_of(answers.tables["tornado"], "GDP")
    names = [label.get_text() for label in axes.get_yticklabels()]
    reached = [bar.get_x() + bar.get_width() for bar in bars(axes)]
    low, high = np.split(np.array(reached), 2)
    np.testing.assert_allclose(low, rows["at_low"].loc[names])
    np.testing.assert_allclose(high, rows["at_high"].loc[names])
    assert {bar.get_x() for bar in bars(axes)} == {100.0}
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("\u22120.25 to 1,250\na year") == len(rows)
    assert len({bar.get_facecolor() for bar in bars(axes)}) == 6
    assert len({bar.get_hatch() for bar in bars(axes)}) == 3


def test_tornado_says_where_ends_differ_and_shows_the_shorter_half_of_two_on_one_side(
    study: Study, answers: Sensitivity
) -> None:
    rows = answers.tables["tornado"].assign(low=np.nan, high=np.nan, at_low=110.0, at_high=130.0)
    tables = {**answers.tables, "tornado": rows}
    axes = panels(one(study, changed(answers, tables), "tornado_songbei"))[0]
    assert [t.get_text() for t in axes.texts].count("ends differ by part\na year") > 0
    low, high = bars(axes)[0], bars(axes)[len(bars(axes)) // 2]
    assert low.get_width() < high.get_width()
    assert low.get_zorder() > high.get_zorder()


def test_an_input_that_is_both_lever_and_parameter_keeps_both_bars(study: Study) -> None:
    found = sensitivity(study, parameters=("interest rate",), levers=("interest rate",))
    axes = panels(one(study, found, "tornado_songbei"))[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["interest rate"] * 2


def test_convergence_shows_half_widths_what_was_asked_and_the_verdict(
    study: Study, answers: Sensitivity
) -> None:
    figure = one(study, answers, "convergence")
    priors, levers = figure.axes[:2]
    rows = answers.rows("stages", question=Question.PRIORS.value)
    path = priors.lines[0]
    np.testing.assert_array_equal(path.get_xdata(), rows["n_run"])
    np.testing.assert_array_equal(path.get_ydata(), rows["half_width"])
    asked = [line for line in priors.lines if set(np.asarray(line.get_ydata())) == {0.05}]
    assert len(asked) == 1
    assert (priors.get_xscale(), priors.get_yscale()) == ("log", "log")
    assert [text.get_text() for text in priors.texts] == ["Songbei: not yet"]
    assert [text.get_text() for text in levers.texts] == ["Songbei: settled"]


def test_convergence_follows_the_largest_indices(study: Study, answers: Sensitivity) -> None:
    figure = one(study, answers, "convergence")
    axes = figure.axes[3]
    rows = answers.rows("convergence", indicator="GDP", stage=3)
    assert {text.get_text() for text in axes.texts} == set(rows["input"])
    lasts = {float(np.asarray(line.get_ydata())[-1]) for line in axes.lines}
    assert lasts == set(rows["total"])
    lines = [c for c in axes.collections if isinstance(c, LineCollection)]
    assert sum(len(line.get_segments()) for line in lines) == 3 * len(rows)


def test_sources_stack_shares_and_draw_negative_ones_as_nothing(study: Study) -> None:
    found = sensitivity(study, ("songbei", "daoli"))
    figure = one(study, found, "sources")
    axes = panels(figure)[0]
    widths = [bar.get_width() for bar in bars(axes)]
    starts = [bar.get_x() for bar in bars(axes)]
    np.testing.assert_allclose(widths, np.repeat([30, 50, 25, 0], 2))
    np.testing.assert_allclose(starts, np.repeat([0, 30, 80, 105], 2))
    assert axes.get_xlim()[1] >= 105
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Songbei", "Daoli\u00a0*"]
    keys = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    assert "solver" in keys


def test_the_same_answers_give_the_same_bytes_whatever_the_style(
    study: Study, answers: Sensitivity
) -> None:
    def pixels(figures: dict[str, Figure]) -> dict[str, bytes]:
        found = {}
        for stem, figure in figures.items():
            figure.canvas.draw()
            found[stem] = bytes(figure.canvas.buffer_rgba())
        return found

    outside = pixels(drawn(study, answers))
    with mpl.rc_context({"font.size": 20, "xtick.color": "red", "axes.grid": False}):
        inside = pixels(drawn(study, answers))
    assert outside == inside
