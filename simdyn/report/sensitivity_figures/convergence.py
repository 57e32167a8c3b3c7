"""How far sampling got: widest interval against runs, and the largest indices on the way."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from simdyn.report.drawing import COLOURS, GREY, label_ends, new_figure, wrapped
from simdyn.report.sensitivity_figures.parts import (
    in_last_year,
    outcome_title,
    region_colours,
    region_head,
    region_name,
    rows_of,
    share_of,
    short,
    swatch,
    told_indicators,
)
from simdyn.sensitivity.regional import Question, Sensitivity
from simdyn.study import Study

N_PATH = 4
"""Inputs whose indices are followed."""
MARKERS = ("o", "s", "^", "D")
COLUMN, TOP, ROW = 4.6, 3.3, 1.9
"""Inches: of a question; of the first row; of a region."""
BESIDE = 0.5
"""Inches of a row that are no axes."""
LABEL = 7
"""Letters of the labels at line ends, in points."""


def convergence_figure(study: Study, found: Sensitivity) -> Figure | None:
    """Draw half-widths of all regions, a panel a question, above paths of indices, by region."""
    stages = rows_of(found, "stages")
    if stages.empty:
        return None
    questions = [question for question in Question if question in set(stages["question"])]
    paths = _followed(found)
    regions = [key for key in found.regions if len(paths) and key in set(paths["region"])]
    figure = new_figure(COLUMN * len(questions) + 0.6, TOP + ROW * len(regions) + 0.8)
    grid = figure.subplots(
        1 + len(regions), len(questions), squeeze=False, sharex="col",
        height_ratios=[TOP, *[ROW] * len(regions)],
    )  # fmt: skip
    for axes, question in zip(grid[0], questions, strict=True):
        _half_widths(axes, study, found, stages[stages["question"] == question])
        axes.set_title(str(question))
        axes.tick_params(labelbottom=True)
    grid[0][0].set_ylabel("widest half-width of a 95 % interval,\nshare of the variance")
    for row, region in zip(grid[1:], regions, strict=True):
        for axes, question in zip(row, questions, strict=True):
            _paths(axes, paths[(paths["region"] == region) & (paths["question"] == question)])
            axes.set_title(f"{region_name(study, region, 30, 1)}, {question}", fontsize=8.5)
        row[0].set_ylabel(_unit(paths), fontsize=7)
    for axes in grid[-1]:
        axes.set_xlabel("model runs")
    text = "How sure the shares of variance are: sampling goes on until they are settled"
    region_head(figure, study, found.regions, text)
    _legend(figure, found)
    return figure


def _followed(found: Sensitivity) -> pd.DataFrame:
    paths = rows_of(found, "convergence")
    return in_last_year(paths, told_indicators(paths)[0]) if len(paths) else paths


def _unit(paths: pd.DataFrame) -> str:
    words = f"total order of {outcome_title(paths, str)}, {share_of(paths['scale'].iloc[0])}"
    return wrapped(words, 28)


def _half_widths(axes: Axes, study: Study, found: Sensitivity, stages: pd.DataFrame) -> None:
    colours = region_colours(study, found)
    ends = []
    for region, own in stages.groupby("region", sort=False):
        key, last = str(region), own.iloc[-1]
        colour = colours[key]
        axes.plot(own["n_run"], own["half_width"], color=colour, linewidth=1.4)
        axes.plot(
            last["n_run"], last["half_width"], "o", color=colour, markersize=5, zorder=3,
            markerfacecolor=colour if last["settled"] else "white",
        )  # fmt: skip
        verdict = "settled" if last["settled"] else "not yet"
        label = f"{region_name(study, key, 20, 2)}: {verdict}"
        ends.append((float(last["half_width"]), label, colour))
    axes.axhline(found.plan.precision.half_width, color="black", linewidth=0.8, linestyle="--")
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


def _paths(axes: Axes, rows: pd.DataFrame) -> None:
    if rows.empty:
        axes.set_axis_off()
        axes.text(0, 0.5, "does not vary", transform=axes.transAxes, fontsize=8, color=GREY)
        return
    last = rows[rows["stage"] == rows["stage"].max()]
    names = last.sort_values("total", ascending=False, kind="stable")["input"].head(N_PATH)
    ends = []
    for name, colour, marker in zip(names, COLOURS, MARKERS, strict=False):
        own = rows[rows["input"] == name]
        axes.plot(own["n_run"], own["total"], f"{marker}-", color=colour, markersize=3)
        axes.vlines(own["n_run"], own["total_low"], own["total_high"], color=colour, linewidth=1)
        ends.append((float(own["total"].iloc[-1]), short(name, 27), colour))
    axes.set_ylim(bottom=min(0.0, *axes.get_ylim()))
    label_ends(axes, ends, _gap(ends, ROW), LABEL)


def _gap(ends: list[tuple[float, str, str]], height: float) -> float:
    """Return the share that the tallest label takes of the axes in a row so many inches high."""
    tallest = max(1 + text.count("\n") for _, text, _ in ends)
    return (1.25 * tallest + 0.15) * LABEL / 72 / (height - BESIDE)


def _legend(figure: Figure, found: Sensitivity) -> None:
    asked = found.plan.precision.half_width
    handles = [
        swatch(f"asked: ± {asked:g}", linestyle="--", color="black", linewidth=0.8),
        swatch("settled", marker="o"),
        swatch("not yet: runs were used up before", marker="o", markerfacecolor="white"),
        swatch("95 % interval of an index", linestyle="-", linewidth=1),
    ]
    figure.legend(handles=handles, loc="outside lower left", frameon=False, ncols=len(handles))
