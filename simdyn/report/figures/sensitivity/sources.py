"""Stacked bars: where the variance of each outcome comes from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from simdyn.report.figures.drawing import GREY, new_figure
from simdyn.report.figures.sensitivity.parts import (
    Asked,
    in_last_year,
    told_indicators,
)
from simdyn.report.words.text import wrapped
from simdyn.sensitivity.given.split import NOISE, POLICY, SOLVER, TOGETHER, UNEXPLAINED
from simdyn.sensitivity.regional.posterior import MOVED, PRIOR, SET, STRUCTURAL

SHADES: Mapping[str, str] = {
    POLICY: "#D55E00",
    TOGETHER: "#F4B183",
    SET: "#004C77",
    MOVED: "#3C93C2",
    PRIOR: "#A9D3EA",
    UNEXPLAINED: "#BBBBBB",
    STRUCTURAL: "#CC79A7",
    NOISE: "#F0E442",
    SOLVER: "#000000",
}
"""Sources in the order of the bars: policy warm, parameters blue, the paler the less is known."""
OTHER = "#009E73"
LEAST_WRITTEN = 0.06
"""Share from which a part of a bar has its number in it."""
WIDTH, ROW, MARGIN = 10.5, 0.27, 0.62
"""Inches: of the figure; of a region; of a panel besides its regions."""


def sources_figure(asked: Asked) -> Figure | None:
    """Draw the share of every source in the last year, a panel an indicator, a bar a region."""
    rows = asked.rows("sources")
    if rows.empty:
        return None
    indicators = told_indicators(rows)
    height = (ROW * len(asked.found.regions) + MARGIN) * len(indicators)
    figure = new_figure(WIDTH, height + 1.9)
    panels = figure.subplots(len(indicators), 1, squeeze=False, sharex=True)[:, 0]
    sources = [name for name in dict.fromkeys((*SHADES, *rows["source"])) if _is_in(name, rows)]
    for axes, name in zip(panels, indicators, strict=True):
        _bars(axes, asked, in_last_year(rows, name), sources)
    labels, found = asked.labels, asked.found
    panels[-1].set_xlabel(labels("fig_sources_unit"))
    asked.head(figure, found.regions, labels("fig_sources"))
    titles = {"reference": labels.scenario(found.reference)}
    if found.reference.name == found.policy.name:
        note = labels("fig_sources_alone", **titles)
    else:
        note = labels("fig_sources_both", policy=labels.scenario(found.policy), **titles)
    figure.legend(
        handles=[Patch(color=SHADES.get(name, OTHER), label=labels.term(name)) for name in sources],
        loc="outside lower left", frameon=False, ncols=3, title=wrapped(note, int(WIDTH * 15)),
        title_fontsize=8, alignment="left",
    )  # fmt: skip
    return figure


def _is_in(source: str, rows: pd.DataFrame) -> bool:
    return bool((rows["source"] == source).any())


def _bars(axes: Axes, asked: Asked, rows: pd.DataFrame, sources: list[str]) -> None:
    table = rows.pivot_table(index="region", columns="source", values="share", sort=False)
    table = 100 * table.reindex(columns=sources).fillna(0).clip(lower=0)
    places = np.arange(len(table))
    left = np.zeros(len(table))
    for source in sources:
        share, colour = table[source].to_numpy(), SHADES.get(source, OTHER)
        axes.barh(places, share, left=left, color=colour, height=0.74)
        for place in np.flatnonzero(share >= 100 * LEAST_WRITTEN).tolist():
            axes.text(
                left[place] + share[place] / 2, place, f"{share[place]:.0f}", fontsize=7.5,
                ha="center", va="center", color=_ink(colour),
            )  # fmt: skip
        left += share
    names = [asked.region(region, 32, 2) for region in table.index]
    axes.set_yticks(places, names, color="black", fontsize=8, linespacing=1.0)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlim(0, max(100.0, float(left.max())))
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.set_title(asked.outcome(rows), fontsize=9)
    axes.spines["left"].set_color(GREY)


def _ink(colour: str) -> str:
    """Return white on a dark colour, black on a light one."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else "black"
