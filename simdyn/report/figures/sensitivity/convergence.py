"""How far sampling got: widest interval against runs, and the largest indices on the way."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from simdyn.report.figures.drawing import COLOURS, GREY, SPACING, label_ends, new_figure
from simdyn.report.figures.sensitivity.parts import (
    Asked,
    in_last_year,
    swatch,
    told_indicators,
)
from simdyn.report.words.text import wrapped
from simdyn.sensitivity.regional import Question

N_PATH = 4
"""Inputs whose indices are followed."""
MARKERS = ("o", "s", "^", "D")
COLUMN, TOP, ROW = 4.6, 3.3, 1.9
"""Inches: of a question; of the first row; of a region."""
BESIDE = 0.5
"""Inches of a row that are no axes."""
LABEL = 7
"""Letters of the labels at line ends, in points."""


def convergence_figure(asked: Asked) -> Figure | None:
    """Draw half-widths of all regions, a panel a question, above paths of indices, by region."""
    stages = asked.rows("stages")
    if stages.empty:
        return None
    questions = [question for question in Question if question in set(stages["question"])]
    paths = _followed(asked)
    regions = [key for key in asked.found.regions if len(paths) and key in set(paths["region"])]
    figure = new_figure(COLUMN * len(questions) + 0.6, TOP + ROW * len(regions) + 0.8)
    grid = figure.subplots(
        1 + len(regions), len(questions), squeeze=False, sharex="col",
        height_ratios=[TOP, *[ROW] * len(regions)],
    )  # fmt: skip
    for axes, question in zip(grid[0], questions, strict=True):
        _half_widths(axes, asked, stages[stages["question"] == question])
        axes.set_title(asked.labels.term(str(question)))
        axes.tick_params(labelbottom=True)
    grid[0][0].set_ylabel(asked.labels("fig_half_width"))
    for row, region in zip(grid[1:], regions, strict=True):
        for axes, question in zip(row, questions, strict=True):
            _paths(
                axes, asked, paths[(paths["region"] == region) & (paths["question"] == question)]
            )
            title = asked.labels(
                "fig_of_question",
                what=asked.region(region, 30, 1),
                question=asked.labels.term(str(question)),
            )
            axes.set_title(title, fontsize=8.5)
        row[0].set_ylabel(_unit(asked, paths), fontsize=7, linespacing=SPACING)
    for axes in grid[-1]:
        axes.set_xlabel(asked.labels("fig_runs"))
    asked.head(figure, asked.found.regions, asked.labels("fig_convergence"))
    _legend(figure, asked)
    return figure


def _followed(asked: Asked) -> pd.DataFrame:
    paths = asked.rows("convergence")
    return in_last_year(paths, told_indicators(paths)[0]) if len(paths) else paths


def _unit(asked: Asked, paths: pd.DataFrame) -> str:
    share = asked.share_of(paths["scale"].iloc[0])
    return wrapped(asked.labels("fig_total_of", outcome=asked.outcome(paths), share=share), 28)


def _half_widths(axes: Axes, asked: Asked, stages: pd.DataFrame) -> None:
    colours = asked.colours()
    ends = []
    for region, own in stages.groupby("region", sort=False):
        key, last = str(region), own.iloc[-1]
        colour = colours[key]
        axes.plot(own["n_run"], own["half_width"], color=colour, linewidth=1.4)
        axes.plot(
            last["n_run"], last["half_width"], "o", color=colour, markersize=5, zorder=3,
            markerfacecolor=colour if last["settled"] else "white",
        )  # fmt: skip
        verdict = asked.labels("fig_settled" if last["settled"] else "fig_not_yet")
        label = f"{asked.region(key, 20, 2)}: {verdict}"
        ends.append((float(last["half_width"]), label, colour))
    axes.axhline(
        asked.found.plan.precision.half_width, color="black", linewidth=0.8, linestyle="--"
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        _plain_ticks(axis)
    label_ends(axes, ends, _gap(ends, TOP), LABEL)


def _plain_ticks(axis: Axis) -> None:
    """Write plain numbers on a logarithmic axis: one, two and five of each power of ten."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.set_minor_locator(NullLocator())


def _paths(axes: Axes, asked: Asked, rows: pd.DataFrame) -> None:
    if rows.empty:
        axes.set_axis_off()
        axes.text(
            0, 0.5, asked.labels("fig_constant"), transform=axes.transAxes, fontsize=8, color=GREY
        )
        return
    last = rows[rows["stage"] == rows["stage"].max()]
    names = last.sort_values("total", ascending=False, kind="stable")["input"].head(N_PATH)
    ends = []
    for name, colour, marker in zip(names, COLOURS, MARKERS, strict=False):
        own = rows[rows["input"] == name]
        axes.plot(own["n_run"], own["total"], f"{marker}-", color=colour, markersize=3)
        axes.vlines(own["n_run"], own["total_low"], own["total_high"], color=colour, linewidth=1)
        ends.append((float(own["total"].iloc[-1]), asked.input(str(name), 27), colour))
    axes.set_ylim(bottom=min(0.0, *axes.get_ylim()))
    label_ends(axes, ends, _gap(ends, ROW), LABEL)


def _gap(ends: list[tuple[float, str, str]], height: float) -> float:
    """Return the share that the tallest label takes of the axes in a row so many inches high."""
    tallest = max(1 + text.count("\n") for _, text, _ in ends)
    return (1.25 * tallest + 0.15) * LABEL / 72 / (height - BESIDE)


def _legend(figure: Figure, asked: Asked) -> None:
    labels, width = asked.labels, asked.found.plan.precision.half_width
    handles = [
        swatch(
            labels("fig_asked", width=f"{width:g}"), linestyle="--", color="black", linewidth=0.8
        ),
        swatch(labels("fig_settled"), marker="o"),
        swatch(labels("fig_used_up"), marker="o", markerfacecolor="white"),
        swatch(labels("fig_index_interval"), linestyle="-", linewidth=1),
    ]
    figure.legend(handles=handles, loc="outside lower left", frameon=False, ncols=len(handles))
