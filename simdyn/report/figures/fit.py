"""How well the model fits: every reported figure beside what the model makes of it."""

from __future__ import annotations

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simdyn.arrays import Array
from simdyn.facts.records import Layer
from simdyn.report.figures.drawing import COLOURS, GREY, head, new_figure
from simdyn.report.figures.evidence import REPORTED, evidence_handles
from simdyn.report.figures.parts import Told, legend
from simdyn.report.words.text import wrapped

WIDTH, ROW, MARGIN = 9.5, 0.215, 0.42
"""Inches: of the figure; of a reported figure; of a region besides."""
SHADED = 2.0
"""Standard deviations within which a figure is expected."""
REACH = 4.0
"""Standard deviations that are drawn; an arrow stands where a band goes on."""


def fit_figure(told: Told) -> Figure | None:
    """Draw each reported figure and the model's band around it, a panel a region.

    Places are distances from the figure in standard deviations of its error.
    """
    table = told.tables["fit"]
    if table.empty:
        return None
    groups = [(str(key), rows) for key, rows in table.groupby("region", sort=False)]
    heights = [ROW * len(rows) + MARGIN for _, rows in groups]
    figure = new_figure(WIDTH, sum(heights) + 1.6)
    panels = figure.subplots(len(groups), 1, squeeze=False, sharex=True, height_ratios=heights)
    for axes, (region, rows) in zip(panels[:, 0], groups, strict=True):
        _panel(axes, told, rows)
        axes.set_title(told.name(region))
    panels[-1, 0].set_xlabel(told.labels("fig_fit_axis"), fontsize=8)
    head(figure, told.labels("fig_fit"))
    handles: list[Artist] = [
        *evidence_handles(told, rule=False),
        Line2D(
            [], [], color=COLOURS[0], linewidth=3, alpha=0.45, label=told.labels("fig_fit_band")
        ),
        Line2D(
            [],
            [],
            color=COLOURS[0],
            marker="|",
            markersize=9,
            markeredgewidth=2,
            linestyle="",
            label=told.labels("fig_fit_median"),
        ),
        Patch(color="#EEEEEE", label=told.labels("fig_fit_shade", n=f"{SHADED:g}")),
    ]
    legend(figure, handles, told.labels("fig_fit_note"))
    return figure


def _panel(axes: Axes, told: Told, rows: pd.DataFrame) -> None:
    axes.axvspan(-SHADED, SHADED, color="#EEEEEE", linewidth=0, zorder=0)
    names = []
    for place, (_, row) in enumerate(rows.iterrows()):
        low, median, high = _distances(row)
        ends = [min(max(end, -REACH), REACH) for end in (low, high)]
        axes.hlines(place, ends[0], ends[1], color=COLOURS[0], linewidth=4, alpha=0.45)
        for end, sign, marker in ((low, -1, "<"), (high, 1, ">")):
            if sign * end > REACH:
                axes.plot(
                    sign * REACH, place, marker, color=COLOURS[0], markersize=5, clip_on=False
                )
        axes.plot(
            min(max(median, -REACH), REACH), place, "|", color=COLOURS[0], markersize=9,
            markeredgewidth=2,
        )  # fmt: skip
        axes.plot(0, place, REPORTED[Layer(row["layer"])], color="black", markersize=4.5, zorder=5)
        names.append(wrapped(told.figure(row["region"], row["figure"]), 46, 1))
        axes.text(
            1.01, place, _values(told, row), transform=axes.get_yaxis_transform(), va="center",
            fontsize=7, color=GREY,
        )  # fmt: skip
    axes.set_yticks(range(len(names)), names, color="black", fontsize=7.5)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(-REACH, REACH)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)


def _distances(row: pd.Series) -> list[float]:
    """Return 5, 50 and 95 percent points of the model, in standard deviations off the figure."""
    apart: Array = row[["p5", "p50", "p95"]].to_numpy(dtype=float) - row["reported"]
    return [float(a / (row["sd_above"] if a > 0 else row["sd"])) for a in apart]


def _values(told: Told, row: pd.Series) -> str:
    reported, low, median, high = (_number(row[c]) for c in ("reported", "p5", "p50", "p95"))
    return told.labels(
        "fig_fit_values", reported=reported, low=low, median=median, high=high,
        unit=told.labels.term(row["unit"]),
    )  # fmt: skip


def _number(value: float) -> str:
    """Return three digits, or all before the point."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return text.replace("-", "\u2212")
