"""Do regions grow alike? Dispersion of incomes, growth against income, inequality in its parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from simdyn.answers.case import case_of
from simdyn.answers.growth.beta import SLOPE
from simdyn.answers.growth.incomes import Incomes, chosen_regions, incomes, place_of
from simdyn.answers.growth.sigma import SIGMA
from simdyn.answers.growth.theil import BETWEEN, TOTAL, WITHIN
from simdyn.arrays import Array
from simdyn.report.figures.drawing import COLOURS, GREY, SPACING, head, label_ends, new_figure
from simdyn.report.figures.evidence import rule_off
from simdyn.report.figures.parts import (
    Told,
    band_handles,
    draw_band,
    legend,
    year_axis,
)
from simdyn.report.reported import last_fitted
from simdyn.report.tables import BAND, POINTS

PARTS = {TOTAL: COLOURS[6], BETWEEN: COLOURS[0], WITHIN: COLOURS[1]}
ABREAST = 2


def sigma_figure(told: Told) -> Figure | None:
    """Draw the dispersion of incomes over the years, a band a scenario."""
    if "sigma" not in told.tables:
        return None
    table = told.tables["sigma"]
    keys = chosen_regions(case_of(told.results), None)
    figure = new_figure(8.2, 4.8)
    axes = figure.subplots()
    ends = []
    for scenario, colour in told.featured:
        rows = table[(table["scenario"] == scenario.name) & (table["measure"] == SIGMA)]
        draw_band(axes, rows["year"].tolist(), rows[list(POINTS)].to_numpy().T, colour)
        ends.append((rows["p50"].iloc[-1], told.labels.scenario(scenario), colour))
    _rule(axes, told, keys)
    axes.set_ylim(bottom=0)
    year_axis(axes)
    axes.set_ylabel(told.labels("fig_sigma_unit"))
    label_ends(axes, ends, 0.055)
    head(figure, told.labels("fig_sigma"))
    _legend(figure, told, keys)
    return figure


def beta_figure(told: Told) -> Figure | None:
    """Draw growth against initial income, a dot a region with bands of both, a panel a period.

    No line stands through so few points; the slope is told in words.
    """
    if "beta" not in told.tables:
        return None
    table = told.tables["beta"]
    slopes = table[(table["scenario"] == told.study.reference.name) & (table["measure"] == SLOPE)]
    case = case_of(told.results)
    keys = chosen_regions(case, None)
    found = incomes(case, keys, told.study.reference.name)
    n_row = -(-len(slopes) // ABREAST)
    figure = new_figure(10, 3.3 * n_row + 1)
    panels = figure.subplots(n_row, ABREAST, squeeze=False, sharey=True)
    for axes, (_, row) in zip(panels.flat, slopes.iterrows(), strict=False):
        _points(axes, told, keys, found, row)
    for axes in panels.flat[len(slopes) :]:
        axes.set_axis_off()
    for row in panels:
        row[0].set_ylabel(told.labels("fig_beta_growth"), fontsize=8, linespacing=SPACING)
    scenario = told.labels.scenario(told.study.reference)
    head(figure, told.labels("fig_beta", scenario=scenario))
    handles = [
        Line2D(
            [],
            [],
            color=told.colour(key),
            marker="o",
            linewidth=1.2,
            linestyle=told.style(key),
            label=told.name(key),
        )
        for key in keys
    ]
    legend(figure, handles, told.labels("fig_beta_note", n=len(keys)))
    return figure


def _points(axes: Axes, told: Told, keys: tuple[str, ...], found: Incomes, row: pd.Series) -> None:
    first, last = int(row["first"]), int(row["last"])
    start, end = (found.per_head[:, place_of(year)][:, found.ok] for year in (first - 1, last))
    growth = 100 * np.log(end / start) / (last - first + 1)
    for key, x, y in zip(keys, _band(start), _band(growth), strict=True):
        colour = told.colour(key)
        style = told.style(key)
        axes.hlines(y[1], x[0], x[2], color=colour, linewidth=1.2, linestyle=style)
        axes.vlines(x[1], y[0], y[2], color=colour, linewidth=1.2, linestyle=style)
        axes.plot(x[1], y[1], "o", color=colour, markersize=6)
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5, 7)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    slope = {point: f"{row[point]:.2g}".replace("-", "\u2212") for point in POINTS}
    axes.set_title(f"{first}\u2013{last}   {told.labels('fig_beta_slope', **slope)}", fontsize=9)
    axes.set_xlabel(told.labels("fig_beta_income", year=first - 1), fontsize=8)


def _band(values: Array) -> Array:
    """Return bands over draws of values (region, draw), (region, 3)."""
    return np.asarray(np.percentile(values, BAND, axis=1)).T


def theil_figure(told: Told) -> Figure | None:
    """Draw Theil's index, between and within groups, over the years, a panel a scenario."""
    if "theil" not in told.tables:
        return None
    table = told.tables["theil"]
    table = table[table["group"].fillna("") == ""]
    keys = chosen_regions(case_of(told.results), None)
    n_row = -(-len(told.featured) // ABREAST)
    figure = new_figure(9.6, 2.9 * n_row + 1.5)
    panels = figure.subplots(n_row, ABREAST, squeeze=False, sharey=True)
    for axes, (scenario, _) in zip(panels.flat, told.featured, strict=False):
        for part, colour in PARTS.items():
            own = table[(table["scenario"] == scenario.name) & (table["component"] == part)]
            draw_band(axes, own["year"].tolist(), own[list(POINTS)].to_numpy().T, colour)
        _rule(axes, told, keys)
        axes.set_title(told.labels.scenario(scenario), pad=13)
        year_axis(axes)
    panels[0][0].set_ylim(bottom=0)
    for axes in panels.flat[len(told.featured) :]:
        axes.set_axis_off()
    for row in panels:
        row[0].set_ylabel(told.labels("fig_theil_unit"), fontsize=8)
    head(figure, told.labels("fig_theil"))
    parts = [
        Line2D([], [], color=colour, linewidth=2, label=told.labels.term(part))
        for part, colour in PARTS.items()
    ]
    groups = told.labels("fig_joint").join(
        told.labels(
            "fig_group",
            group=told.labels.term(name),
            regions=told.labels("fig_and").join(told.name(key) for key in members),
        )
        for name, members in told.study.file.groups.items()
    )
    note = told.labels("fig_theil_note", groups=groups) if groups else ""
    _legend(figure, told, keys, parts, note)
    return figure


def _rule(axes: Axes, told: Told, keys: Sequence[str]) -> None:
    """Rule off what is projected in some of the regions that are compared."""
    ends = [end for key in keys if (end := last_fitted(told.results, key)) is not None]
    if ends:
        rule_off(axes, told, min(ends))


def _legend(
    figure: Figure, told: Told, keys: Sequence[str], more: Sequence[Artist] = (), note: str = ""
) -> None:
    regions = told.labels("fig_and").join(told.name(key) for key in keys)
    over = told.labels("fig_over", n=len(keys), regions=regions)
    handles = [*more, *band_handles(told, dashed=False)]
    legend(figure, handles, f"{over} {note}".strip())
