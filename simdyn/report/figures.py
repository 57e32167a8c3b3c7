"""The pictures of a study. Medians are strong lines, the middle 80 percent of draws light bands."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.lines
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simdyn.arrays import Array
from simdyn.facts.records import Layer
from simdyn.names import BASE_YEAR, CORE, FIRST_YEAR, LAST_YEAR, Quantity
from simdyn.regions import Basis, Operator
from simdyn.report.drawing import (
    COLOURS,
    GREY,
    LEGEND_WIDTH,
    STYLE,
    label_ends,
    new_figure,
    wrapped,
)
from simdyn.report.tables import BAND
from simdyn.study import Results
from simdyn.years import Years

MARKERS = {Layer.DOCUMENTS: "o", Layer.PUBLIC: "s"}
PANELS_ABREAST = 2


POINTS_NOTE = (
    "Points are levels reported in the unit of the panel. Growth rates, sums and shares are fitted "
    "too; fit.csv lists them all. GDP is reported at current prices, here it is at those of 2015."
)


def figures(results: Results) -> Iterator[tuple[str, Figure]]:
    """Yield (file stem, figure) for every picture of a study."""
    with mpl.rc_context(STYLE):
        yield "growth_paths", growth_paths(results)
        yield "regions_compared", regions_compared(results)
        for region in results.study.file.regions:
            yield f"paths_{region}", region_paths(results, region)


def growth_paths(results: Results) -> Figure:
    """Draw every region's real GDP on one index, 2020 = 100, a panel a scenario."""
    scenarios = results.study.featured
    n_row = -(-len(scenarios) // PANELS_ABREAST)
    n_column = -(-len(scenarios) // n_row)
    figure = new_figure(5.6 * n_column + 1, 5 * n_row)
    panels = figure.subplots(n_row, n_column, sharey=True, squeeze=False)
    for axes in panels.flat[len(scenarios) :]:
        axes.set_axis_off()
    labels = []
    for axes, scenario in zip(panels.flat, scenarios, strict=False):
        ends = []
        for region, colour in _coloured(results):
            years = results.draws(region, scenario.name)
            index = 100 * years.values["GDP"] / years.of("GDP", BASE_YEAR)
            median = _band(axes, years, index, colour, dashed=_illustrative(results, region))
            ends.append((median[-1], f"{_name(results, region)} {median[-1]:.0f}", colour))
        labels.append((axes, ends))
        axes.axvline(BASE_YEAR, color=GREY, linewidth=0.6, linestyle=":")
        axes.set_title(scenario.file.title)
        _year_axis(axes)
    # The panels share an axis, which has its limits only when all of them are drawn.
    for axes, ends in labels:
        label_ends(axes, ends)
    for row in panels:
        row[0].set_ylabel("Real GDP, 2020 = 100")
    figure.suptitle(
        "Growth paths of the regions: median and middle 80 % of draws; "
        "dashed and *: illustrative, priors and public statistics",
        x=0.01, ha="left", fontsize=10,
    )  # fmt: skip
    return figure


def regions_compared(results: Results) -> Figure:
    """Draw the core quantities of all regions in a trellis: a row a quantity, a column a region."""
    regions = list(results.study.file.regions)
    figure = new_figure(2.6 * len(regions) + 0.6, 2.1 * len(CORE))
    grid = figure.subplots(len(CORE), len(regions), sharex=True, squeeze=False)
    for row, quantity in zip(grid, CORE, strict=True):
        for axes, region in zip(row, regions, strict=True):
            _scenarios(axes, results, region, quantity)
            _reported(axes, results, region, quantity)
        row[0].set_ylabel(wrapped(f"{quantity.short_title}\n{quantity.unit}", 32), fontsize=7.5)
    for axes, region in zip(grid[0], regions, strict=True):
        axes.set_title(_name(results, region))
    _legend(figure, results)
    return figure


def region_paths(results: Results, region: str) -> Figure:
    """Draw the core quantities of one region under every scenario, with its reported levels."""
    figure = new_figure(11, 6.4)
    grid = figure.subplots(2, 3)
    panels = list(grid.flat)
    for axes, quantity in zip(panels, CORE, strict=False):
        _scenarios(axes, results, region, quantity)
        _reported(axes, results, region, quantity)
        axes.set_title(quantity.short_title)
        axes.set_ylabel(quantity.unit)
    panels[-1].axis("off")
    file = results.study.regions[region].file
    note = wrapped(f"{file.basis.value.capitalize()}. {file.basis_note} {POINTS_NOTE}", 46)
    panels[-1].text(0, 0.95, note, va="top", fontsize=9, transform=panels[-1].transAxes)
    _legend(figure, results)
    figure.suptitle(
        f"{_name(results, region)}: median and middle 80 % of draws",
        x=0.01,
        ha="left",
        fontweight="bold",
    )
    return figure


def _scenarios(axes: Axes, results: Results, region: str, quantity: Quantity) -> None:
    for scenario, colour in zip(results.study.featured, COLOURS, strict=False):
        years = results.draws(region, scenario.name)
        dashed = _illustrative(results, region)
        _band(axes, years, years.values[quantity.variable], colour, dashed=dashed)
    axes.axvline(BASE_YEAR, color=GREY, linewidth=0.6, linestyle=":")
    axes.set_ylim(bottom=0)
    _year_axis(axes)


def _year_axis(axes: Axes) -> None:
    axes.set_xlim(FIRST_YEAR, LAST_YEAR)
    axes.set_xticks(range(FIRST_YEAR, LAST_YEAR + 1, 5))


def _band(axes: Axes, years: Years, values: Array, colour: str, *, dashed: bool) -> Array:
    low, median, high = np.percentile(values[:, years.ok], BAND, axis=1)
    axes.fill_between(years.years, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(years.years, median, color=colour, linewidth=1.8, linestyle="--" if dashed else "-")
    return np.asarray(median)


def _reported(axes: Axes, results: Results, region: str, quantity: Quantity) -> None:
    """Mark the levels that the region was fitted to: dots of documents, squares of statistics."""
    found = results.calibrated.get(region)
    if found is None:
        return
    for o, reported in zip(found.problem.region.observations, found.problem.reported, strict=True):
        plain = o.operator is Operator.LEVEL and not o.measurement_parameters
        if plain and o.variable == quantity.variable:
            layer = results.study.facts[o.fact_ids[0]].layer
            axes.plot([o.end], [reported], MARKERS[layer], color="black", markersize=5, zorder=5)


def _legend(figure: Figure, results: Results) -> None:
    lines = [
        mpl.lines.Line2D([], [], color=colour, linewidth=2, label=scenario.file.title)
        for scenario, colour in zip(results.study.featured, COLOURS, strict=False)
    ]
    points = [
        mpl.lines.Line2D([], [], color="black", marker=marker, linestyle="", label=label)
        for marker, label in (("o", "document"), ("s", "public statistic"))
    ]
    dashed = mpl.lines.Line2D(
        [], [], color=GREY, linestyle="--", label="* illustrative: priors and public statistics"
    )
    figure.legend(
        handles=[*lines, *points, dashed], loc="outside lower left", frameon=False,
        ncols=max(1, int(figure.get_figwidth() / LEGEND_WIDTH)),
    )  # fmt: skip


def _coloured(results: Results) -> Iterator[tuple[str, str]]:
    return zip(results.study.file.regions, COLOURS, strict=False)


def _illustrative(results: Results, region: str) -> bool:
    return results.study.regions[region].file.basis is Basis.ILLUSTRATIVE


def _name(results: Results, region: str) -> str:
    return results.study.regions[region].label
