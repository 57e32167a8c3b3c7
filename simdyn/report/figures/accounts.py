"""Growth accounting: what capital, labour, technology and the rest add to the growth of GDP."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simdyn.answers.growth.production import TOTAL
from simdyn.report.figures.drawing import GREY, head, new_figure
from simdyn.report.figures.parts import Told, legend
from simdyn.report.words.text import wrapped

TABLE = "growth_accounts"
SHADES = (
    "#56B4E9", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#8C9A3D", "#D55E00", "#9AA5B0",
    "#7B5EA7", "#F0E442", "#444C54",
)  # fmt: skip
SEEN = 0.005
"""Percentage points below which a part is not seen."""
COLUMN, ROW, MARGIN = 2.7, 0.3, 0.55
"""Inches: of a panel; of a region; of a row of panels besides its regions."""


def growth_accounts(told: Told) -> Figure:
    """Draw contributions to growth as stacked bars: a row a period, a column a scenario."""
    table = told.tables[TABLE]
    periods = list(dict.fromkeys(zip(table["first"], table["last"], strict=True)))
    colours = _colours(table)
    height = (ROW * len(told.regions) + MARGIN) * len(periods)
    figure = new_figure(COLUMN * len(told.featured) + 1.6, height + 1.7)
    grid = figure.subplots(
        len(periods), len(told.featured), squeeze=False, sharex="row", sharey=True
    )
    for axes in grid.flat:
        axes.use_sticky_edges = False
    for row, (first, last) in zip(grid, periods, strict=True):
        own = table[(table["first"] == first) & (table["last"] == last)]
        _row(list(row), told, own, f"{first}\u2013{last}", colours)
    names = [wrapped(told.name(region), 24, 2) for region in told.regions]
    grid[0][0].set_yticks(range(len(names)), names)
    grid[0][0].set_ylim(len(names) - 0.4, -0.6)
    for axes in grid[-1]:
        axes.set_xlabel(told.labels("fig_account_unit"), fontsize=8)
    head(figure, told.labels("fig_accounts"))
    legend(figure, _handles(told, colours), told.labels("fig_accounts_note"))
    return figure


def _row(
    row: list[Axes], told: Told, rows: pd.DataFrame, period: str, colours: dict[str, str]
) -> None:
    """Draw the scenarios of a period, or one panel where all of them are the same."""
    alike = _are_alike(rows, [scenario.name for scenario, _ in told.featured])
    for axes, (scenario, _) in zip(row, told.featured, strict=True):
        if alike and axes is not row[0]:
            axes.set_axis_off()
            continue
        _bars(axes, told, rows[rows["scenario"] == scenario.name], colours)
        title = told.labels("fig_all_scenarios") if alike else told.labels.scenario(scenario)
        axes.set_title(told.labels("fig_of_period", what=title, period=period), fontsize=8.5)
    row[0].tick_params(axis="y", labelcolor="black")


def _are_alike(rows: pd.DataFrame, scenarios: list[str]) -> bool:
    """Return whether no contribution differs between scenarios by what can be seen."""
    means = rows.pivot_table(index=["region", "term"], columns="scenario", values="mean")
    means = means[scenarios]
    return bool((means.max(axis=1) - means.min(axis=1)).max() < SEEN)


def _colours(table: pd.DataFrame) -> dict[str, str]:
    """Return the colour of each term that is seen anywhere, in the order of the table."""
    seen = set(table.loc[table["mean"].abs() >= SEEN, "term"])
    order = [term for term in dict.fromkeys(table["term"]) if term in seen - {TOTAL}]
    return dict(zip(order, cycle(SHADES), strict=False))


def _bars(axes: Axes, told: Told, rows: pd.DataFrame, colours: dict[str, str]) -> None:
    """Stack what adds to growth to the right of zero and what takes from it to the left."""
    places = np.arange(len(told.regions))
    means = rows.pivot_table(index="region", columns="term", values="mean", sort=False)
    means = means.reindex(told.regions)
    ends = {sign: np.zeros(len(places)) for sign in (-1, 1)}
    for term, colour in colours.items():
        mean = means[term].fillna(0).to_numpy()
        part = {sign: np.where(np.sign(mean) == sign, mean, 0.0) for sign in ends}
        for sign, end in ends.items():
            axes.barh(places, part[sign], left=end, color=colour, height=0.66, linewidth=0)
        ends = {sign: end + part[sign] for sign, end in ends.items()}
    total = rows[rows["term"] == TOTAL].set_index("region").reindex(told.regions)
    axes.hlines(places, total["p10"], total["p90"], color="black", linewidth=1.2)
    axes.plot(
        total["mean"], places, "D", color="black", markersize=4.5, markeredgecolor="white",
        markeredgewidth=0.6,
    )  # fmt: skip
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.margins(x=0.03)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)


def _handles(told: Told, colours: dict[str, str]) -> list[Artist]:
    labels = told.labels
    total = Line2D(
        [], [], color="black", marker="D", markersize=4.5, linewidth=1.2,
        label=labels("fig_account_sum"),
    )  # fmt: skip
    parts = [Patch(color=colour, label=labels.term(term)) for term, colour in colours.items()]
    return [*parts, total]
