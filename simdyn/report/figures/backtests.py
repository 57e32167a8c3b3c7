"""Pictures of backtests: what was reported, not fitted, beside what was foretold of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simdyn.calibrate.ahead import Trial
from simdyn.calibrate.foretell import MODEL
from simdyn.report.figures.drawing import COLOURS, GREY, Picture, head, new_figure
from simdyn.report.words.figure_names import figure_labels
from simdyn.report.words.language import Labels
from simdyn.report.words.text import wrapped
from simdyn.study import Study

WIDTH, ROW, MARGIN, LEGEND = 12.5, 0.2, 0.75, 1.3
"""Inches: of the figure; of a line; of a panel, and of the figure, besides their lines."""
LEAST, MOST = 2.2, 4.5
"""Standard deviations that are drawn either way; what is farther off stands at the edge."""
MISSED = COLOURS[1]
TICKS = ("#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C564B")
"""Of methods other than the model."""


def backtest_pictures(
    study: Study, tables: Mapping[str, pd.DataFrame], labels: Labels
) -> Iterator[Picture]:
    """Yield pictures of what was foretold ahead of its time, and of each figure from all others.

    Parameters
    ----------
    tables : as of `held_out_tables`; a study without figures has none of them
    """
    if "backtest" not in tables:
        return
    table = tables["backtest"]
    is_one = table["test"] == Trial.ONE.value
    for name, rows in (("backtests", table[~is_one]), ("leave_one_out", table[is_one])):
        if len(rows):
            yield Picture(name, partial(backtest_figure, study, rows, labels))


def backtest_figure(study: Study, table: pd.DataFrame, labels: Labels) -> Figure:
    """Draw a line a figure, a panel a trial, less what the model expected, in its deviations."""
    trials = list(dict.fromkeys(table["test"]))
    groups = [table[table["test"] == trial] for trial in trials]
    counts = [int((group["method"] == MODEL).sum()) for group in groups]
    height = ROW * sum(counts) + MARGIN * len(trials) + LEGEND
    figure = new_figure(WIDTH, height)
    panels = figure.subplots(len(trials), 1, squeeze=False, height_ratios=counts, sharex=True)[:, 0]
    reach = ((table["reported"] - table["mean"]) / table["sd"])[table["method"] == MODEL]
    limit = min(max(LEAST, float(reach.abs().max()) + 0.1), MOST)
    others = [name for name in dict.fromkeys(table["method"]) if name != MODEL]
    for axes, trial, group in zip(panels, trials, groups, strict=True):
        axes.set_xlim(-limit, limit)
        _panel(axes, study, group, others, labels)
        title = labels.term(trial)
        axes.set_title(title[0].upper() + title[1:], fontsize=9.5)
    panels[-1].set_xlabel(labels("backtest_axis"))
    head(figure, labels("backtests"))
    _legend(figure, others, labels)
    return figure


def _panel(
    axes: Axes, study: Study, rows: pd.DataFrame, others: Sequence[str], labels: Labels
) -> None:
    own = rows[rows["method"] == MODEL]
    known = figure_labels(study, labels)
    names, told = [], []
    for place, row in enumerate(own.to_dict("records")):
        same = (rows["region"] == row["region"]) & (rows["figure"] == row["figure"])
        _line(axes, place, row, rows[same & (rows["method"] != MODEL)], others)
        region = labels.region(study.regions[row["region"]])
        name = known.get((row["region"], row["figure"]), row["figure"])
        names.append(labels("backtest_line", region=region, figure=wrapped(name, 40, 1)))
        told.append(_numbers(row, labels))
    axes.set_yticks(range(len(own)), names, color="black", fontsize=7.5)
    axes.set_ylim(len(own) - 0.4, -0.6)
    axes.axvline(0, color=GREY, linewidth=0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    right = axes.secondary_yaxis("right")
    right.set_yticks(range(len(own)), told, color="black", fontsize=7.5)
    right.tick_params(length=0)
    right.spines["right"].set_visible(False)
    axes.annotate(
        labels("backtest_columns"), (1, 1), (4, 3), xycoords="axes fraction",
        textcoords="offset points", fontsize=7.5, color=GREY, annotation_clip=False,
    )  # fmt: skip


def _line(
    axes: Axes, place: int, row: Mapping[Any, Any], rivals: pd.DataFrame, others: Sequence[str]
) -> None:
    limit = axes.get_xlim()[1]

    def x(value: float) -> float:
        return float((value - row["mean"]) / row["sd"])

    axes.hlines(place, x(row["p5"]), x(row["p95"]), color=COLOURS[0], linewidth=1.2)
    axes.hlines(place, x(row["p25"]), x(row["p75"]), color=COLOURS[0], linewidth=4, alpha=0.55)
    for name, value in zip(rivals["method"], rivals["mean"], strict=True):
        colour = TICKS[others.index(name) % len(TICKS)]
        at = min(max(x(value), -limit), limit)
        axes.plot([at], [place], "|", color=colour, markersize=8, markeredgewidth=1.8)
    colour = "black" if row["in_90"] else MISSED
    at = x(row["reported"])
    marker = "o" if abs(at) <= limit else ">" if at > 0 else "<"
    axes.plot(
        [min(max(at, -limit), limit)], [place], marker, markerfacecolor="white",
        markeredgecolor=colour, markeredgewidth=1.4, markersize=5.5, zorder=5, clip_on=False,
    )  # fmt: skip


def _numbers(row: Mapping[Any, Any], labels: Labels) -> str:
    values = {
        name: _short(row[column])
        for name, column in (
            *(("reported", "reported"), ("expected", "mean")),
            *(("low", "p5"), ("high", "p95")),
        )
    }
    return labels("backtest_told", unit=labels.term(str(row["unit"])), **values)


def _short(value: float) -> str:
    """Write a number to three significant digits, without a power of ten."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _legend(figure: Figure, others: Sequence[str], labels: Labels) -> None:
    def dot(colour: str, label: str) -> Line2D:
        return Line2D(
            [], [], marker="o", linestyle="", markerfacecolor="white", markeredgecolor=colour,
            label=label,
        )  # fmt: skip

    ticks = [
        Line2D([], [], marker="|", linestyle="", color=TICKS[n % len(TICKS)], markersize=9,
               markeredgewidth=1.8, label=labels.term(name))
        for n, name in enumerate(others)
    ]  # fmt: skip
    note = labels("backtest_spread") + (labels("backtest_note") if others else "")
    figure.legend(
        handles=[
            dot("black", labels("backtest_reported")),
            dot(MISSED, labels("backtest_missed")),
            Line2D([], [], color=COLOURS[0], linewidth=2.5, label=labels("backtest_interval")),
            *ticks,
        ],
        loc="outside lower left", frameon=False, ncols=3, fontsize=8,
        title=wrapped(note, int(WIDTH * 15)), title_fontsize=8,
        alignment="left",
    )  # fmt: skip
