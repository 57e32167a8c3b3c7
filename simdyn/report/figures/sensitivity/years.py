"""Heat maps: how much each input matters from year to year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.report.figures.drawing import GREY, new_figure
from simdyn.report.figures.sensitivity.parts import (
    Asked,
    explain,
    panels_and_key,
    swatch,
    told_indicators,
)
from simdyn.report.words.language import Labels
from simdyn.sensitivity.regional import Question, Sensitivity

QUESTIONS = (Question.BOTH, Question.PRIORS, Question.LEVERS)
MOST_INPUTS = 9
"""Of a question."""
ABREAST = 2
WIDTH, ROW, MARGIN = 12.5, 0.165, 0.7
"""Inches: of the figure; of an input; of a panel besides its inputs."""
KEY_ROWS = 17
"""Height of the key, in rows of a panel."""
NAME_WIDTH = 44
EDGES = (0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1)
"""Limits between the steps of the colour scale."""
COLOUR_MAP = "YlGnBu"
DOT: Mapping[str, Any] = {
    "color": "white", "markersize": 2.8, "markeredgecolor": "black", "markeredgewidth": 0.5,
    "linestyle": "",
}  # fmt: skip
"""Mark of a cell whose interval is wide, seen on light and dark."""


Booleans = NDArray[np.bool_]


class Block(NamedTuple):
    """The inputs of a question.

    total, wide : (input, year), total order and whether its interval is wider than was asked;
        nan where there is no index
    """

    question: Question
    names: list[str]
    total: Array
    wide: Booleans

    @property
    def n_row(self) -> int:
        """Lines that the block takes: its heading and its inputs."""
        return 1 + len(self.names)


def years_figure(asked: Asked, region: str) -> Figure | None:
    """Draw total order of the inputs that matter, input by year, a panel an indicator."""
    rows = asked.rows("sobol", region=region)
    if rows.empty:
        return None
    indicators = told_indicators(rows)
    years = np.arange(rows["year"].min(), rows["year"].max() + 1)
    panels = [_blocks(asked.found, rows[rows["indicator"] == name], years) for name in indicators]
    lines = [*(sum(block.n_row for block in blocks) for blocks in panels), KEY_ROWS]
    tallest = [max(lines[i : i + ABREAST]) for i in range(0, len(lines), ABREAST)]
    figure = new_figure(WIDTH, sum(ROW * n_row + MARGIN for n_row in tallest) + 0.5)
    heights = [ROW * n_row + MARGIN for n_row in lines]
    fields, key = panels_and_key(figure, len(indicators), ABREAST, heights)
    for n, (axes, name, blocks) in enumerate(zip(fields, indicators, panels, strict=True)):
        _panel(axes, asked, asked.title(name), blocks, years, tallest[n // ABREAST])
    asked.head(figure, [region], asked.labels("fig_years", region=asked.region(region)))
    _key(figure, key, asked)
    return figure


def _blocks(found: Sensitivity, rows: pd.DataFrame, years: Array) -> list[Block]:
    precision = found.plan.precision
    blocks = []
    for question in QUESTIONS:
        own = rows[rows["question"] == question]
        if own.empty:
            continue
        total = _by_year(own, "total", years)
        half = (_by_year(own, "total_high", years) - _by_year(own, "total_low", years)) / 2
        most = total.max(axis=1).sort_values(ascending=False, kind="stable")
        n_mattering = int((most >= precision.matters).sum())
        n_shown = len(most) if question is Question.BOTH else min(MOST_INPUTS, max(1, n_mattering))
        names = list(most.index[:n_shown])
        wide = half.loc[names].to_numpy() > precision.half_width
        blocks.append(Block(question, names, total.loc[names].to_numpy(), wide))
    return blocks


def _by_year(rows: pd.DataFrame, column: str, years: Array) -> pd.DataFrame:
    return rows.pivot_table(index="input", columns="year", values=column).reindex(columns=years)


def _norm() -> BoundaryNorm:
    return BoundaryNorm(EDGES, mpl.colormaps[COLOUR_MAP].N)


def _panel(
    axes: Axes, asked: Asked, title: str, blocks: list[Block], years: Array, n_row: int
) -> None:
    axes.grid(visible=False)
    axes.set_title(title)
    places: list[float] = []
    top = 0
    for block in blocks:
        _draw(axes, asked.labels, block, years, top)
        places += [top + 1.5 + i for i in range(len(block.names))]
        top += block.n_row
    names = [asked.input(name, NAME_WIDTH, 1) for block in blocks for name in block.names]
    axes.set_yticks(places, names, color="black", fontsize=7)
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    axes.set_ylim(n_row, 0)
    axes.set_xticks(years[years % 5 == 0] if len(years) > 5 else years)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=7)
    axes.spines[:].set_visible(False)


def _draw(axes: Axes, labels: Labels, block: Block, years: Array, top: int) -> None:
    first = years[0] - 0.5
    axes.text(
        first,
        top + 0.9,
        labels.term(str(block.question)),
        fontsize=7.5,
        color=GREY,
        va="bottom",
        style="italic",
    )
    across = np.append(years - 0.5, years[-1] + 0.5)
    down = top + 1 + np.arange(len(block.names) + 1)
    for i, k in np.argwhere(np.isnan(block.total)):
        axes.add_patch(Rectangle((across[k], down[i]), 1, 1, **_blank()))
    axes.pcolormesh(
        across, down, np.ma.masked_invalid(block.total), cmap=COLOUR_MAP, norm=_norm(),
        edgecolors="white", linewidth=0.4,
    )  # fmt: skip
    i, k = np.nonzero(block.wide)
    axes.plot(years[k], down[i] + 0.5, "o", **DOT)


def _blank() -> dict[str, Any]:
    return {"facecolor": "white", "edgecolor": "#bbbbbb", "hatch": "//////", "linewidth": 0}


def _key(figure: Figure, axes: Axes, asked: Asked) -> None:
    labels = asked.labels
    bar = axes.inset_axes((0, 0.87, 0.95, 0.05))
    shades = ScalarMappable(_norm(), COLOUR_MAP)
    scale = figure.colorbar(shades, cax=bar, orientation="horizontal", ticks=EDGES)
    scale.ax.set_xticks(EDGES, [f"{edge:g}" for edge in EDGES], color="black", fontsize=8)
    scale.ax.grid(visible=False)
    scale.ax.set_title(labels("fig_total_share"), fontsize=9, fontweight="normal")
    precision = asked.found.plan.precision
    handles = [
        Patch(label=labels("fig_no_index_yet"), **_blank()),
        swatch(labels("fig_wide", width=f"{precision.half_width:g}"), marker="o", **DOT),
    ]
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0, 0.75), frameon=False,
        borderpad=0, borderaxespad=0, fontsize=8,
    )  # fmt: skip
    words = {
        name: labels.term(question.value)
        for name, question in (
            ("both", Question.BOTH), ("priors", Question.PRIORS), ("levers", Question.LEVERS)
        )
    }  # fmt: skip
    note = labels("fig_years_note", **words, matters=f"{precision.matters:g}", most=MOST_INPUTS)
    explain(figure, axes, note, 0.6)
