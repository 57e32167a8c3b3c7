"""Paths over the years: of all regions on one index, side by side, and of each region."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simdyn.names import BASE_YEAR, CORE, EXTENSIVE, Quantity
from simdyn.report.figures.drawing import GREY, SPACING, head, label_ends, new_figure
from simdyn.report.figures.evidence import (
    evidence_handles,
    mark_projection,
    mark_reported,
    mark_targets,
)
from simdyn.report.figures.parts import (
    Told,
    band_handles,
    band_of,
    draw_band,
    legend,
    scenario_handles,
    year_axis,
)
from simdyn.report.words.language import Language
from simdyn.report.words.text import wrapped

PANELS_ABREAST = 2
MORE = ("nominal GDP", "Debt")
"""What a region's own picture shows besides the core quantities."""


def growth_paths(told: Told) -> Figure:
    """Draw every region's real GDP on one index, 2020 = 100, a panel a scenario."""
    scenarios = told.featured
    n_row = -(-len(scenarios) // PANELS_ABREAST)
    n_column = -(-len(scenarios) // n_row)
    figure = new_figure(4.9 * n_column + 1, 3.6 * n_row + 0.9)
    panels = figure.subplots(n_row, n_column, sharey=True, squeeze=False)
    for axes in panels.flat[len(scenarios) :]:
        axes.set_axis_off()
    labels = []
    for axes, (scenario, _) in zip(panels.flat, scenarios, strict=False):
        ends = []
        for region in told.regions:
            years, colour = told.results.draws(region, scenario.name), told.colour(region)
            points = band_of(years, 100 * years.values["GDP"] / years.of("GDP", BASE_YEAR))
            draw_band(axes, years.years, points, colour, told.style(region))
            end = float(points[1, -1])
            ends.append((end, f"{told.name(region)} {end:.0f}", colour))
        labels.append((axes, ends))
        axes.axvline(BASE_YEAR, color=GREY, linewidth=0.8, linestyle=":")
        axes.set_title(told.labels.scenario(scenario))
        year_axis(axes)
    # The panels share an axis, which has its limits only when all of them are drawn.
    for axes, ends in labels:
        label_ends(axes, [(end, wrapped(text, 20, 2), colour) for end, text, colour in ends], 0.06)
    for row in panels:
        row[0].set_ylabel(told.labels("fig_index"))
    head(figure, told.labels("fig_growth_paths"))
    legend(figure, band_handles(told))
    return figure


def regions_compared(told: Told) -> Figure:
    """Draw the core quantities of all regions in a trellis: a row a quantity, a column a region."""
    regions = told.regions
    figure = new_figure(2.4 * len(regions) + 0.6, 1.85 * len(CORE) + 1.1)
    grid = figure.subplots(len(CORE), len(regions), sharex=True, squeeze=False)
    aimed = False
    for n, (row, quantity) in enumerate(zip(grid, CORE, strict=True)):
        for axes, region in zip(row, regions, strict=True):
            aimed |= _panel(axes, told, region, quantity, words=n == 0)
        row[0].set_ylabel(
            wrapped(f"{told.short_title(quantity)}\n{told.unit(quantity)}", 32),
            fontsize=7.5,
            linespacing=SPACING,
        )
    for axes, region in zip(grid[0], regions, strict=True):
        axes.set_title(wrapped(told.name(region), 24), pad=13)
    head(figure, told.labels("fig_compared"))
    _legend(figure, told, aimed=aimed)
    return figure


def region_paths(told: Told, region: str) -> Figure:
    """Draw a region's quantities under every scenario, with its reported levels and targets."""
    quantities = (*CORE, *(q for q in EXTENSIVE if q.variable in MORE))
    figure = new_figure(12, 6.6)
    panels = list(figure.subplots(2, -(-(len(quantities) + 1) // 2)).flat)
    aimed = False
    for axes, quantity in zip(panels, quantities, strict=False):
        aimed |= _panel(axes, told, region, quantity, words=True)
        axes.set_title(wrapped(told.short_title(quantity), 26), pad=13)
        axes.set_ylabel(told.unit(quantity), fontsize=8)
    for axes in panels[len(quantities) :]:
        axes.axis("off")
    file = told.study.regions[region].file
    words = [told.labels(f"fig_basis_{file.basis.value}"), told.labels("fig_points_note")]
    if told.labels.language is Language.EN:
        words.insert(1, file.basis_note)
    panels[-1].text(
        0, 1, wrapped("\n\n".join(words), 36), va="top", fontsize=8.5, linespacing=1.35,
        transform=panels[-1].transAxes,
    )  # fmt: skip
    head(figure, told.labels("fig_region_paths", region=told.name(region)))
    _legend(figure, told, aimed=aimed)
    return figure


def _panel(axes: Axes, told: Told, region: str, quantity: Quantity, *, words: bool) -> bool:
    """Draw a quantity under every scenario; return whether a target is marked."""
    for scenario, colour in told.featured:
        years = told.results.draws(region, scenario.name)
        points = band_of(years, years.values[quantity.variable])
        draw_band(axes, years.years, points, colour, told.style(region))
    mark_projection(axes, told, region, words=words)
    mark_reported(axes, told, region, quantity)
    aimed = mark_targets(axes, told, region, quantity)
    axes.set_ylim(bottom=0)
    year_axis(axes)
    return aimed


def _legend(figure: Figure, told: Told, *, aimed: bool) -> None:
    handles = [*scenario_handles(told), *band_handles(told)]
    legend(figure, [*handles, *evidence_handles(told, targets=aimed)])
