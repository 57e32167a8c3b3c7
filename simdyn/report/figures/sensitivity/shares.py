"""Bars: the inputs that matter most, before and after the figures of the documents are read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from simdyn.report.figures.drawing import COLOURS, GREY, new_figure
from simdyn.report.figures.sensitivity.parts import (
    Asked,
    in_last_year,
    swatch,
    told_indicators,
)
from simdyn.report.words.language import Labels
from simdyn.report.words.text import wrapped
from simdyn.sensitivity.regional import Question

N_SHOWN = 10
WIDTH, ROW, MARGIN = 11.5, 0.235, 0.72
"""Inches: of the figure; of an input; of a panel besides its inputs."""
TOTAL, SHAPLEY = "#7FB8D8", COLOURS[5]
NOTES = {Question.PRIORS: "fig_on_priors_note", Question.POSTERIOR: "fig_on_posterior_note"}


class Side(NamedTuple):
    """A column of panels.

    rows : indicator, year, scale, input, total, total_low, total_high (Shapley effects in place of
        total order), and of `has_first` first, first_low, first_high
    """

    question: Question
    rows: pd.DataFrame
    has_first: bool
    colour: str


def shares_figure(asked: Asked, region: str) -> Figure | None:
    """Draw shares of variance on priors beside Shapley effects on the posterior, in the last year.

    A row an indicator, the same inputs in both columns: those largest in either, as the first
    column ranks them.
    """
    sides = [side for side in (_on_priors(asked, region), _after(asked, region)) if len(side.rows)]
    if not sides:
        return None
    indicators = told_indicators(*(side.rows for side in sides))
    ranked = [_ranked(sides, indicator) for indicator in indicators]
    heights = [ROW * len(names) + MARGIN for names in ranked]
    figure = new_figure(WIDTH if len(sides) > 1 else WIDTH / 1.6, sum(heights) + 1.4)
    grid = figure.subplots(
        len(indicators), len(sides), squeeze=False, sharex="row", sharey="row",
        height_ratios=heights,
    )  # fmt: skip
    for row, indicator, names in zip(grid, indicators, ranked, strict=True):
        for axes, side in zip(row, sides, strict=True):
            _panel(axes, asked, side, indicator, names)
        places = range(len(names))
        row[0].set_yticks(
            places,
            [asked.input(name) for name in names],
            color="black",
            fontsize=7,
            linespacing=1.0,
        )
        row[0].set_ylim(len(names) - 0.4, -0.6)
    labels = asked.labels
    asked.head(figure, [region], labels("fig_shares", region=asked.region(region)))
    none = labels("fig_no_index")
    said = any(none in text.get_text() for axes in grid.flat for text in axes.texts)
    _legend(figure, labels, sides, labels("fig_no_index_note", none=none) if said else "")
    return figure


def _on_priors(asked: Asked, region: str) -> Side:
    rows = asked.rows("sobol", region=region, question=Question.PRIORS.value)
    return Side(Question.PRIORS, rows, has_first=True, colour=TOTAL)


def _after(asked: Asked, region: str) -> Side:
    rows = asked.rows("posterior", region=region, method="Shapley")
    names = {"index": "total", "low": "total_low", "high": "total_high"}
    return Side(Question.POSTERIOR, rows.rename(columns=names), has_first=False, colour=SHAPLEY)


def _ranked(sides: list[Side], indicator: str) -> list[str]:
    columns = [
        in_last_year(side.rows, indicator).set_index("input")["total"].rename(side.question)
        for side in sides
    ]
    table = pd.concat(columns, axis=1)
    top = table.max(axis=1).sort_values(ascending=False, kind="stable").index[:N_SHOWN]
    return list(table.loc[top].sort_values(list(table.columns), ascending=False).index)


def _panel(axes: Axes, asked: Asked, side: Side, indicator: str, names: list[str]) -> None:
    rows = in_last_year(side.rows, indicator)
    axes.grid(visible=False, axis="y")
    what = asked.title(indicator) if rows.empty else asked.outcome(rows)
    question = asked.labels.term(str(side.question))
    axes.set_title(asked.labels("fig_of_question", what=what, question=question), fontsize=9)
    if rows.empty:
        axes.text(0, 0, asked.labels("fig_constant"), fontsize=8, color=GREY, va="center")
        return
    axes.set_xlabel(asked.share_of(rows["scale"].iloc[0]), fontsize=8, color=GREY)
    table = rows.set_index("input").reindex(names)
    place = np.arange(len(names))
    axes.barh(place, table["total"], height=0.72, color=side.colour)
    above = place - 0.14 if side.has_first else place
    axes.hlines(above, table["total_low"], table["total_high"], color="black", linewidth=1)
    if side.has_first:
        below = place + 0.2
        axes.plot(table["first"], below, "o", color=COLOURS[1], markersize=3.6)
        axes.hlines(below, table["first_low"], table["first_high"], color=COLOURS[1], linewidth=1)
    for i in np.flatnonzero(table["total"].isna()).tolist():
        axes.text(
            0,
            i,
            f" {asked.labels('fig_no_index')}",
            fontsize=7.5,
            color=GREY,
            va="center",
            style="italic",
        )
    axes.axvline(0, color=GREY, linewidth=0.6)


def _legend(figure: Figure, labels: Labels, sides: list[Side], more: str) -> None:
    entries: dict[Question, list[Artist]] = {
        Question.PRIORS: [
            Patch(color=TOTAL, label=labels("fig_total")),
            swatch(labels("fig_first"), marker="o", color=COLOURS[1], markersize=4),
        ],
        Question.POSTERIOR: [Patch(color=SHAPLEY, label=labels("fig_shapley"))],
    }
    handles = [handle for side in sides for handle in entries[side.question]]
    handles.append(swatch(labels("fig_interval"), linestyle="-", color="black", linewidth=1))
    notes = [*(labels(NOTES[side.question]) for side in sides), more]
    figure.legend(
        handles=handles, loc="outside lower left", frameon=False, ncols=len(handles),
        title=wrapped(" ".join(notes), int(figure.get_figwidth() * 15)),
        title_fontsize=8, alignment="left",
    )  # fmt: skip
