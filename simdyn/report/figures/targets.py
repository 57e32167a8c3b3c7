"""Targets of the documents: the chance that each is met under each scenario."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from simdyn.report.figures.drawing import GREY, SPACING, head, new_figure
from simdyn.report.figures.parts import Told, legend
from simdyn.report.words.text import wrapped

COLOUR_MAP = "PuOr"
"""Diverging, told apart by the colour-blind: orange below one half, purple above."""
DEPTH = 0.62
"""Share of the colour map's range in use, so that black letters are read on all of it."""
NAMES, COLUMN, ROW = 4.3, 0.92, 0.34
"""Inches: of the names of targets; of a scenario; of a target."""


def targets_grid(told: Told) -> Figure | None:
    """Draw a cell a target and scenario: the probability with its interval, by region."""
    table = told.tables["targets"]
    table = table[table["region"].isin(told.regions)]
    if table.empty:
        return None
    rows = list(dict.fromkeys(zip(table["region"], table["target"], strict=True)))
    regions = list(dict.fromkeys(region for region, _ in rows))
    scenarios = [s for s in told.study.scenarios if s.name in set(table["scenario"])]
    n_line = len(rows) + len(regions)
    figure = new_figure(NAMES + COLUMN * len(scenarios), ROW * n_line + 2.2)
    axes = figure.subplots()
    cells = {(row["region"], row["target"], row["scenario"]): row for _, row in table.iterrows()}
    top = 0
    ticks: list[tuple[float, str]] = []
    for region in regions:
        axes.text(
            -0.45, top + 0.62, told.name(region), va="center", fontsize=9.5, color="black",
            fontweight=mpl.rcParams["axes.titleweight"],
        )  # fmt: skip
        top += 1
        for _, target in (row for row in rows if row[0] == region):
            for n, scenario in enumerate(scenarios):
                _cell(axes, n, top, cells[region, target, scenario.name])
            ticks.append((top + 0.5, _name(told, cells[region, target, scenarios[0].name], target)))
            top += 1
    titles = [wrapped(told.labels.scenario(s), 14) for s in scenarios]
    axes.set_xticks(range(len(scenarios)), titles, color="black", fontsize=7.5, linespacing=SPACING)
    axes.set_yticks(
        [y for y, _ in ticks],
        [text for _, text in ticks],
        color="black",
        fontsize=8,
        linespacing=SPACING,
    )
    axes.set_xlim(-0.5, len(scenarios) - 0.5)
    axes.set_ylim(n_line, 0)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    head(figure, told.labels("fig_targets"))
    _legend(figure, told)
    return figure


def _name(told: Told, row: pd.Series, target: str) -> str:
    """Return the target with its aim in its unit, in at most two lines."""
    unit = told.labels.term(row["unit"])
    aim = told.labels("fig_aim", aim=f"{row['aim']:g}", unit=unit)
    return f"{told.target(row['region'], target)}\n{aim}"


def _cell(axes: Axes, n: int, top: int, row: pd.Series) -> None:
    chance, low, high = (
        100 * row[c] for c in ("probability", "probability_low", "probability_high")
    )
    axes.add_patch(
        Rectangle((n - 0.48, top + 0.03), 0.96, 0.94, facecolor=_shade(chance / 100), linewidth=0)
    )
    told = low > 50 or high < 50
    axes.text(
        n, top + 0.38, f"{chance:.0f}", ha="center", va="center", fontsize=9,
        color="black" if told else GREY,
    )  # fmt: skip
    axes.text(
        n, top + 0.74, f"[{low:.0f}, {high:.0f}]", ha="center", va="center", fontsize=6.5,
        color="black" if told else GREY,
    )  # fmt: skip


def _shade(chance: float) -> str:
    return to_hex(mpl.colormaps[COLOUR_MAP](0.5 + DEPTH * (chance - 0.5)))


def _legend(figure: Figure, told: Told) -> None:
    handles = [
        Patch(facecolor=_shade(chance), label=told.labels(name))
        for chance, name in ((0.0, "fig_missed"), (0.5, "fig_even"), (1.0, "fig_met"))
    ]
    legend(figure, handles, told.labels("fig_targets_note"))
